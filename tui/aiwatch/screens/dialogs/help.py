"""Every key, by where it counts."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from aiwatch.board.columns import legend
from aiwatch.screens.base import InfoDialog
from aiwatch.screens.dialogs.dialog_keys import dialog_rows
from aiwatch.screens.keys.keyboard import DIALOG, Action, Keyboard, Place
from aiwatch.session.layout import Panel
from aiwatch.widgets.linked_rows import ScrollText

_KEYS = 16
"""Cells of the keys, before what they do."""

COMMON_AREAS = {
    "panel": "Panels",
    "list": "Watchlists",
    "board": "Rows",
    "find": "Stocks",
    "row": "What the cursor is on",
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
    ("In what lies over the screen", frozenset({DIALOG})),
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


MOUSE = (("Click", "Select a row, open it by a second, sort by a column's head, pick a tab"), ("Wheel", "Scroll"))

TERMINAL = (("Ctrl+Z", "Stop aiwatch and give the terminal back; `fg` brings it again"),)

Heading = tuple[str, list[tuple[str, str, str]]]
"""A heading, and for each action below it its keys, what they do, and its id."""


def key_rows(keyboard: Keyboard) -> list[Heading]:
    """Every action by where it counts: in each panel, in all of them, in what lies over them."""
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

    def __init__(self, keyboard: Keyboard) -> None:
        super().__init__()
        self._keyboard = keyboard

    def compose(self) -> ComposeResult:
        with ScrollText(id="help") as box:
            box.border_title = "aiwatch: keys and signs"
            box.border_subtitle = self._keyboard.hint("dialog.close", "closes", "")
            yield Static(self._text())

    def _text(self) -> Content:
        parts: list[Content] = []
        for heading, rows in key_rows(self._keyboard):
            parts.append(Content.styled(heading, "bold $heading"))
            parts.extend(_line(keys, words, name) for keys, words, name in rows)
            parts.append(Content(""))
        further = (("Mouse", MOUSE), ("Terminal", TERMINAL), ("Signs", SIGNS), ("Columns of the board", legend()))
        for heading, told in (*dialog_rows(), *further):
            parts.append(Content.styled(heading, "bold $heading"))
            parts.extend(_line(keys, words) for keys, words in told)
            parts.append(Content(""))
        parts.append(Content.styled("The words on the right name an action in [keys] of the settings.", "$quiet"))
        return Content("\n").join(parts)


def _line(keys: str, words: str, name: str = "") -> Content:
    room = " " * max(2, _KEYS - cell_len(keys))
    return Content.assemble((f"  {keys}{room}", "bold"), words, (f"  {name}" if name else "", "$quiet"))
