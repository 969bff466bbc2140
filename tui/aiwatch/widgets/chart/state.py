"""What a chart shows now: its bars, its view, its crosshair, and what changes when a person acts. Knows no toolkit."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime

from msgspec.structs import replace

from aiwatch.market.bars import Basis, Range
from aiwatch.widgets.chart.content import Built, build
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.draw import takes_candles
from aiwatch.widgets.chart.prepared import Prepared
from aiwatch.widgets.chart.selection import covers, zoomed


class ChartState:
    """The bars of one stock, days and minutes apart, and how they are seen in ``width`` × ``height`` cells."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.width = self.height = 0
        self.said: tuple[str, ...] = ()
        """What a screen has to say: in place of a chart where there are no bars, else beside the source."""
        self.is_error = False
        self.cursor_at: datetime | None = None
        """The local time of the bar under the crosshair; ``None`` where it is off."""
        self._prepared: dict[bool, Prepared] = {}
        """What was given last, of days (``False``) and of minutes (``True``)."""
        self._built: Built | None = None

    # What there is

    @property
    def data(self) -> ChartData | None:
        """What there is for the range: minutes for one and five days, days for the others."""
        prepared = self._prepared.get(self.view.range.interval.is_intraday)
        return None if prepared is None else prepared.data

    @property
    def built(self) -> Built:
        """The picture, built when it is first asked for after a change."""
        if self._built is None:
            prepared = self._prepared.get(self.view.range.interval.is_intraday)
            view = self.view.with_candles(self.view.has_candles and takes_candles(self.height))
            self._built = Built() if prepared is None else build(prepared, view, self.width)
        return self._built

    @property
    def is_covered(self) -> bool:
        """Whether the bars reach as far back as the range was ever asked for."""
        return self.data is not None and covers(self.data.series, self.view, self.data)

    @property
    def can_adjust(self) -> bool:
        """Whether prices can be shown as paid and adjusted: those of unadjusted days."""
        data = self.data
        return data is not None and not data.series.interval.is_intraday and data.series.basis is Basis.UNADJUSTED

    @property
    def places(self) -> list[int]:
        """The places of the plot where there is a bar."""
        return [at for at, column in enumerate(self.built.picture.columns) if column is not None]

    @property
    def cursor(self) -> int | None:
        """The place under the crosshair, or the nearest one with a bar."""
        moments = self.built.picture.moments
        if self.cursor_at is None or not moments:
            return None
        at = min(len(moments) - 1, bisect_left(moments, self.cursor_at))
        return min(self.places, key=lambda place: abs(place - at), default=None)

    # What changes it

    def rebuild(self) -> None:
        """Build the picture anew when it is next asked for."""
        self._built = None

    def fit(self, width: int, height: int) -> None:
        """Build for another size."""
        self.width, self.height = width, height
        self.rebuild()

    def put(self, data: ChartData) -> None:
        """Take ``data``; that of another stock takes the place of everything."""
        before = next(iter(self._prepared.values()), None)
        if before is not None and before.data.series.symbol != data.series.symbol:
            self.clear()
        self._prepared[data.series.interval.is_intraday] = Prepared(data)
        self.say(())
        self.rebuild()
        window = self.view.window
        if window is not None and window[1] > self.built.count:
            self.look(replace(self.view, window=None))

    def clear(self) -> None:
        """Forget the stock, with zoom and crosshair; the range stays."""
        self._prepared.clear()
        self.view, self.cursor_at = replace(self.view, window=None), None
        self.say(())
        self.rebuild()

    def say(self, sentences: tuple[str, ...], *, is_error: bool = False) -> None:
        """Keep what a screen has to say."""
        self.said, self.is_error = tuple(sentence for sentence in sentences if sentence), is_error

    def look(self, view: View) -> None:
        """See it in another way."""
        self.view = view
        self.rebuild()

    def choose(self, span: Range) -> None:
        """Show another range, without zoom and crosshair."""
        self.cursor_at = None
        self.say(())
        self.look(replace(self.view, range=span, window=None))

    def zoom(self, factor: float) -> bool:
        """Show ``factor`` times as many bars, around the crosshair or up to the newest; returns whether it changed."""
        count = self.built.count
        if not count:
            return False
        first, end = self.view.window or (0, count)
        anchor, at, last = end - 1, self.cursor, len(self.built.picture.columns) - 1
        if at is not None and last > 0:
            anchor = first + round(at / last * (end - 1 - first))
        window = zoomed(self.view.window, count, anchor, factor)
        if window == self.view.window:
            return False
        self.look(replace(self.view, window=window))
        return True

    def put_cursor(self, place: int) -> bool:
        """Put the crosshair on the bar at ``place``; returns whether it moved."""
        before, self.cursor_at = self.cursor_at, self.built.picture.moments[place]
        return self.cursor_at != before

    def step(self, bars: int) -> bool:
        """Move the crosshair by ``bars``, and the zoomed part where it is at its edge; without one, put it on the
        newest bar. Returns whether anything moved."""
        places, cursor = self.places, self.cursor
        if not places:
            return False
        if cursor is None:
            return self.put_cursor(places[-1])
        at, is_panned = places.index(cursor) + bars, False
        if not 0 <= at < len(places) and self._pan(bars):
            is_panned, places = True, self.places
            at = places.index(self.cursor or 0) + bars
        return self.put_cursor(places[min(len(places) - 1, max(0, at))]) or is_panned

    def to_edge(self, side: int) -> bool:
        """Put the crosshair on the first bar, or on the newest."""
        places = self.places
        return bool(places) and self.put_cursor(places[-1 if side > 0 else 0])

    def _pan(self, bars: int) -> bool:
        """Move the zoomed part by ``bars``; returns whether it moved."""
        if self.view.window is None:
            return False
        first, end = self.view.window
        moved = min(self.built.count - end, max(-first, bars))
        if moved:
            self.look(replace(self.view, window=(first + moved, end + moved)))
        return bool(moved)
