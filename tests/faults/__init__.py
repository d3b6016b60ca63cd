"""What fails in operation: processes killed, the database away, the disk full, mail away."""
