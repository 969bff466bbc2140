"""Every key, by where it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from aiwatch.board.columns import legend
from aiwatch.screens.base import InfoDialog, is_key_of
from aiwatch.screens.keys.dialogs import dialog_rows
from aiwatch.screens.keys.keyboard import DIALOG, Action, Keyboard, Place
from aiwatch.session.layout import Panel
from aiwatch.widgets.linked_rows import Lines, Row, ScrollText, heading_row, laid_out

_KEYS = 16
"""Cells of the keys, before what they do."""

COMMON_AREAS = {
    "panel": "Panels",
    "list": "Watchlists",
    "board": "Rows",
    "find": "Stocks",
    "row": "What the cursor is on",
    "chart": "The chart of the stock",
    "ledger": "Views and sums",
    "view": "Look",
    "alert": "Alerts",
    "feed": "Quotes",
    "app": "aiwatch",
}
"""The first part of a common binding's id, and its heading."""

PLACES: tuple[tuple[str, frozenset[Place]], ...] = (
    ("In the board", frozenset({Panel.BOARD})),
    ("In the ledger and its records", frozenset({Panel.COMMITMENTS, Panel.RECORD})),
    ("In the stock's panel", frozenset({Panel.STOCK})),
    ("Dialogs", frozenset({DIALOG})),
)
"""Where the keys count that do not count everywhere, under its heading."""

SIGNS = (
    ("▲ ▼", "at its limit price, up or down; the row says so in words"),
    ("15m, 3s", "age of the quote by the source's own time; a word there says why it does not move"),
    ("-15m !12m m2h", "a price that comes late by design, that stands still, that is from memory"),
    ("○ ◐", "the market is closed, at lunch; ○6d says how old its last price is"),
    ("▁▂▃ ▄ ▅▆▇█", "the day: below the previous close, at it, above it; one scale a list"),
    ("◆", "an alert of the stock fired this session; its panel says which"),
    ("* »", "a row you marked; » where the cursor is"),
    ("⚑", "another statement conflicts with this record; the number says how many do"),
    ("●●○", "how far a record is trusted; in full it says why"),
    ("◷", "the newest source of a record is old, or has no date"),
    ("Tubex~", "a source of lower confidence; the sources say why"),
    ("$5 bn*", "a sum that is printed in this currency too"),
    ("✎", "a record of your own"),
    ("?", "a sum that is not stated"),
    ("–", "the source sent nothing"),
)

CHART_SIGNS = (
    ("◂", "the last price, on the axis; other tags there are the average price and the crosshair"),
    ("▲ ▼", "above or below a candle: the day closed at its limit"),
    ("D S ◆", "under the chart: ex-date of a dividend, of a split, a dated event of the ledger; the crosshair says it"),
    ("┊", "time cut out of a day: the lunch break, the night"),
    ("weeks", "in the corner: days are joined where there is no room for a candle each"),
    ("Wheel", "zooms; a click on a range shows it"),
)
"""What stands on a chart, in words."""

MOUSE = (("Click", "Select a row, open it by a second, sort by a column's head, pick a tab"), ("Wheel", "Scroll"))

TERMINAL = (("Ctrl+Z", "Stop aiwatch and give the terminal back; `fg` brings it again"),)

Heading = tuple[str, list[tuple[str, str, str]]]
"""A heading, and for each action below it its keys, what they do, and its id."""


def key_rows(keyboard: Keyboard) -> list[Heading]:
    """Every action by where it counts: in each panel, in all of them, in dialogs."""
    actions = keyboard.actions.values()
    still = [action for action in actions if not action.is_cursor]
    groups = [(heading, [action for action in still if action.places == places]) for heading, places in PLACES]
    groups.insert(-1, ("Moving, in every panel", [action for action in actions if action.is_cursor]))
    dialog = groups.pop()
    for area, heading in COMMON_AREAS.items():
        groups.append((heading, [action for action in still if action.is_common and action.area == area]))
    return [(heading, _rows(keyboard, of_group)) for heading, of_group in (*groups, dialog) if of_group]


def _rows(keyboard: Keyboard, actions: Iterable[Action]) -> list[tuple[str, str, str]]:
    return [(keyboard.shown(action.id), action.tooltip, action.id) for action in actions]


class HelpScreen(InfoDialog):
    """The keys and signs, over the dashboard."""

    CSS_PATH = "help.tcss"
    OPENED_BY = "app.help"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "filter", "filter", show=False, id="help.filter", tooltip="Show only what matches; so do letters"
        ),
        Binding(
            "f9", "ids", "ids", show=False, id="help.ids", tooltip="Show the ids of actions for [keys], or hide them"
        ),
    ]

    def __init__(self, keyboard: Keyboard, panel: Panel = Panel.BOARD) -> None:
        """``panel`` is the one in front, whose keys come first."""
        super().__init__()
        self._keyboard = keyboard
        self._panel = panel
        self._filter = ""
        self._has_ids = False
        self._laid_out: dict[int, list[Content]] = {}
        """The lines by the width in cells that they are laid out for: a layout of the screen asks several times."""
        self._text = Lines(self._lines_at)

    def compose(self) -> ComposeResult:
        with ScrollText(id="help") as box:
            box.border_title = "aiwatch: keys and signs"
            box.border_subtitle = f"type to filter · F9 ids · {self._keyboard.hint('dialog.close', 'closes', '')}"
            yield Input(placeholder="filter", id="help-filter", compact=True, select_on_focus=False)
            yield self._text

    @property
    def _box(self) -> Input:
        return self.query_one("#help-filter", Input)

    @property
    def groups(self) -> list[Heading]:
        """Everything under its heading: the keys of the panel in front, the signs, and then the rest."""
        keys = key_rows(self._keyboard)
        first = [heading for heading, places in PLACES if self._panel in places]
        own = [group for group in keys if group[0] in first]
        rest = [group for group in keys if group[0] not in first]
        columns = (("Signs", SIGNS), ("Columns of the board", legend()))
        signs, legends = ((heading, [(sign, words, "") for sign, words in rows]) for heading, rows in columns)
        further = (*dialog_rows(), ("Mouse", MOUSE), ("Terminal", TERMINAL), ("Signs of the chart", CHART_SIGNS))
        return [
            *own,
            signs,
            *rest,
            *((heading, [(key, words, "") for key, words in rows]) for heading, rows in further),
            legends,
        ]

    def _lines_at(self, width: int) -> list[Content]:
        if width not in self._laid_out:
            self._laid_out[width] = [line for line, _ in laid_out(self._rows(), max(1, width))]
        return self._laid_out[width]

    def _rows(self) -> list[Row]:
        """What has all words of the filter, in a line or in the heading above it."""
        words, shown = self._filter.casefold().split(), list[Row]()
        for heading, rows in self.groups:
            matches = [row for row in rows if all(word in f"{heading} {' '.join(row)}".casefold() for word in words)]
            if matches:
                shown.append(heading_row(heading))
                shown.extend(_row(keys, what, name if self._has_ids else "") for keys, what, name in matches)
                shown.append(Row(Content("")))
        if words and not shown:
            return [Row(Content.styled(f"Nothing here matches “{self._filter.strip()}”", "$quiet"))]
        if self._has_ids:
            last = "The words behind what a key does name its action in [keys] of the settings."
            shown.append(Row(Content.styled(last, "$quiet")))
        return shown

    def _redraw(self) -> None:
        self._laid_out.clear()
        self._text.show(self._lines_at(self._text.size.width))
        self._text.refresh(layout=True)

    def action_ids(self) -> None:
        """Show the ids by which the settings call actions, or hide them."""
        self._has_ids = not self._has_ids
        self._redraw()

    def action_filter(self) -> None:
        """Go to the box in which one types what is to be shown."""
        self._box.add_class("-shown")
        self._box.focus()

    @on(events.Key)
    def type_on(self, event: events.Key) -> None:
        """Begin to filter with a letter that is no key here."""
        is_key = event.key in self.active_bindings or is_key_of(self, self.OPENED_BY, event)
        is_hide = is_key_of(self, "view.stealth", event)
        if event.is_printable and event.character and not (is_key or is_hide or self._box.has_focus):
            event.stop()
            self.action_filter()
            self._box.insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show only what matches, from its top."""
        event.stop()
        self._filter = event.value
        self._redraw()

    @on(Input.Submitted)
    def leave_filter(self, event: Input.Submitted) -> None:
        """Go back to the text, which stays as it is."""
        event.stop()
        self.query_one("#help").focus()


def _row(keys: str, words: str, name: str = "") -> Row:
    """What ``keys`` do, wrapped behind them."""
    head = f"  {keys}{' ' * max(2, _KEYS - cell_len(keys))}"
    return Row(Content.assemble((head, "bold"), words, (f"  {name}" if name else "", "$quiet")), len(head))
