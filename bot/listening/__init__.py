"""What comes from the websocket, and what was missed meanwhile: what people write, who comes and goes."""
