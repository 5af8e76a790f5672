"""What is logged: one line per thing that happened, for people or for machines, and never a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

_SECRET_KEY = re.compile(r"token|secret|password|authorization|cookie", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"(?i)(\b(?:bearer|token|secret|password|authorization)\b[\"']?(?:\s++(?:[:=]\s*+)?|[:=]\s*+)[\"']?)(?!bearer\b)[a-z0-9._~+/-]{16,}=*"
)
HIDDEN = "•••"


def set_up(level: str, style: Literal["console", "json"], stream: TextIO | None = None) -> None:
    """Send everything that is logged, by us and by libraries, through one formatter to `stream` (stderr)."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name], processors=_last(style, out.isatty())
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # These tell of every request; what matters of it is logged by whoever made it.
    for talkative in ("aiohttp.access", "websockets", "mattermostdriver", "asyncio"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _last(style: Literal["console", "json"], colours: bool) -> list[Processor]:
    tidy: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if style == "json":
        return [
            *tidy,
            structlog.processors.dict_tracebacks,
            mask,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    return [*tidy, structlog.processors.format_exc_info, mask, structlog.dev.ConsoleRenderer(colors=colours)]


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what is named like a secret, at any depth, and what follows such a name in a text."""
    return {key: _masked(key, value) for key, value in event.items()}


def _masked(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and value is not None and not isinstance(value, bool):
        return HIDDEN
    if isinstance(value, str):
        return _IN_TEXT.sub(rf"\1{HIDDEN}", value)
    if isinstance(value, dict):
        return {name: _masked(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", inner) for inner in value]
    return value
