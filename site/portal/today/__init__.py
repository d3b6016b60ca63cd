"""Today: everything that waits for one user of the network, of any kind."""
