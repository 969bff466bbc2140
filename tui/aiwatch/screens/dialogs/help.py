"""Every key, by where it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from aiwatch.screens.base import BaseDialog
from aiwatch.screens.dialogs.dialog_keys import dialog_rows
from aiwatch.screens.keys.bindings import BOARD_KEYS, COMMON_KEYS, DIALOG_KEYS, LEDGER_KEYS, dialog_keys
from aiwatch.screens.keys.keymap import Keyboard
from aiwatch.widgets.linked_rows import ScrollText
from aiwatch.widgets.row_list import CURSOR

_KEYS = 16
"""Cells of the keys, before what they do."""

COMMON_AREAS = {
    "panel": "Panels",
    "list": "Watchlists",
    "board": "Rows",
    "row": "What the cursor is on",
    "ledger": "Views and sums",
    "view": "Look",
    "alert": "Alerts",
    "feed": "Quotes",
    "app": "aiwatch",
}
"""The first part of a common binding's id, and its heading."""

SIGNS = (
    ("▲ ▼", "at its limit price, up or down; the row says so in words"),
    ("15m, 3s", "age of the quote by the source's own time; a word there says why it does not move"),
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

Heading = tuple[str, list[tuple[str, str, str]]]
"""A heading, and for each action below it its keys, what they do, and its id."""


def key_rows(keyboard: Keyboard) -> list[Heading]:
    """Every action by where it counts: in each panel, in all of them, in what lies over them."""
    board, ledger = (_rows(keyboard, bindings) for bindings in (BOARD_KEYS, LEDGER_KEYS))
    moving = [(keyboard.shown(name), told, name) for name, (_, _, told) in CURSOR.items()]
    common = [
        (heading, _rows(keyboard, [one for one in COMMON_KEYS if str(one.id).startswith(f"{area}.")]))
        for area, heading in COMMON_AREAS.items()
    ]
    rows = [("In the board", board), ("In the ledger and its records", ledger), ("Moving, in every panel", moving)]
    return [one for one in (*rows, *common, ("In what lies over the screen", _rows(keyboard, DIALOG_KEYS))) if one[1]]


def _rows(keyboard: Keyboard, bindings: Iterable[Binding]) -> list[tuple[str, str, str]]:
    return [(keyboard.shown(str(binding.id)), binding.tooltip, str(binding.id)) for binding in bindings]


class HelpScreen(BaseDialog[None]):
    """The keys and signs, over the dashboard."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*dialog_keys("app.help")]

    def __init__(self, keyboard: Keyboard) -> None:
        super().__init__()
        self._keyboard = keyboard

    def compose(self) -> ComposeResult:
        with ScrollText(id="help") as box:
            box.border_title = "aiwatch: keys and signs"
            box.border_subtitle = f"{self._keyboard.shown('dialog.close')} closes"
            yield Static(self._text())

    def _text(self) -> Content:
        parts: list[Content] = []
        for heading, rows in key_rows(self._keyboard):
            parts.append(Content.styled(heading, "bold $heading"))
            parts.extend(_line(keys, words, name) for keys, words, name in rows)
            parts.append(Content(""))
        for heading, told in (*dialog_rows(), ("Mouse", MOUSE), ("Signs", SIGNS)):
            parts.append(Content.styled(heading, "bold $heading"))
            parts.extend(_line(keys, words) for keys, words in told)
            parts.append(Content(""))
        parts.append(Content.styled("The words on the right name an action in [keys] of the settings.", "$quiet"))
        return Content("\n").join(parts)


def _line(keys: str, words: str, name: str = "") -> Content:
    room = " " * max(2, _KEYS - cell_len(keys))
    return Content.assemble((f"  {keys}{room}", "bold"), words, (f"  {name}" if name else "", "$quiet"))
