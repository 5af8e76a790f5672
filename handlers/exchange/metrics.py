"""Metrics as that product writes them, both ways: lengths of time in milliseconds, money without a currency."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.exchange.found import Findings
from handlers.exchange.saying import Saying
from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import slug
from handlers.text import amounts, languages
from handlers.text.amounts import AmountKind

_KINDS: Mapping[str, AmountKind] = {
    "metric_duration": "duration",
    "metric_currency": "currency",
    "metric_integer": "integer",
}
_AS_TYPE: Mapping[AmountKind, str] = {
    "duration": "metric_duration",
    "currency": "metric_currency",
    "integer": "metric_integer",
    "percentage": "metric_integer",
}


def metrics_of(said: Sequence[Saying], findings: Findings) -> tuple[Metric, ...]:
    """Return the metrics of a file; money is a plain number as long as nobody says in which currency it is."""
    made: list[Metric] = []
    currency = findings.currency
    for one in said:
        title = findings.line(one.text("title"), 200, "Metric", "title")
        kind = _KINDS.get(one.text("type"), "integer")
        if one.text("type") not in _KINDS:
            findings.note("metric_type", title, one.text("type"))
        if kind == "currency" and not currency:
            kind = "integer"
            findings.note("metric_currency", title)
        made.append(_metric(one, title, kind, currency, [each.key for each in made], findings))
    return tuple(made)


def written_metrics(metrics: Sequence[Metric]) -> list[dict[str, Any]]:
    """Return metrics as a file has them, those that are measured included: there they are asked for."""
    return [_written(one) for one in metrics]


def amount_in(kind: AmountKind, currency: str, value: int) -> int:
    """Return a value of that product's as it is kept here: seconds, the smallest unit of a currency, or as it is."""
    match kind:
        case "duration":
            return value // 1000
        case "currency":
            return value * _units(currency)
        case _:
            return value


def _metric(
    said: Saying, title: str, kind: AmountKind, currency: str, taken: Sequence[str], findings: Findings
) -> Metric:
    money = currency if kind == "currency" else ""
    key = slug(title)[:50].strip("-") or "metric"
    free = next(one for one in (key, *(f"{key}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)
    return Metric(
        title=title,
        key=free,
        description=findings.text(said.text("description"), 4000, title),
        type=kind,
        currency=money,
        target=_target(said, title, kind, money, findings),
    )


def _target(said: Saying, title: str, kind: AmountKind, currency: str, findings: Findings) -> int | None:
    """Return the target that a metric has; None where it has none that can be one here."""
    if said.values.get("target") is None:
        return None
    value = amount_in(kind, currency, said.number("target"))
    try:
        fits = amounts.read(amounts.written(value, kind, currency), kind, currency) == value
    except amounts.Unfit:
        fits = False
    if not fits:
        findings.note("target_lost", title)
    return value if fits else None


def _written(metric: Metric) -> dict[str, Any]:
    said: dict[str, Any] = {"title": metric.title, "type": _AS_TYPE[metric.type]}
    if metric.description:
        said["description"] = metric.description
    if metric.target is not None:
        said["target"] = _written_amount(metric, metric.target)
    return said


def _written_amount(metric: Metric, value: int) -> int:
    match metric.type:
        case "duration":
            return value * 1000
        case "currency":
            return value // _units(metric.currency)
        case "percentage":
            return value // 100
        case _:
            return value


def _units(currency: str) -> int:
    """Return how many of its smallest unit there are in one of a currency."""
    return int(10 ** languages.minor_digits(currency))
