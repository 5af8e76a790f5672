"""Who takes part, owns and hands over: what people ask for."""
