"""The alerts of a stock, and what became of them in this session, as the screen says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from textual.content import Content

from aiwatch.board.cells import ALERTED
from aiwatch.watchlist.alerts.monitor import State
from aiwatch.watchlist.alerts.rules import LIMITS, Alert, Rule, Trigger, plain
from aiwatch.widgets.linked_rows import flow

StateOf = Callable[[Rule], tuple[State, Alert | None]]
"""Says how a rule stands in the present session, and the alert it gave."""

_BOTH_WAYS = (Trigger.ROSE, Trigger.FELL)


def rule_rows(rules: Sequence[Rule], state_of: StateOf, width: int) -> list[Content]:
    """The rules of a stock in rows of ``width`` cells; none without a rule."""
    parts = [_part(words, group, state_of) for words, group in _groups(rules)]
    if not parts:
        return []
    head = Content.styled("Alerts  ", "$quiet")
    return [head + row if at == 0 else Content(" " * 8) + row for at, row in enumerate(flow(parts, width - 8))]


def moment(alert: Alert) -> str:
    """When the price was that let ``alert`` fire, by the clock of its exchange."""
    return f"{alert.as_of.astimezone(ZoneInfo(alert.symbol.zone)):%H:%M:%S}"


def _groups(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    """The rules as they are asked for: a change either way, and all that may happen to a limit, are one each."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        words = str(rule)
        if rule.trigger in _BOTH_WAYS and rule.level is not None:
            words = f"change {plain(rule.level)} %"
        elif rule.trigger in LIMITS:
            words = "daily limit"
        groups.setdefault(words, []).append(rule)
    return list(groups.items())


def _part(words: str, rules: list[Rule], state_of: StateOf) -> Content:
    parts = []
    for rule in rules:
        state, alert = state_of(rule)
        name = f"{rule.trigger} " if len(rules) > 1 else ""
        if state is State.FIRED and alert is not None:
            parts.append(f"{name}fired {moment(alert)} at {alert.value_words}")
        elif state is State.RETURNING:
            parts.append(f"{name}re-armed, waits until it has gone back")
        elif state is State.AGAIN:
            parts.append(f"{name}armed again")
    if not parts:
        return Content(words)
    return Content.assemble((ALERTED, "$warning"), words, (f": {', '.join(parts)}", "$warning"))
