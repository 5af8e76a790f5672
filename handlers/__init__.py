"""The mind of Muster: what to do when something happens; no waiting, no network, no clock."""
