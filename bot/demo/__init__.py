"""The demo: a small company on the sandbox, and the tour through an incident."""
