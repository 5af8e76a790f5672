"""Where presses, commands and points in time come in, and who is let in."""
