"""The way in from the websocket: what people write and who comes and goes."""
