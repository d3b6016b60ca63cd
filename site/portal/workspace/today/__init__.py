"""Today: everything that waits for one person of the network, whatever it is about."""
