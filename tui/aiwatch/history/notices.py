"""What is said beside bars: how old they are, what lacks, who rests."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from aiwatch.market.bars import Series
from aiwatch.market.data_sources import title_of

KEPT_WORDS = "Kept, as of"
"""How the notice begins that says how old the bars are."""


def kept_words(series: Series) -> str:
    """How old what is kept is."""
    last = series.day_of(series.bars[-1])
    return f"{KEPT_WORDS} {last.day} {last:%b %Y} ({title_of(series.source)})"


def rest_words(title: str, until: datetime, why: str) -> str:
    """Until when a source is left alone, and why."""
    return f"{title} rests until {until.astimezone():%H:%M} ({why})"


def refused_words(series: Series) -> tuple[str, ...]:
    """How many rows were refused, and why the first was."""
    if not series.refused:
        return ()
    first = series.refused[0]
    rows = "1 row was" if len(series.refused) == 1 else f"{len(series.refused)} rows were"
    return (f"{rows} refused: {first.when}: {first.reason}",)


def gap_words(series: Series | None) -> tuple[str, ...]:
    """Which sessions are missing among the bars that are shown."""
    if series is None or not series.missing or not series.bars:
        return ()
    first = series.day_of(series.bars[0])
    part = replace(series, missing=tuple(day for day in series.missing if day >= first))
    return (lack_words(part),) if part.missing else ()


def lack_words(series: Series) -> str:
    """How many sessions are missing, and the newest of them."""
    days = series.missing
    named = ", ".join(f"{day.day} {day:%b}" for day in days[-3:])
    sessions = "1 session is" if len(days) == 1 else f"{len(days)} sessions are"
    return f"{sessions} missing: {'… ' if len(days) > 3 else ''}{named}"
