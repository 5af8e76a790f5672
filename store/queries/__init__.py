"""Questions to the tables in the handlers' words."""
