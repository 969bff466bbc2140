"""How far a record can be trusted, in three steps, and why in words.

A filing, or a party that speaks for itself, gives three; press that names its author or its sources two; everything
else, a source of low confidence and one without a date, one. A conflict that marks its records takes a step off. The
best source counts, among them those that verified the record and do not dispute it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from aiwatch.ledger.links import conflicts_of
from aiwatch.ledger.records import Ledger, Record, SourceArticle

MOST = 3
_STEPS = {"filing": 3, "company": 3, "named press": 2}
_WORDS = {
    "filing": "a filing",
    "company": "a party that speaks for itself",
    "named press": "press that names its author or sources",
    "unnamed": "sources that are not named",
    "own inference": "an inference of one's own",
    "": "a source whose kind is not said",
}


class Trust(Struct, frozen=True):
    """``step`` from 1 to `MOST`, and the reasons for it, one a line."""

    step: int
    reasons: tuple[str, ...]

    @property
    def dots(self) -> str:
        """``●●○``."""
        return "●" * self.step + "○" * (MOST - self.step)


def trust_in(ledger: Ledger, record: Record) -> Trust:
    """How far ``record`` can be trusted."""
    voices = [*_said(ledger, record)]
    best = max(voices, key=lambda voice: voice[0])
    articles = 1 + len(record.also_sources)
    reasons = [f"{articles} source{'s' if articles > 1 else ''}", best[1]]
    for word, disputes in (("verified", False), ("disputed", True)):
        days = [check.date for check in record.verified if check.disputes is disputes]
        reasons += [f"{word} {days[-1]}"] if days else []
    conflicts = [conflict.id for conflict in conflicts_of(ledger, record) if conflict.marks_records]
    if conflicts:
        reasons.append(f"conflict{'s' if len(conflicts) > 1 else ''}: {', '.join(conflicts)}")
    return Trust(max(1, best[0] - bool(conflicts)), tuple(reasons))


def _said(ledger: Ledger, record: Record) -> Iterator[tuple[int, str]]:
    """The step and the words of every source that says the record."""
    for id in (record.source, *record.also_sources):
        yield _of_source(ledger.sources[id])
    for check in (check for check in record.verified if not check.disputes):
        yield _STEPS.get(check.kind, 1), f"verified by {_WORDS[check.kind]}"


def _of_source(source: SourceArticle) -> tuple[int, str]:
    name = source.short or source.id
    if source.dated is None:
        return 1, f"{name}: no date"
    if source.confidence == "low":
        return 1, f"{name}: of low confidence"
    return _STEPS.get(source.kind, 1), f"{name}: {_WORDS[source.kind]}"
