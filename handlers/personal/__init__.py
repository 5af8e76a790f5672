"""What concerns one person over all runs: their tasks, their digest, their settings."""
