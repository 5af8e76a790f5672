"""A run as a whole: what people ask for from its brief to its end."""
