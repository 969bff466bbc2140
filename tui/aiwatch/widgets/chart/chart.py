"""The chart: a widget on the Line API that shows the bars of a stock, and asks its screen for others.

Its strips are built when something has changed, and kept. It knows neither source nor store: it is given bars, and
says by messages what a person wants.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.formatting.tone import is_red_up
from aiwatch.market.bars import Basis, Interval, Range
from aiwatch.widgets.chart import keys
from aiwatch.widgets.chart.content import Built, build
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.captions import RANGES, Captions, Key
from aiwatch.widgets.chart.drawing.draw import Drawing, draw, takes_candles
from aiwatch.widgets.chart.look import Looks
from aiwatch.widgets.chart.prepared import Prepared
from aiwatch.widgets.chart.selection import covers, zoomed
from aiwatch.widgets.chart.words import notes_of, source_forms

_SPANS = tuple(RANGES)
_WHEEL = 0.8
"""How many of the bars stay when the wheel is turned by a notch."""
_WORD = re.compile(r"\S+")


class Chart(Widget, can_focus=True):
    """Shows what `show` is given, in the range a person chose; a screen answers `RangeChanged` with other bars.

    The theme gives the variables ``up``, ``down``, ``flat``, ``limit``, ``demo`` and ``heading``.
    """

    DEFAULT_CSS = "Chart { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.BINDINGS
    HELP = keys.HELP

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

    def __init__(
        self, *, span: Range = Range.HALF_YEAR, candles: bool = True, adjusted: bool = True, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._view = View(span, candles=candles, adjusted=adjusted)
        self._data: dict[bool, Prepared] = {}
        """What was given last, of days (``False``) and of minutes (``True``)."""
        self._said: tuple[str, ...] = ()
        """What a screen has to say: in place of a chart where there are no bars, else beside the source."""
        self._is_error = False
        self._cursor_at: datetime | None = None
        self._is_hovering = False
        self._looks = Looks(self)
        self._built: Built | None = None
        self._drawing: Drawing | None = None
        self._strips: list[Strip] = []
        self.drawn = 0
        """How many times it was drawn anew since the start; strips that were kept do not count."""
        self.further_keys: tuple[Key, ...] = ()
        """Keys of the screen that are named in the last row after the chart's own."""

    # What the screen calls

    def show(self, data: ChartData) -> None:
        """Show ``data``; range, zoom and crosshair stay as they are where it is of the same stock."""
        before = next(iter(self._data.values()), None)
        if before is not None and before.data.series.symbol != data.series.symbol:
            self.clear()
        self._data[data.series.interval.is_intraday] = Prepared(data)
        self._said, self._is_error = (), False
        self._clamp_window()
        self.rebuild()

    def clear(self) -> None:
        """Forget the stock that was shown, with zoom and crosshair; the range stays."""
        self._data.clear()
        self._said, self._is_error, self._cursor_at = (), False, None
        self._view = replace(self._view, window=None)
        self.rebuild()

    def show_loading(self, what: str) -> None:
        """Say that ``what`` is on its way; bars that are there stay."""
        self._say((f"Loading {what}…",))

    def show_nothing(self, reason: str, next_step: str = "") -> None:
        """Say in words why there are no bars, and what can be done."""
        self._say(("No history to show", reason, next_step))

    def show_error(self, host: str, reason: str, next_step: str) -> None:
        """Say that ``host`` could not be asked, why, and when or how it is tried again; bars that are there stay."""
        self._say((f"{host}: {reason}", next_step), is_error=True)

    @property
    def range(self) -> Range:
        """The range that is shown."""
        return self._view.range

    @property
    def view(self) -> View:
        """How it is shown now."""
        return self._view

    @property
    def cursor_at(self) -> datetime | None:
        """The local time of the bar under the crosshair; ``None`` where it is off."""
        return self._cursor_at

    def show_range(self, span: Range) -> None:
        """Show another range, and tell the screen."""
        if span is self._view.range:
            return
        self._view, self._cursor_at = replace(self._view, range=span, window=None), None
        data = self._current
        self._said, self._is_error = (), False
        self.rebuild()
        is_covered = data is not None and covers(data.series, self._view, data)
        self.post_message(self.RangeChanged(self, span, is_covered=is_covered))

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Escape to the screen while there is no crosshair to take away."""
        return self._cursor_at is not None if action == "leave" else True

    def action_shorter(self) -> None:
        """Show the next shorter range."""
        self.show_range(_SPANS[max(0, _SPANS.index(self._view.range) - 1)])

    def action_longer(self) -> None:
        """Show the next longer range."""
        self.show_range(_SPANS[min(len(_SPANS) - 1, _SPANS.index(self._view.range) + 1)])

    def action_style(self) -> None:
        """Draw a line instead of candles, or candles again."""
        self._look(replace(self._view, candles=not self._view.candles))

    def action_basis(self) -> None:
        """Show prices as they were paid instead of adjusted, or adjusted again; minutes are always as paid."""
        data = self._current
        if data is None or self._can_adjust(data):
            self._look(replace(self._view, adjusted=not self._view.adjusted))

    def action_compare(self) -> None:
        """Ask the screen what to compare with."""
        self.post_message(self.CompareRequested(self))

    def action_zoom(self, factor: float) -> None:
        """Show ``factor`` times as many bars, around the crosshair, or up to the newest."""
        data = self._current
        if data is None or not data.series.bars:
            return
        count = self._shown.count
        first, end = self._view.window or (0, count)
        picture, anchor = self._shown.picture, end - 1
        if self._cursor_at is not None and len(picture.columns) > 1:
            share = self._index(self._cursor_at) / (len(picture.columns) - 1)
            anchor = first + round(share * (end - 1 - first))
        window = zoomed(self._view.window, count, anchor, factor)
        if window != self._view.window:
            self._view = replace(self._view, window=window)
            self.rebuild()

    def action_step(self, bars: int) -> None:
        """Move the crosshair by ``bars``; the first press puts it on the newest. At the edge, the zoomed part moves."""
        places = self._places()
        if not places:
            return
        self._is_hovering = False
        if self._cursor_at is None:
            self._put_cursor(places[-1])
            return
        at = places.index(self._index(self._cursor_at)) + bars
        if not 0 <= at < len(places) and self._pan(bars):
            places = self._places()
            at = places.index(self._index(self._cursor_at)) + bars
        self._put_cursor(places[min(len(places) - 1, max(0, at))])

    def action_edge(self, side: int) -> None:
        """Put the crosshair on the first bar, or on the newest."""
        places = self._places()
        if places:
            self._put_cursor(places[-1 if side > 0 else 0])

    def action_leave(self) -> None:
        """Take the crosshair away."""
        self._cursor_at = None
        self._redraw()

    # Mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Put the crosshair on the bar under the pointer."""
        index = self._index_under(event)
        if index is not None:
            self._is_hovering = True
            self._put_cursor(index)

    def on_leave(self) -> None:
        """Take the crosshair away with the pointer that brought it."""
        if self._is_hovering:
            self._is_hovering = False
            self.action_leave()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in on the bar under the pointer."""
        self._scroll(event, _WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        self._scroll(event, 1 / _WHEEL)

    def on_click(self, event: events.Click) -> None:
        """Show the range whose name is clicked on; elsewhere the crosshair stays where it is."""
        place = event.get_content_offset(self)
        drawing = self._drawing
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
        index = self._index_under(event)
        if index is not None:
            self._put_cursor(index)
            self._is_hovering = True
        self.action_zoom(factor)

    def _index_under(self, event: events.MouseEvent) -> int | None:
        place, drawing = event.get_content_offset(self), self._drawing
        if place is None or drawing is None or drawing.where is None or place.x >= drawing.where.width:
            return None
        nearest = drawing.where.index(place.x)
        return min(self._places(), key=lambda at: abs(at - nearest), default=None)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A row of the chart."""
        if self._drawing is None:
            self._draw()
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
        self.rebuild()

    def _draw(self) -> None:
        data, size = self._current, self.size
        self.drawn += 1
        no_colours = self.app.no_color or self.app.console.color_system is None or self.colours == "monochrome"
        self._looks.red_up = is_red_up(data.series.symbol if data is not None else None, self.colours)
        built = self._shown
        picture = replace(
            built.picture,
            cursor=None if self._cursor_at is None or not built.picture.moments else self._index(self._cursor_at),
            hollow=no_colours,
            grid=not no_colours,
        )
        self._drawing = draw(picture, self._captions(data, built), size.width, size.height)
        self._strips = self._drawing.canvas.strips(self._looks)

    def _captions(self, data: ChartData | None, built: Built) -> Captions:
        view, joined = self._view, built.picture.joined
        drawn_as = "candles" if view.candles and takes_candles(self.size.height) else "line"
        if data is not None and data.compared:
            drawn_as = "compared"
        elif joined:
            drawn_as = f"{drawn_as} of {joined}"
        basis = ""
        if data is not None and self._can_adjust(data):
            basis = Basis.ADJUSTED if view.adjusted else Basis.UNADJUSTED
        elif data is not None:
            basis = data.series.basis
        has_bars = bool(built.picture.columns)
        notes = notes_of(data, view, built.missing, self._said) if data is not None and has_bars else ()
        return Captions(
            range=view.range,
            drawn_as=drawn_as if has_bars else "",
            source=source_forms(data, basis),
            notes=notes,
            state=() if built.picture.columns else self._why_empty(data),
            is_error=self._is_error,
            keys=(*self._own_keys(data), *self.further_keys),
        )

    def _why_empty(self, data: ChartData | None) -> tuple[str, ...]:
        if self._said:
            return tuple(sentence for sentence in self._said if sentence)
        if data is None:
            return (f"Loading {RANGES[self._view.range]}…",)
        if not data.series.bars:
            return ("No history to show", f"{data.source or data.series.source} sent no bars")
        if data.compared:
            return ("Nothing to compare", "They have no session in common in this range")
        return ("No history to show", f"No session in {RANGES[self._view.range]}: choose a longer range")

    def _own_keys(self, data: ChartData | None) -> Sequence[Key]:
        view = self._view
        shown = [Key(self._keys_of("chart.shorter", "chart.longer"), "range")]
        if takes_candles(self.size.height) and (data is None or not data.compared):
            shown.append(Key(self._keys_of("chart.style"), "line" if view.candles else "candles"))
        if data is not None and self._can_adjust(data):
            shown.append(Key(self._keys_of("chart.basis"), "raw" if view.adjusted else "adjusted"))
        shown.append(Key(self._keys_of("chart.compare"), "compare"))
        shown.append(Key(self._keys_of("chart.zoom-in", "chart.zoom-out"), "zoom"))
        return shown

    def _keys_of(self, *names: str) -> str:
        """The keys of bindings by their ids, as they are now."""
        shown = []
        for binding in self.BINDINGS:
            if isinstance(binding, Binding) and binding.id in names:
                key = self.app._keymap.get(binding.id, binding.key).split(",")[0].strip()
                shown.append(self.app.get_key_display(binding.with_key(key)))
        return " ".join(shown)

    # State

    @property
    def _current(self) -> ChartData | None:
        """What there is for the range: minutes for one and five days, days for the others."""
        prepared = self._data.get(self._view.range.interval.is_intraday)
        return None if prepared is None else prepared.data

    @staticmethod
    def _can_adjust(data: ChartData) -> bool:
        return not data.series.interval.is_intraday and data.series.basis is Basis.UNADJUSTED

    @property
    def _shown(self) -> Built:
        """The picture of what there is, built when it is first asked for after a change."""
        if self._built is None:
            prepared = self._data.get(self._view.range.interval.is_intraday)
            view = replace(self._view, candles=self._view.candles and takes_candles(self.size.height))
            self._built = Built() if prepared is None else build(prepared, view, self.size.width)
        return self._built

    def _places(self) -> list[int]:
        """The places of the plot where there is a bar."""
        data = self._current
        if data is None:
            return []
        columns = self._shown.picture.columns
        return [at for at, column in enumerate(columns) if column is not None]

    def _index(self, moment: datetime) -> int:
        """The place of the bar at ``moment``, or the nearest one with a bar."""
        moments, places = self._shown.picture.moments, self._places()
        at = min(len(moments) - 1, max(0, bisect_left(moments, moment)))
        return min(places, key=lambda place: abs(place - at), default=0)

    def _put_cursor(self, index: int) -> None:
        moment = self._shown.picture.moments[index]
        if moment != self._cursor_at:
            self._cursor_at = moment
            self._redraw()

    def _pan(self, bars: int) -> bool:
        """Move the zoomed part by ``bars``; returns whether it moved."""
        if self._view.window is None:
            return False
        first, end = self._view.window
        count = self._shown.count
        moved = min(count - end, max(-first, bars))
        if not moved:
            return False
        self._view = replace(self._view, window=(first + moved, end + moved))
        self.rebuild()
        return True

    def _clamp_window(self) -> None:
        """Leave the zoom where it is, unless the bars are fewer than that now."""
        data, window = self._current, self._view.window
        if data is not None and window is not None and window[1] > len(data.series.bars):
            self._view = replace(self._view, window=None)

    def _look(self, view: View) -> None:
        self._view = view
        self.rebuild()
        self.post_message(self.LookChanged(self, candles=view.candles, adjusted=view.adjusted))

    def _say(self, sentences: tuple[str, ...], *, is_error: bool = False) -> None:
        self._said, self._is_error = sentences, is_error
        self._redraw()

    def rebuild(self) -> None:
        """Draw everything anew, from the bars on."""
        self._built = None
        self._redraw()

    def _redraw(self) -> None:
        self._drawing = None
        self.refresh()
