"""Stories that make a server fail need the sandbox; against a real one they are not collected."""

import os

collect_ignore = ["faults"] if os.environ.get("MUSTER_TEST_SERVER") else []
