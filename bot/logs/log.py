"""What is logged: one line per thing that happened, for people or for machines, and never a secret."""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import Processor

from bot.logs import tracebacks
from bot.logs.repeating import Repeating
from bot.logs.veil import HIDDEN, Standard, veil

log = structlog.get_logger()

_SECRET_KEY = re.compile(r"token|secret|password|authorization|cookie", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"(?i)(\b(?:bearer|token|secret|password|authorization)\b[\"']?(?:\s++(?:[:=]\s*+)?|[:=]\s*+)[\"']?)(?!bearer\b)"
    r"[a-z0-9._~+/-]{16,}=*"
)
_OWN = frozenset({"level", "timestamp"})
"""What the log itself puts in."""


def set_up(level: str, style: Literal["console", "json"], stream: TextIO | None = None) -> None:
    """Send everything that is logged, by us and by libraries, through one formatter to `stream` (stderr).

    Warnings, and errors that end the process or a thread, are logged likewise.
    """
    out = stream or cast(TextIO, Standard("stderr"))
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
    handler.addFilter(Repeating())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # These tell of every request, and of every look at the schema; what matters of it is logged by whoever made it.
    for talkative in ("aiohttp.access", "websockets", "mattermostdriver", "asyncio", "alembic"):
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
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = lambda thread: _crashed(thread.exc_type, thread.exc_value, thread.exc_traceback)
    sys.unraisablehook = lambda lost: _crashed(lost.exc_type, lost.exc_value, lost.exc_traceback)


def _crashed(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    log.critical("ended by an error in Muster", action="crashed", exc_info=(kind, error, trace))


def _last(style: Literal["console", "json"], colours: bool) -> list[Processor]:
    tidy: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if style == "json":
        return [
            *tidy,
            structlog.processors.ExceptionRenderer(tracebacks.rows),
            mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        *tidy,
        structlog.processors.ExceptionRenderer(tracebacks.text),
        mask,
        structlog.dev.ConsoleRenderer(colors=colours),
    ]


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what is named like a secret, at any depth, what follows such a name in a text, and each known secret."""
    return {key: value if key in _OWN else _masked(key, value) for key, value in event.items()}


def _masked(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_KEY.search(key):
        return HIDDEN
    if isinstance(value, dict):
        return {veil(str(name)): _masked(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", inner) for inner in value]
    if isinstance(value, int | float):
        return value if veil(str(value)) == str(value) else HIDDEN
    return veil(_IN_TEXT.sub(rf"\1{HIDDEN}", value if isinstance(value, str) else str(value)))
