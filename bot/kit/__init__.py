"""The test kit: a team's own playbooks played on a small server in the present process, with a clock that is set."""
