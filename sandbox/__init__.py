"""A small Mattermost in the present process, for the demo and for tests."""

from .clock import Clock
from .faults import Faults
from .server import Sandbox

__all__ = ["Clock", "Faults", "Sandbox"]
