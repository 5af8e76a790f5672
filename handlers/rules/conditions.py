"""Whether a condition is met: by it tasks appear and hide, and actions happen or not."""

from collections.abc import Mapping

from handlers.playbooks.conditions import When

Values = Mapping[str, tuple[str, ...]]
"""The values of a run's attributes by their names: none for one without a value, several of a multiselect."""


def is_met(when: When | None, values: Values) -> bool:
    """Return whether a condition is met by these values; what has no condition always is.

    A text is compared without regard to capitals, and a multiselect is whatever it has any of, as in Mattermost's
    playbooks. An attribute without a value is "" alone, one that the run does not have is nothing at all.
    """
    if when is None:
        return True
    if when.all:
        return all(is_met(one, values) for one in when.all)
    if when.any:
        return any(is_met(one, values) for one in when.any)
    if when.among is not None:
        return _is_one_of(when.attribute, when.among, values)
    return not _is_one_of(when.attribute, when.not_among or (), values)


def _is_one_of(name: str | None, compared: tuple[str, ...], values: Values) -> bool:
    if name is None or name not in values:
        return False
    has = values[name] or ("",)
    return not {one.casefold() for one in compared}.isdisjoint(one.casefold() for one in has)
