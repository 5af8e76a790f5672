"""What playbooks do by themselves: telling how it stands and why, repeating it, and what becomes of it."""
