"""What a run is measured by, in chat: its milestones, its metrics, and the run as files."""
