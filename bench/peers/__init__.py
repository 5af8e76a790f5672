"""Other bots, each run with its own environment, hearing what Muster hears; nothing here imports Muster."""
