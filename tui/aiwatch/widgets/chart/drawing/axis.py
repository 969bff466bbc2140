"""The axes: prices at the right of the plot, with the tag of the last one, and days or times under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from rich.cells import cell_len

from aiwatch.formatting.text import flush, price, short, signed
from aiwatch.widgets.chart.drawing.canvas import Canvas
from aiwatch.widgets.chart.drawing.scale import Placement, Scale

POINTER = "◂"
"""Before a tag: what it stands for where there are no colours."""
_LONGEST = 9
"""Cells of a price in full; longer ones take a unit."""
_LEAST = 6
"""Cells of an axis at least, for its volume."""
_APART = 4
"""Rows between two ticks at least."""
_LUNCH_MINUTES = 45
"""A longer pause within a day than this is one between two sessions."""
_ONE_YEAR, _WEEKS_UP_TO, _MONTHS_UP_TO = 366, 75, 1150
"""Days on the axis up to which it names weeks, and months."""


class Tag(NamedTuple):
    """A value that stands out on the axis of prices, its part, and what points to it."""

    value: float
    part: str
    pointer: str = POINTER


class PriceAxis(Struct, frozen=True):
    """How values are written: prices of ``decimals``, or, where they are ``percent``, changes in percent."""

    decimals: int = 2
    percent: bool = False

    def text(self, value: float) -> str:
        """A value as it stands on the axis."""
        if self.percent:
            return f"{signed(value, self.decimals)} %"
        text = price(value, self.decimals)
        return text if len(text) <= _LONGEST else short(value)

    def width(self, scale: Scale, tags: Sequence[Tag] = ()) -> int:
        """The cells that the axis takes, its pointer among them."""
        values = [*scale.ticks(most_ticks(scale.rows)), *(tag.value for tag in tags)]
        pointer = 3 if self.percent else 2
        return pointer + max([_LEAST, *(len(self.text(value)) for value in values)])

    def draw(self, canvas: Canvas, x: int, top: int, scale: Scale, tags: Sequence[Tag]) -> None:
        """Draw the ticks beside the plot, which ends before column ``x``, and ``tags`` over them, the last on top."""
        room = canvas.width - x - 2
        for value in scale.ticks(most_ticks(scale.rows)):
            canvas.text(x + 2, top + scale.at(value), flush(self.text(value), room), "muted")
        for tag in tags:
            row = top + scale.at(tag.value)
            canvas.text(x, row, " ")
            canvas.text(x + 1, row, tag.pointer + flush(self.text(tag.value), room), tag.part)


def most_ticks(rows: int) -> int:
    """How many ticks an axis of ``rows`` rows may have."""
    return max(2, rows // _APART)


class TimeMark(NamedTuple):
    """A label of the time axis, and the place of the bar it is of."""

    at: int
    text: str


class _Unit(NamedTuple):
    """A unit of time: its running number, its label, and how many of them may go from one label to the next."""

    number: Callable[[datetime], int]
    label: Callable[[datetime], str]
    strides: tuple[int, ...]


def day_text(moment: datetime) -> str:
    """A day and its month: ``24 Nov``."""
    return f"{moment.day} {moment:%b}"


_HOURS = _Unit(lambda when: when.toordinal() * 24 + when.hour, lambda when: f"{when:%H:%M}", (1, 2, 3))
_DAYS = _Unit(lambda when: when.toordinal(), lambda when: f"{when:%a} {when.day}", (1, 2, 3))
_WEEKS = _Unit(lambda when: (when.toordinal() - 1) // 7, day_text, (1, 2, 4))
_MONTHS = _Unit(
    lambda when: when.year * 12 + when.month - 1,
    lambda when: f"{when:%Y}" if when.month == 1 else f"{when:%b}",
    (1, 2, 3, 6, 12),
)
_YEARS = _Unit(lambda when: when.year, lambda when: f"{when:%Y}", (1, 2, 5, 10))


def time_marks(moments: Sequence[datetime], where: Placement, *, intraday: bool) -> list[TimeMark]:
    """The labels under the plot for bars of local ``moments``, oldest first: hours, days, weeks, months or years, as
    the span asks for, and as many as fit. Each stands where its unit begins."""
    if not moments:
        return []
    unit = _unit(moments, intraday=intraday)
    starts = [
        index
        for index, moment in enumerate(moments)
        if not index or unit.number(moment) != unit.number(moments[index - 1])
    ]
    for stride in unit.strides:
        marks = [
            TimeMark(index, unit.label(moments[index]))
            for index in starts
            if (not index and stride == 1) or unit.number(moments[index]) % stride == 0
        ]
        if len(marks) > 1 and _collide(marks[:2], where):
            marks = marks[1:]
        if not _collide(marks, where):
            break
    return _fitting(marks, where)


def end_marks(moments: Sequence[datetime], *, intraday: bool) -> tuple[str, str]:
    """The first and the last moment in words, for a chart too small for an axis."""
    if not moments:
        return "", ""
    first, last = moments[0], moments[-1]
    if intraday:
        form = "%H:%M" if first.date() == last.date() else "%a %H:%M"
        return f"{first:{form}}", f"{last:{form}}"
    years = (last - first).days > _ONE_YEAR
    return (f"{first:%b %Y}", f"{last:%b %Y}") if years else (day_text(first), day_text(last))


def breaks(moments: Sequence[datetime], *, intraday: bool) -> list[int]:
    """The bars before which time was cut out of an intraday axis: the lunch break, and the night."""
    if not intraday:
        return []
    return [
        index
        for index in range(1, len(moments))
        if (moments[index] - moments[index - 1]).total_seconds() > _LUNCH_MINUTES * 60
    ]


def draw_times(canvas: Canvas, row: int, where: Placement, marks: Sequence[TimeMark]) -> None:
    """Write ``marks`` into ``row``."""
    for mark in marks:
        canvas.text(where.column(mark.at), row, mark.text, "muted")


def draw_marks(canvas: Canvas, row: int, where: Placement, marks: Mapping[int, str], parts: Mapping[str, str]) -> None:
    """Write the signs of dated events, by the index of their bar, into ``row``; ``parts`` by sign."""
    for index, sign in marks.items():
        canvas.put(where.column(index), row, sign, parts.get(sign, ""))


def _unit(moments: Sequence[datetime], *, intraday: bool) -> _Unit:
    days = (moments[-1] - moments[0]).days
    if intraday:
        return _HOURS if moments[0].date() == moments[-1].date() else _DAYS
    return _WEEKS if days <= _WEEKS_UP_TO else _MONTHS if days <= _MONTHS_UP_TO else _YEARS


def _collide(marks: Sequence[TimeMark], where: Placement) -> bool:
    return any(
        where.column(second.at) - where.column(first.at) < cell_len(first.text) + 2 for first, second in pairwise(marks)
    )


def _fitting(marks: Sequence[TimeMark], where: Placement) -> list[TimeMark]:
    """Those of ``marks`` that keep clear of the one before and of the right edge."""
    held: list[TimeMark] = []
    free = 0
    for mark in marks:
        start = where.column(mark.at)
        if start >= free and start + cell_len(mark.text) <= where.width:
            held.append(mark)
            free = start + cell_len(mark.text) + 2
    return held
