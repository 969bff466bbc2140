"""Made-up series, and a small app that shows one chart. Every price is drawn from seeded dice, none is real."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message

from aiwatch.market.bars import Bar, Basis, Event, EventKind, Interval, Range, Series, equal_weight
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.keys import CHART_KEYS
from aiwatch.themes import DARK, MEANINGS, THEMES, in_scheme
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.data import ChartData, Compared, DatedEvent
from aiwatch.widgets.stock.panel import StockPanel

SHANGHAI = "Asia/Shanghai"
LAST = date(2025, 8, 15)
"""A Friday."""
NOW = datetime(2025, 8, 15, 7, 15, tzinfo=UTC)
"""A quarter of an hour after that day's close in Shanghai."""
PUMPS = parse_symbol("603757.SS")


def weekdays(count: int, last: date = LAST) -> list[date]:
    """The last ``count`` weekdays up to ``last``."""
    days: list[date] = []
    day = last
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def walk(count: int, *, seed: int = 3, start: float = 24.0, drift: float = 0.002, last: date = LAST) -> list[Bar]:
    """Daily bars of a price that walks at random."""
    dice = random.Random(seed)
    bars, close = [], start
    for day in weekdays(count, last):
        opened = close * (1 + dice.gauss(0, 0.007))
        close = opened * (1 + max(-0.08, min(0.08, dice.gauss(drift, 0.02))))
        high = max(opened, close) * (1 + abs(dice.gauss(0, 0.008)))
        low = min(opened, close) * (1 - abs(dice.gauss(0, 0.008)))
        volume = round(dice.uniform(4e6, 1.4e7) * (1 + 12 * abs(close / opened - 1)))
        close = round(close, 2)
        bars.append(Bar(day, round(opened, 2), round(high, 2), round(low, 2), close, volume))
    return bars


def minutes(count: int = 240, *, seed: int = 5, previous: float = 42.86, day: date = LAST) -> list[Bar]:
    """Minutes of a day in Shanghai, with the lunch break, from the first one on."""
    dice = random.Random(seed)
    price, bars = previous * 1.01, []
    for number in range(count):
        hour = time(9, 30) if number < 120 else time(13)
        local = datetime.combine(day, hour, ZoneInfo(SHANGHAI)) + timedelta(minutes=number % 120)
        opened = price
        price = max(previous * 0.92, min(previous * 1.1, price * (1 + dice.gauss(0.0002, 0.0016))))
        price = round(price, 2)
        volume = round(dice.uniform(2e4, 9e4) * (3 if number < 6 else 1))
        high, low = max(opened, price), min(opened, price)
        bars.append(Bar(local.astimezone(UTC), opened, high, low, price, volume, volume * (high + low) / 2))
    return bars


def series(bars: list[Bar], **changed: object) -> Series:
    """A series of ``bars``."""
    values: dict[str, object] = {
        "symbol": PUMPS,
        "interval": Interval.DAY,
        "source": "tencent",
        "basis": Basis.UNADJUSTED,
        "zone": SHANGHAI,
        "as_of": NOW,
        "bars": tuple(bars),
        "currency": "CNY",
    }
    return Series(**(values | changed))  # type: ignore[arg-type]


def daily(count: int = 250, **changed: object) -> ChartData:
    """A year of days, with a limit-up day, a dividend and an event of the ledger."""
    bars, days = walk(count), weekdays(count)
    if count > 12:
        before = bars[-10].close
        limit = round(before * 1.1 + 1e-9, 2)
        bars[-9] = bars[-9]._replace(open=round(before * 1.02, 2), low=round(before * 1.01, 2), high=limit, close=limit)
    events = (Event(days[-30], EventKind.DIVIDEND, 0.35, "tencent"),) if count > 40 else ()
    options: dict[str, object] = {
        "series": series(bars, events=events),
        "name": "Dayuan Pumps",
        "source": "Tencent",
        "events": (DatedEvent(days[-20], "C021 Alphabet → 3 data centres"),) if count > 40 else (),
    }
    return ChartData(**(options | changed))  # type: ignore[arg-type]


def minute_data(count: int = 240, **changed: object) -> ChartData:
    """The minutes of a day."""
    zone = ZoneInfo(SHANGHAI)
    hours = tuple(
        (datetime.combine(LAST, start, zone), datetime.combine(LAST, end, zone))
        for start, end in ((time(9, 30), time(11, 30)), (time(13), time(15)))
    )
    options: dict[str, object] = {
        "series": series(minutes(count), interval=Interval.MINUTE, previous_close=42.86),
        "name": "Dayuan Pumps",
        "source": "Tencent",
        "previous_close": 42.86,
        "limits": (47.15, 38.57),
        "hours": hours,
    }
    return ChartData(**(options | changed))  # type: ignore[arg-type]


def basket(count: int = 130) -> ChartData:
    """A list as one line, against its benchmark."""
    members = [series(walk(count, seed=seed, drift=0.002)) for seed in range(20, 26)]
    level = equal_weight(members)
    assert level is not None
    return ChartData(
        series=level,
        name="average of all 6",
        compared=(Compared("CSI 300", series(walk(count, seed=11, drift=0.0004))),),
        source="Tencent",
        basket="equal weight, rebalanced daily",
    )


def compared(count: int = 130) -> ChartData:
    """Four made-up series from a common start."""
    peers = tuple(
        Compared(name, series(walk(count, seed=seed, drift=drift)))
        for name, seed, drift in (
            ("CSI 300", 11, 0.0004),
            ("英维克 Envicool", 12, 0.004),
            ("Honor Electronic", 13, -0.001),
        )
    )
    return daily(count, compared=peers)


class ChartApp(App[None]):
    """A chart alone, in a theme and a colour scheme; it keeps the messages."""

    CSS = "Screen { padding: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [*StockPanel.BINDINGS, *CHART_KEYS]

    def __init__(
        self,
        data: ChartData | None = None,
        *,
        span: Range = Range.HALF_YEAR,
        scheme: str = "auto",
        theme: str = DARK.name,
        act: Callable[[Chart], None] = lambda chart: None,
        **look: bool,
    ) -> None:
        self._scheme = scheme
        super().__init__()
        self.chart = Chart(span=span, id="chart", **look)
        self._data, self._act = data, act
        self.heard: list[Message] = []
        for own in THEMES:
            self.register_theme(own)
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours with a meaning."""
        return MEANINGS

    def get_css_variables(self) -> dict[str, str]:
        """As the app has them."""
        is_ours = self.theme in (own.name for own in THEMES)
        variables = in_scheme(super().get_css_variables(), self._scheme, dark=True, own=is_ours)
        self.theme_variables = variables
        return variables

    def compose(self) -> ComposeResult:
        """The chart."""
        yield self.chart

    def on_mount(self) -> None:
        """Show what was given."""
        self.chart.colours = self._scheme
        if self._data is not None:
            self.chart.show(self._data)
        self._act(self.chart)
        self.chart.focus()

    def action_chart_view(self, name: str) -> None:
        """As the dashboard does."""
        self.chart.action_chart_view(name)

    def action_crosshair(self, bars: int) -> None:
        """As the dashboard does."""
        self.chart.action_crosshair(bars)

    def on_chart_range_changed(self, event: Chart.RangeChanged) -> None:
        """Keep it."""
        self.heard.append(event)

    def on_chart_look_changed(self, event: Chart.LookChanged) -> None:
        """Keep it."""
        self.heard.append(event)

    def on_chart_compare_requested(self, event: Chart.CompareRequested) -> None:
        """Keep it."""
        self.heard.append(event)
