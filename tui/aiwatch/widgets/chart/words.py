"""What a chart says in words: where its bars come from, how old they are, what is missing, why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from aiwatch.market.bars import Basis
from aiwatch.widgets.chart.columns import local
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.axis import day_text
from aiwatch.widgets.chart.drawing.captions import RANGES, Captions, Key
from aiwatch.widgets.chart.drawing.draw import takes_candles
from aiwatch.widgets.chart.selection import begins_late, covers
from aiwatch.widgets.chart.state import ChartState

_MOST_DAYS = 4
"""Missing sessions that are named; of more, the number and the last."""


def source_forms(data: ChartData | None, basis: str) -> tuple[str, ...]:
    """Source, what its prices are, its delay and age, the fullest form first."""
    if data is None:
        return ("",)
    source = data.source or data.series.source
    when = local(data.series.as_of, data.series.zone)
    delay = [f"{data.delay_minutes} min delayed"] if data.delay_minutes else []
    moment = f"{day_text(when)} {when:%H:%M}"
    return (
        " · ".join([source, basis, *delay, *([] if data.is_kept else [f"as of {moment}"])]),
        " · ".join([source, basis, *delay, *([] if data.is_kept else [moment])]),
        " · ".join([source, basis, *delay]),
        " · ".join([source, basis]),
        source,
    )


def notes_of(data: ChartData, view: View, missing: Sequence[date], sentences: Sequence[str]) -> tuple[str, ...]:
    """What is to be known of the bars: kept ones and their date, ``missing`` sessions, rejected rows, a part of the
    range that is not there; the screen's own notes, and ``sentences``."""
    series = data.series
    notes: list[str] = []
    if data.is_kept:
        when = local(series.as_of, series.zone)
        notes.append(f"kept, as of {day_text(when)} {when:%H:%M}")
    notes += [sentence for sentence in (*sentences, *data.notes) if sentence]
    if missing:
        notes.append(_missing_words(missing))
    if series.refused:
        first = series.refused[0]
        many = f"{len(series.refused)} bars rejected, the first" if len(series.refused) > 1 else "1 bar rejected"
        notes.append(f"{many}: {first.when}: {first.reason}")
    if series.bars and (not covers(series, view, data) or begins_late(series, view, data)):
        begins = series.day_of(series.bars[0])
        notes.append(f"bars only from {begins.day} {begins:%b %Y}")
    return tuple(notes)


def _missing_words(days: Sequence[date]) -> str:
    many = f"{len(days)} sessions missing" if len(days) > 1 else "1 session missing"
    if len(days) > _MOST_DAYS:
        return f"{many}, the last on {day_text(local(days[-1], ''))}"
    months = groupby(sorted(days), key=lambda day: (day.year, day.month))
    named = [f"{', '.join(str(day.day) for day in held)} {held[0]:%b}" for held in (list(each) for _, each in months)]
    return f"{many}: {', '.join(named)}"


def captions_of(state: ChartState, keys: tuple[Key, ...]) -> Captions:
    """The words around what ``state`` shows."""
    data, view, built = state.data, state.view, state.built
    has_bars = bool(built.picture.columns)
    drawn_as = "candles" if view.has_candles and takes_candles(state.height) else "line"
    if data is not None and data.is_rebased:
        drawn_as = data.basket or "compared"
    elif built.picture.joined:
        drawn_as = f"{drawn_as} of {built.picture.joined}"
    basis = ""
    if data is not None:
        basis = Basis.ADJUSTED if state.can_adjust and view.adjusted else data.series.basis
    return Captions(
        range=view.range,
        drawn_as=drawn_as if has_bars else "",
        source=source_forms(data, basis),
        notes=notes_of(data, view, built.missing, state.said) if data is not None and has_bars else (),
        state=() if has_bars else why_empty(state),
        is_error=state.is_error,
        keys=keys,
    )


def why_empty(state: ChartState) -> tuple[str, ...]:
    """Why there is nothing to draw: a heading and sentences."""
    data, span = state.data, RANGES[state.view.range]
    if state.said:
        return state.said
    if data is None:
        return (f"Loading {span}…",)
    if not data.series.bars:
        return ("No history to show", f"{data.source or data.series.source} sent no bars")
    if data.is_rebased:
        return ("Nothing to compare", "They have no session in common in this range")
    return ("No history to show", f"No session in {span}: choose a longer range")
