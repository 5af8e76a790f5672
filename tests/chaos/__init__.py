"""Chaos from a seed: people act on a real `muster run` while everything fails, and what they saw is judged."""
