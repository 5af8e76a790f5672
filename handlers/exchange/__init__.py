"""Playbooks as files of Mattermost Playbooks, both ways, and the plan of an import."""
