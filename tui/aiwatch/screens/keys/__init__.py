"""What keys do: those that count in every panel, and how a person changes any."""

from __future__ import annotations

from textual.binding import Binding, BindingType

_PANELS = Binding.Group("panel", compact=True)
_LISTS = Binding.Group("list", compact=True)
_SORT = Binding.Group("sort", compact=True)
_WIDTH = Binding.Group("width", compact=True)
_HEIGHT = Binding.Group("height", compact=True)
_RANGE = Binding.Group("range", compact=True)
_ZOOM = Binding.Group("zoom", compact=True)
_NARROWER, _WIDER = "less_than_sign,ctrl+left", "greater_than_sign,ctrl+right"

CHART_KEYS: list[Binding] = [
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

_FIND = "Find a stock anywhere: by symbol, name, pinyin, role or tag, in lists, ledger and online"
PANEL_KEYS: list[BindingType] = [
    Binding("1", "panel('board')", "Board", id="panel.board", group=_PANELS, tooltip="Go to the board of quotes"),
    Binding(
        "2",
        "panel('commitments')",
        "Commitments",
        id="panel.commitments",
        group=_PANELS,
        tooltip="Go to the commitments",
    ),
    Binding("3", "panel('stock')", "Stock", id="panel.stock", group=_PANELS, tooltip="Go to the selected stock"),
    Binding(
        "4", "panel('record')", "Record", id="panel.record", group=_PANELS, tooltip="Go to the selected commitment"
    ),
    Binding("tab", "step_panel(1)", "Next panel", id="panel.next", show=False, tooltip="Go to the next panel"),
    Binding(
        "shift+tab",
        "step_panel(-1)",
        "Previous panel",
        id="panel.previous",
        show=False,
        tooltip="Go to the panel before",
    ),
    Binding("w", "full", "full screen", id="panel.full", tooltip="Give this panel the whole screen, or take it back"),
    Binding(
        _NARROWER,
        "width(-5)",
        "Narrower",
        id="panel.narrower",
        group=_WIDTH,
        tooltip="Make the board's column narrower",
    ),
    Binding(_WIDER, "width(5)", "Wider", id="panel.wider", group=_WIDTH, tooltip="Make the board's column wider"),
    Binding(
        "{",
        "height(-1)",
        "Shorter",
        id="panel.shorter",
        group=_HEIGHT,
        tooltip="Make the upper panel of this column shorter",
    ),
    Binding(
        "}",
        "height(1)",
        "Taller",
        id="panel.taller",
        group=_HEIGHT,
        tooltip="Make the upper panel of this column taller",
    ),
    Binding("i", "chart", "chart", id="row.chart", tooltip="Chart of the stock over the whole screen, or back from it"),
    Binding("escape", "back", "Back", id="panel.back", show=False, tooltip="Leave the filter, or go back to the board"),
    Binding("[", "step_list(-1)", "Previous list", id="list.previous", group=_LISTS, tooltip="Show the list before"),
    Binding("]", "step_list(1)", "Next list", id="list.next", group=_LISTS, tooltip="Show the next list"),
    Binding("f", "find", "find", id="find.stock", tooltip=_FIND),
    Binding("slash,f3", "filter", "filter", id="board.filter", tooltip="Show only what matches"),
    Binding("s", "sort", "Sort", id="board.sort", group=_SORT, tooltip="Sort by the next column"),
    Binding("S", "reverse", "Reverse", id="board.reverse", group=_SORT, tooltip="Reverse the sort order"),
    Binding("v", "step_view(1)", "view", id="ledger.view", tooltip="Show the next view of the ledger, or of the stock"),
    Binding(
        "V",
        "step_view(-1)",
        "Previous view",
        id="ledger.previous",
        show=False,
        tooltip="Show the view before, of the ledger or of the stock",
    ),
    *CHART_KEYS,
]
"""The keys that go to a panel, or say how its rows are shown, from wherever the focus is."""

_AROUND = 2
"""Rows above and below the panels."""

_COLOURS = "Other colours for gains and losses: by market, red or green up, colour-blind, monochrome"
_HIDE = "Boss key: hide behind a fake build, or come back"
SCREEN_KEYS: list[BindingType] = [
    Binding("c", "currency", "currency", id="ledger.currency", tooltip="Sums as printed, or also in USD, CNY or EUR"),
    Binding("b", "jump_back", "back", id="ledger.back", tooltip="Go back to where the last jump began"),
    Binding("y", "copy", "copy", id="row.copy", tooltip="Copy the row, or the text of a stock or record"),
    Binding("o", "open_page", "page", id="row.page", tooltip="Show its page at the source in a browser"),
    Binding("L", "alert_log", "alert log", id="alert.log", show=False, tooltip="Alert history, and re-arm"),
    Binding("n", "names", "names", id="view.names", tooltip="English or Chinese names"),
    Binding("u", "colours", "colours", id="view.colours", tooltip=_COLOURS),
    Binding("t", "app.change_theme", "theme", id="view.theme", tooltip="Choose a theme"),
    Binding("x", "app.stealth", "hide", id="view.stealth", show=False, tooltip=_HIDE),
    Binding("r,f5", "refresh_now", "refresh", id="feed.refresh", tooltip="Ask the sources now"),
    Binding("p", "pause", "pause", id="feed.pause", tooltip="Stop asking the sources, or go on"),
    Binding("H", "health", "sources", id="feed.health", tooltip="Show how every source is doing"),
    Binding("colon", "app.command_palette", "palette", id="app.palette", tooltip="Find every action by its name"),
    Binding("question_mark,f1", "help", "help", id="app.help", tooltip="Show every key"),
    Binding("q,f10", "app.quit", "quit", id="app.quit", tooltip="Leave aiwatch"),
]
"""The keys that are about no panel in particular."""
