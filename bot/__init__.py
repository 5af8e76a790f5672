"""The shell of Muster: everything that waits, fails, or knows the time or the network."""
