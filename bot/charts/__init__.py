"""Pictures of figures, drawn in a process of its own, so that nobody waits for them who does not look at them."""
