"""The keys of the chart: those that count wherever one is shown, those of its own, and what its signs mean.

Nothing here needs a chart: the dashboard knows its keys before the first chart is drawn.
"""

from __future__ import annotations

from textual.binding import Binding

from aiwatch.widgets.row_list import cursor_keys

_RANGE = Binding.Group("range", compact=True)
_ZOOM = Binding.Group("zoom", compact=True)

VIEW: list[Binding] = [
    Binding(
        "comma",
        "chart_view('shorter')",
        "Shorter range",
        id="chart.shorter",
        group=_RANGE,
        tooltip="Show a shorter range of the chart",
    ),
    Binding(
        "full_stop",
        "chart_view('longer')",
        "Longer range",
        id="chart.longer",
        group=_RANGE,
        tooltip="Show a longer range of the chart",
    ),
    Binding(
        "vertical_line",
        "chart_view('style')",
        "line/candles",
        id="chart.style",
        tooltip="Draw the chart as a line, or as candles",
    ),
    Binding(
        "backslash",
        "chart_view('basis')",
        "raw/adjusted",
        id="chart.basis",
        tooltip="Prices adjusted for dividends and splits, or as they were paid",
    ),
    Binding(
        "equals_sign",
        "chart_view('compare')",
        "compare",
        id="chart.compare",
        tooltip="Compare the stock with an index, another stock or its list",
    ),
    Binding(
        "plus", "chart_view('zoom-in')", "Zoom in", id="chart.zoom-in", group=_ZOOM, tooltip="Show half as many bars"
    ),
    Binding(
        "minus",
        "chart_view('zoom-out')",
        "Zoom out",
        id="chart.zoom-out",
        group=_ZOOM,
        tooltip="Show twice as many bars",
    ),
]
"""How the chart is seen: they count from every panel while a chart is shown."""

FAR: list[Binding] = [
    Binding(
        "shift+left",
        "crosshair(-10)",
        "Ten bars back",
        id="chart.far-left",
        show=False,
        tooltip="Move the crosshair of the chart ten bars back",
    ),
    Binding(
        "shift+right",
        "crosshair(10)",
        "Ten bars on",
        id="chart.far-right",
        show=False,
        tooltip="Move the crosshair of the chart ten bars on",
    ),
]
"""Steps of the crosshair that no other panel has."""

MOVES: list[Binding] = cursor_keys(
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

SIGNS = (
    ("◂", "the last price, on the axis; other tags there are the average price and the crosshair"),
    ("▲ ▼", "above or below a candle: the day closed at its limit"),
    ("D S ◆", "under the chart: ex-date of a dividend, of a split, a dated event of the ledger; the crosshair says it"),
    ("┊", "time cut out of a day: the lunch break, the night"),
    ("weeks", "in the corner: days are joined where there is no room for a candle each"),
    ("Wheel", "zooms; a click on a range shows it"),
)
"""What stands on a chart, in words."""
