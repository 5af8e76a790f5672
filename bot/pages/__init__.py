"""The pages: a way in by a browser, which shows what the store knows and lets people act as in chat."""
