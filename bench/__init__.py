"""Measures how fast Muster is, always against a named yardstick in the same run."""
