"""The chart: a widget on the Line API that shows the bars of a stock, and asks its screen for others.

Its strips are built when something has changed, and kept. It knows neither source nor store: it is given bars, and
says by messages what a person wants.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.formatting.text import is_red_up
from aiwatch.market.bars import Interval, Range
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.captions import RANGES, Key
from aiwatch.widgets.chart.drawing.draw import Drawing, draw, takes_candles
from aiwatch.widgets.chart.look import LOOKS
from aiwatch.widgets.chart.state import ChartState
from aiwatch.widgets.chart.words import captions_of
from aiwatch.widgets.looks import Looks
from aiwatch.widgets.row_keys import cursor_keys

_MOVES = cursor_keys(
    {
        "left": "crosshair(-1)",
        "right": "crosshair(1)",
        "first": "edge(-1)",
        "last": "edge(1)",
        "up": "walk(-1)",
        "down": "walk(1)",
    }
)
"""What the keys that move in every panel do in a chart: the crosshair, and the stock above or below on its list."""
_SPANS = tuple(RANGES)
_WHEEL = 0.8
"""How many of the bars stay when the wheel is turned by a notch."""
_WORD = re.compile(r"\S+")


class Chart(Widget, can_focus=True):
    """Shows what `show` is given, in the range a person chose; a screen answers `RangeChanged` with other bars.

    The theme gives the variables ``up``, ``down``, ``flat``, ``limit``, ``demo`` and ``heading``.
    """

    DEFAULT_CSS = "Chart { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*_MOVES]

    colours = reactive("auto", init=False)
    """Which colour a rise has, as the board's: ``auto``, ``red-up``, ``green-up``, ``colour-blind``, ``monochrome``."""

    class RangeChanged(Message):
        """Another range was chosen. ``interval`` is what it is drawn of; ``is_covered``: what the chart has reaches as
        far back as was ever asked for, so that nothing need be."""

        def __init__(self, chart: Chart, span: Range, *, is_covered: bool) -> None:
            super().__init__()
            self.chart, self.range, self.is_covered = chart, span, is_covered
            self.interval: Interval = span.interval

        @property
        def control(self) -> Chart:
            """The chart."""
            return self.chart

    class LookChanged(Message):
        """Candles or a line, adjusted or not: what a screen may remember."""

        def __init__(self, chart: Chart, *, candles: bool, adjusted: bool) -> None:
            super().__init__()
            self.chart, self.candles, self.adjusted = chart, candles, adjusted

        @property
        def control(self) -> Chart:
            """The chart."""
            return self.chart

    class CompareRequested(Message):
        """A person wants to compare; the screen asks with what, and calls `show` with it."""

        def __init__(self, chart: Chart) -> None:
            super().__init__()
            self.chart = chart

        @property
        def control(self) -> Chart:
            """The chart."""
            return self.chart

    class Walked(Message):
        """Another stock is wanted: the one ``by`` rows further down."""

        def __init__(self, chart: Chart, by: int) -> None:
            super().__init__()
            self.chart, self.by = chart, by

        @property
        def control(self) -> Chart:
            """The chart."""
            return self.chart

    def __init__(
        self, *, span: Range = Range.HALF_YEAR, candles: bool = True, adjusted: bool = True, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._state = ChartState(View(span, candles=candles, adjusted=adjusted))
        self._is_hovering = False
        self._looks = Looks(self, LOOKS)
        self._drawing: Drawing | None = None
        self._strips: list[Strip] = []
        self.drawn = 0
        """How many times it was drawn anew since the start; strips that were kept do not count."""
        self.further_keys: tuple[Key, ...] = ()
        """Keys of the screen that are named in the last row after the chart's own."""

    # What the screen calls

    def show(self, data: ChartData) -> None:
        """Show ``data``; range, zoom and crosshair stay as they are where it is of the same stock, and so does the
        drawing where it is the same data."""
        if data == self._state.data and not self._state.said:
            return
        self._state.put(data)
        self._redraw()

    def clear(self) -> None:
        """Forget the stock that was shown, with zoom and crosshair; the range stays."""
        self._state.clear()
        self._redraw()

    def show_loading(self, what: str, note: str = "") -> None:
        """Say that ``what`` is on its way, and how that stands; bars that are there stay."""
        self._say(f"Loading {what}…", note)

    def show_nothing(self, reason: str, next_step: str = "") -> None:
        """Say in words why there are no bars, and what can be done."""
        self._say("No history to show", reason, next_step)

    def show_error(self, host: str, reason: str, next_step: str) -> None:
        """Say that ``host`` could not be asked, why, and when or how it is tried again; bars that are there stay."""
        self._say(f"{host}: {reason}", next_step, is_error=True)

    def show_range(self, span: Range) -> None:
        """Show another range, and tell the screen."""
        if span is not self._state.view.range:
            self._state.choose(span)
            self._redraw()
            self.post_message(self.RangeChanged(self, span, is_covered=self._state.is_covered))

    @property
    def range(self) -> Range:
        """The range that is shown."""
        return self._state.view.range

    @property
    def view(self) -> View:
        """How it is shown now."""
        return self._state.view

    @property
    def cursor_at(self) -> datetime | None:
        """The local time of the bar under the crosshair; ``None`` where it is off."""
        return self._state.cursor_at

    # Actions

    def action_chart_view(self, name: str) -> None:
        """See the chart in another way: what the key called ``chart.`` and ``name`` does."""
        match name:
            case "shorter":
                self.show_range(_SPANS[max(0, _SPANS.index(self.range) - 1)])
            case "longer":
                self.show_range(_SPANS[min(len(_SPANS) - 1, _SPANS.index(self.range) + 1)])
            case "style":
                self._look(self.view.with_candles(not self.view.has_candles))
            case "basis" if self._state.data is None or self._state.can_adjust:  # minutes are always as they were paid
                self._look(replace(self.view, adjusted=not self.view.adjusted))
            case "compare":
                self.post_message(self.CompareRequested(self))
            case "zoom-in":
                self._zoom(0.5)
            case "zoom-out":
                self._zoom(2.0)

    def action_crosshair(self, bars: int) -> None:
        """Move the crosshair by ``bars``; the first press puts it on the newest. At the edge, the zoomed part moves."""
        self._is_hovering = False
        self._redraw_if(self._fitted.step(bars))

    def action_edge(self, side: int) -> None:
        """Put the crosshair on the first bar, or on the newest."""
        self._is_hovering = False
        self._redraw_if(self._fitted.to_edge(side))

    def action_walk(self, by: int) -> None:
        """Ask for the stock that many rows further down."""
        self.post_message(self.Walked(self, by))

    def leave_crosshair(self) -> bool:
        """Take the crosshair away; returns whether there was one."""
        was_there = self._state.cursor_at is not None
        if was_there:
            self._state.cursor_at = None
            self._redraw()
        return was_there

    def _zoom(self, factor: float) -> None:
        """Show ``factor`` times as many bars, around the crosshair, or up to the newest."""
        self._redraw_if(self._fitted.zoom(factor))

    # Mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Put the crosshair on the bar under the pointer."""
        place = self._place_under(event)
        if place is not None:
            self._is_hovering = True
            self._redraw_if(self._fitted.put_cursor(place))

    def on_leave(self) -> None:
        """Take the crosshair away with the pointer that brought it."""
        if self._is_hovering:
            self._is_hovering = False
            self.leave_crosshair()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in on the bar under the pointer."""
        self._scroll(event, _WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        self._scroll(event, 1 / _WHEEL)

    def on_click(self, event: events.Click) -> None:
        """Show the range whose name is clicked on; elsewhere the crosshair stays where it is."""
        place, drawing = event.get_content_offset(self), self._drawing
        if place is None or drawing is None:
            return
        self._is_hovering = False
        if place.y == 0:
            for word in _WORD.finditer("".join(drawing.canvas.glyphs[0])):
                span = next((span for span, name in RANGES.items() if word[0].lstrip("▸") == name), None)
                if span is not None and word.start() <= place.x < word.end():
                    self.show_range(span)

    def _scroll(self, event: events.MouseEvent, factor: float) -> None:
        event.stop()
        event.prevent_default()
        place = self._place_under(event)
        if place is not None:
            self._is_hovering = True
            self._redraw_if(self._fitted.put_cursor(place))
        self._zoom(factor)

    def _place_under(self, event: events.MouseEvent) -> int | None:
        offset, drawing = event.get_content_offset(self), self._drawing
        if offset is None or drawing is None or drawing.where is None or offset.x >= drawing.where.width:
            return None
        nearest = drawing.where.index(offset.x)
        return min(self._fitted.places, key=lambda at: abs(at - nearest), default=None)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A row of the chart."""
        if self._drawing is None:
            self._drawing = self._draw()
            self._strips = self._drawing.canvas.strips(self._looks)
        if 0 <= y < len(self._strips):
            return self._strips[y]
        return Strip([Segment(" " * self.size.width, self._looks("", ""))], self.size.width)

    def notify_style_update(self) -> None:
        """Forget the styles and what was drawn in them."""
        self._looks.forget()
        self._drawing = None
        super().notify_style_update()

    def on_resize(self) -> None:
        """Fit the new size: bars are joined anew."""
        self.rebuild()

    def watch_colours(self) -> None:
        """Draw in other colours."""
        self._looks.forget()
        self._redraw()

    def rebuild(self) -> None:
        """Draw everything anew, from the bars on."""
        self._state.rebuild()
        self._redraw()

    def _draw(self) -> Drawing:
        state = self._fitted
        self.drawn += 1
        no_colours = self.app.no_color or self.app.console.color_system is None or self.colours == "monochrome"
        self._looks.red_up = is_red_up(None if state.data is None else state.data.series.symbol, self.colours)
        picture = replace(state.built.picture, cursor=state.cursor, hollow=no_colours, grid=not no_colours)
        captions = captions_of(state, (*self._own_keys(), *self.further_keys))
        return draw(picture, captions, state.width, state.height)

    @property
    def _fitted(self) -> ChartState:
        """The state, fitted to the size of now: a key may come before the message that there is another."""
        if (self._state.width, self._state.height) != self.size:
            self._state.fit(*self.size)
        return self._state

    def _own_keys(self) -> list[Key]:
        state = self._state
        shown = [Key(self._keys_of("chart.shorter", "chart.longer"), "range")]
        if takes_candles(state.height) and (state.data is None or not state.data.is_rebased):
            shown.append(Key(self._keys_of("chart.style"), "line" if self.view.has_candles else "candles"))
        if state.can_adjust:
            shown.append(Key(self._keys_of("chart.basis"), "raw" if self.view.adjusted else "adjusted"))
        shown.append(Key(self._keys_of("chart.compare"), "compare", "vs"))
        shown.append(Key(self._keys_of("chart.zoom-in", "chart.zoom-out"), "zoom"))
        return shown

    def _keys_of(self, *names: str) -> str:
        """The keys of bindings of what the chart is in, by their ids, as they are now."""
        shown = {}
        for binding in (binding for node in self.ancestors for _, binding in node._bindings):
            if binding.id in names:
                key = self.app._keymap.get(binding.id, binding.key).split(",")[0].strip()
                shown[binding.id] = self.app.get_key_display(binding.with_key(key))
        return " ".join(shown.values())

    def _look(self, view: View) -> None:
        self._state.look(view)
        self._redraw()
        self.post_message(self.LookChanged(self, candles=view.candles, adjusted=view.adjusted))

    def _say(self, *sentences: str, is_error: bool = False) -> None:
        self._state.say(sentences, is_error=is_error)
        self._redraw()

    def _redraw_if(self, changed: bool) -> None:
        if changed:
            self._redraw()

    def _redraw(self) -> None:
        self._drawing = None
        self.refresh()
