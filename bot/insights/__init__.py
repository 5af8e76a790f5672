"""Working out what runs tell: beside the desk, drawn elsewhere, of the runs that all may see who will read it."""
