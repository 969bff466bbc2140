"""A table of correlations as a widget, for a comparison of several stocks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.widgets.chart.drawing.heat import heat_table
from aiwatch.widgets.chart.look import LOOKS
from aiwatch.widgets.looks import Looks


class HeatTable(Widget):
    """Shows what `show` is given: the figures, on grounds that are stronger the nearer they are to 1 or -1."""

    DEFAULT_CSS = "HeatTable { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._looks = Looks(self, LOOKS)
        self._names: tuple[str, ...] = ()
        self._rows: tuple[tuple[float | None, ...], ...] = ()
        self._strips: list[Strip] | None = None

    def show(self, names: Sequence[str], rows: Sequence[Sequence[float | None]]) -> None:
        """Show a correlation for each pair of ``names``, ``None`` where too few sessions are shared."""
        self._names, self._rows = tuple(names), tuple(tuple(row) for row in rows)
        self._redraw()

    def render_line(self, y: int) -> Strip:
        """A row of the table."""
        if self._strips is None:
            canvas = heat_table(self._names, self._rows, self.size.width, self.size.height)
            self._strips = canvas.strips(self._looks)
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
