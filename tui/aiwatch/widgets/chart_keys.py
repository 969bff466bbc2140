"""The keys of the chart, its page of help, and the words of its last row."""

from __future__ import annotations

from textual.binding import Binding, BindingType

RANGE = Binding.Group("range", compact=True)
ZOOM = Binding.Group("zoom", compact=True)

BINDINGS: list[BindingType] = [
    Binding("comma", "shorter", "Shorter", id="chart.shorter", group=RANGE, tooltip="Show the next shorter range"),
    Binding("full_stop", "longer", "Longer", id="chart.longer", group=RANGE, tooltip="Show the next longer range"),
    Binding("vertical_line", "style", "line/candles", id="chart.style", tooltip="Draw a line, or candles"),
    Binding("backslash", "basis", "adjusted", id="chart.basis", tooltip="Prices adjusted for dividends, or as paid"),
    Binding(
        "equals_sign", "compare", "compare", id="chart.compare", tooltip="Compare with an index, a stock or the list"
    ),
    Binding("plus", "zoom(0.5)", "Zoom in", id="chart.zoom-in", group=ZOOM, tooltip="Show half as many bars"),
    Binding("minus", "zoom(2.0)", "Zoom out", id="chart.zoom-out", group=ZOOM, tooltip="Show twice as many bars"),
    Binding("left", "step(-1)", "Bar before", id="chart.left", show=False, tooltip="Crosshair to the bar before"),
    Binding("right", "step(1)", "Next bar", id="chart.right", show=False, tooltip="Crosshair to the next bar"),
    Binding("shift+left", "step(-10)", "10 bars back", id="chart.far-left", show=False, tooltip="Ten bars back"),
    Binding("shift+right", "step(10)", "10 bars on", id="chart.far-right", show=False, tooltip="Ten bars on"),
    Binding("home", "edge(-1)", "First bar", id="chart.first", show=False, tooltip="Crosshair to the first bar"),
    Binding("end", "edge(1)", "Last bar", id="chart.last", show=False, tooltip="Crosshair to the newest bar"),
    Binding("escape", "leave", "Crosshair off", id="chart.leave", show=False, tooltip="Take the crosshair away"),
]

HELP = """\
## The chart

Bars stand side by side: nights, weekends and holidays take no room, and a thin ┊ stands where a day's session was cut.
Where there is no room for a candle a day, days are joined to weeks and longer; the corner under the prices says so.

**◂** is the last price. **▲ ▼** above or below a candle: the day closed at its limit. Under the chart, **D** is an
ex-date of a dividend, **S** of a split, **◆** an event of the ledger; the crosshair has their words.

The mouse moves the crosshair, the wheel zooms, a click on a range shows it. Adjusted prices are those that make a
change between two days what a holder gained; unadjusted ones are those paid.
"""
