"""Lines from a common start, each as its change in percent since then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.formatting.text import is_red_up
from aiwatch.market.bars import Range
from aiwatch.widgets.chart.drawing.captions import Captions
from aiwatch.widgets.chart.drawing.draw import draw
from aiwatch.widgets.chart.drawing.picture import Line, Picture
from aiwatch.widgets.chart.look import LOOKS
from aiwatch.widgets.looks import Looks

RANGES = (Range.MONTH, Range.HALF_YEAR, Range.YEAR_TO_DATE, Range.YEAR, Range.FIVE_YEARS, Range.MAX)
"""The ranges that are compared, the shortest first: of days alone."""


class ComparedLine(Struct, frozen=True):
    """A line by its name: 100 at the start, ``None`` on a day without a session."""

    name: str
    values: tuple[float | None, ...]


class ComparisonLines(Widget):
    """Shows what `show` is given, or in their place why there are none."""

    DEFAULT_CSS = "ComparisonLines { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._looks = Looks(self, LOOKS)
        self._picture = Picture()
        self._captions = Captions(range=Range.YEAR)
        self._strips: list[Strip] | None = None
        self.convention = "auto"

    def show(self, days: Sequence[date], lines: Sequence[ComparedLine], span: Range, notes: Sequence[str]) -> None:
        """Draw ``lines``, a value on each of ``days``, those that matter most first; ``notes`` stand under them."""
        moments = tuple(datetime.combine(day, time()) for day in days)
        self._picture = Picture(
            moments=moments,
            columns=(None,) * len(moments),
            lines=tuple(Line(line.name, tuple(map(_change, line.values))) for line in lines),
        )
        self._captions = Captions(range=span, notes=tuple(notes), ranges=RANGES)
        self._redraw()

    def say(self, *sentences: str, span: Range, is_error: bool = False) -> None:
        """Say ``sentences``, the first as a heading, in place of lines."""
        self._picture = Picture()
        self._captions = Captions(range=span, state=sentences, is_error=is_error, ranges=RANGES)
        self._redraw()

    def render_line(self, y: int) -> Strip:
        """A row of the picture."""
        if self._strips is None:
            has_colours = not self.app.no_color and self.app.console.color_system is not None
            is_plain = not has_colours or self.convention == "monochrome"
            self._looks.red_up = is_red_up(None, self.convention)
            picture = replace(self._picture, hollow=is_plain, grid=not is_plain)
            self._strips = draw(picture, self._captions, *self.size).canvas.strips(self._looks)
        if y < len(self._strips):
            return self._strips[y]
        return Strip([Segment(" " * self.size.width, self._looks("", ""))], self.size.width)

    def on_resize(self) -> None:
        """Fit the new size."""
        self._redraw()

    def notify_style_update(self) -> None:
        """Forget the styles and what was drawn in them."""
        self._looks.forget()
        self._strips = None
        super().notify_style_update()

    def _redraw(self) -> None:
        self._strips = None
        self.refresh()


def _change(value: float | None) -> float | None:
    return None if value is None else value - 100
