"""The keys of the dashboard: one list that the bottom row, the help screen, the palette and the README read."""

from __future__ import annotations

from functools import cache

from textual.binding import Binding

_PANELS = Binding.Group("panel", compact=True)
_LISTS = Binding.Group("list", compact=True)
_SORT = Binding.Group("sort", compact=True)
_WIDTH = Binding.Group("width", compact=True)

BOARD_KEYS: tuple[Binding, ...] = (
    Binding("a", "add_stock", "add", id="edit.add", tooltip="Add a stock to the list, below the cursor"),
    Binding("d", "remove_stock", "remove", id="edit.remove", tooltip="Remove the stock; of all lists, delete the list"),
    Binding("J", "place(1)", "Down", id="edit.down", show=False, tooltip="Move the stock down in the list"),
    Binding("K", "place(-1)", "Up", id="edit.up", show=False, tooltip="Move the stock up in the list"),
    Binding("m", "move_to_list", "move", id="edit.move", show=False, tooltip="Move the stock to another list"),
    Binding("space", "pick", "mark", id="edit.mark", show=False, tooltip="Mark the row, for the keys that follow"),
    Binding("z", "undo", "undo", id="edit.undo", tooltip="Undo the last edit of a list, and the ones before it"),
    Binding("e", "open_file", "edit file", id="edit.file", show=False, tooltip="Open the list's file in your editor"),
    Binding("N", "new_list", "new list", id="edit.new", show=False, tooltip="Begin a new list"),
    Binding("R", "rename_list", "rename list", id="edit.rename", show=False, tooltip="Give the list another name"),
    Binding("A", "alert", "alert", id="alert.set", tooltip="Set when to be told of the selected stock"),
    Binding("C", "columns", "columns", id="board.columns", tooltip="Choose the columns of this list"),
    Binding("O", "order", "order", id="board.order", show=False, tooltip="Sort by one, two or three columns"),
)
"""The keys that count while the board is in front."""

LEDGER_KEYS: tuple[Binding, ...] = (
    Binding("m", "map", "map", id="ledger.map", tooltip="Show who pays whom as a map, or as a table again"),
)
"""The keys that count while the ledger or a record is in front."""

COMMON_KEYS: tuple[Binding, ...] = (
    Binding("1", "panel(1)", "Board", id="panel.board", group=_PANELS, tooltip="Go to the board of quotes"),
    Binding("2", "panel(2)", "Commitments", id="panel.commitments", group=_PANELS, tooltip="Go to the commitments"),
    Binding("3", "panel(3)", "Stock", id="panel.stock", group=_PANELS, tooltip="Go to the selected stock"),
    Binding("4", "panel(4)", "Record", id="panel.record", group=_PANELS, tooltip="Go to the selected commitment"),
    Binding("tab", "next_panel", "Next panel", id="panel.next", show=False, tooltip="Go to the next panel"),
    Binding(
        "shift+tab",
        "previous_panel",
        "Previous panel",
        id="panel.previous",
        show=False,
        tooltip="Go to the panel before",
    ),
    Binding("w", "full", "full screen", id="panel.full", tooltip="Give this panel the whole screen, or take it back"),
    Binding(
        "less_than_sign,ctrl+left",
        "width(-5)",
        "Narrower",
        id="panel.narrower",
        group=_WIDTH,
        tooltip="Make the board's column narrower",
    ),
    Binding(
        "greater_than_sign,ctrl+right",
        "width(5)",
        "Wider",
        id="panel.wider",
        group=_WIDTH,
        tooltip="Make the board's column wider",
    ),
    Binding("[", "previous_list", "Previous list", id="list.previous", group=_LISTS, tooltip="Show the list before"),
    Binding("]", "next_list", "Next list", id="list.next", group=_LISTS, tooltip="Show the next list"),
    Binding("slash,f3", "filter", "filter", id="board.filter", tooltip="Show only what matches"),
    Binding("s", "sort", "Sort", id="board.sort", group=_SORT, tooltip="Sort by the next column"),
    Binding("S", "reverse", "Reverse", id="board.reverse", group=_SORT, tooltip="Turn the order round"),
    Binding("v", "next_view", "view", id="ledger.view", tooltip="Show the next view of the ledger"),
    Binding(
        "V",
        "previous_view",
        "Previous view",
        id="ledger.previous",
        show=False,
        tooltip="Show the view of the ledger before",
    ),
    Binding("c", "currency", "currency", id="ledger.currency", tooltip="Sums as printed, or also in USD, CNY or EUR"),
    Binding("b", "jump_back", "back", id="ledger.back", tooltip="Go back to where the last jump began"),
    Binding("y", "copy", "copy", id="row.copy", tooltip="Copy the row, or the text of a stock or record"),
    Binding("o", "open_page", "page", id="row.page", tooltip="Show its page at the source in a browser"),
    Binding("L", "alert_log", "alert log", id="alert.log", show=False, tooltip="Show what was told, and re-arm it"),
    Binding("n", "names", "names", id="view.names", tooltip="English or Chinese names"),
    Binding(
        "u",
        "colours",
        "colours",
        id="view.colours",
        tooltip="Other colours for gains and losses: by market, red or green up, colour-blind, monochrome",
    ),
    Binding("t", "theme", "theme", id="view.theme", tooltip="Choose a theme"),
    Binding(
        "x",
        "app.stealth",
        "hide",
        id="view.stealth",
        show=False,
        tooltip="Hide everything behind what looks like a build; the same key brings it back",
    ),
    Binding("r,f5", "refresh_now", "refresh", id="feed.refresh", tooltip="Ask the sources now"),
    Binding("p", "pause", "pause", id="feed.pause", tooltip="Stop asking the sources, or go on"),
    Binding("H", "health", "sources", id="feed.health", show=False, tooltip="Show how every source is doing"),
    Binding("escape", "back", "Back", id="panel.back", show=False, tooltip="Leave the filter, or go back to the board"),
    Binding("colon", "app.command_palette", "palette", id="app.palette", tooltip="Find every action by its name"),
    Binding("question_mark,f1", "help", "help", id="app.help", tooltip="Show every key"),
    Binding("q,f10", "app.quit", "quit", id="app.quit", tooltip="Leave aiwatch"),
)
"""The keys that count everywhere."""

DASHBOARD_KEYS = (*BOARD_KEYS, *LEDGER_KEYS, *COMMON_KEYS)
"""In the order in which they are shown; each has an id, by which a user's keymap may move it."""

DIALOG_KEYS: tuple[Binding, ...] = (
    Binding("escape,q", "close", "close", id="dialog.close", tooltip="Close what lies over the screen"),
)
"""The keys that count in what lies over the dashboard."""

SCOPES: dict[str, tuple[int, ...]] = {
    **{binding.action.partition("(")[0]: (1,) for binding in BOARD_KEYS},
    **{binding.action.partition("(")[0]: (2, 4) for binding in LEDGER_KEYS},
}
"""The panels in which an action has its key, by its name; an action that is not here has it everywhere."""


_AREAS_OF = {1: ("list", "board", "row"), 2: ("ledger", "board", "row"), 3: ("row",), 4: ("ledger", "row")}
"""The areas (first parts of an id) that matter most in a panel."""


_FIRST = {1: ("board.filter", "board.sort", "board.reverse", "list.previous", "list.next", "edit.add")}
"""What a newcomer to a panel needs before anything else, by id."""


@cache
def footer_order(panel: int) -> tuple[str, ...]:
    """The ids of the bindings as the bottom row shows them in ``panel``: what opens, what a newcomer needs, the panel's
    own, what matters most there, the rest; help and quit are last."""
    areas = _AREAS_OF[panel]

    first = _FIRST.get(panel, ())

    def rank(binding: Binding) -> int:
        area = str(binding.id).partition(".")[0]
        if binding.id in first:
            return first.index(binding.id) - len(first)
        if binding not in COMMON_KEYS:
            return 0
        return 1 + areas.index(area) if area in areas else len(areas) + (2 if area == "app" else 1)

    return ("cursor.open", *(str(binding.id) for binding in sorted(DASHBOARD_KEYS, key=rank)))


def hiding_key() -> Binding:
    """The key that hides everything, for what lies over the dashboard."""
    return next(binding for binding in COMMON_KEYS if binding.id == "view.stealth")


def dialog_keys(*same: str) -> list[Binding]:
    """The keys that close a dialog; those of the action called ``same``, which opens it, close it too."""
    opening = [binding for binding in DASHBOARD_KEYS if binding.id in same]
    return [
        *DIALOG_KEYS,
        hiding_key(),
        *(Binding(one.key, "close", "close", show=False, id=one.id) for one in opening),
    ]
