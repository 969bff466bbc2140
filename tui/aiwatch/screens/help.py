"""Every key, by what it is for."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from aiwatch.screens.keys import CURSOR_HELP, DASHBOARD_KEYS

AREAS = {
    "panel": "Panels",
    "list": "Watchlists",
    "board": "Rows",
    "edit": "Editing lists",
    "ledger": "Ledger",
    "view": "Look",
    "alert": "Alerts",
    "feed": "Quotes",
    "app": "aiwatch",
}
"""The first part of a binding's id, and its heading."""

SIGNS = (
    ("▲ ▼", "at its limit price, up or down; the row says so in words"),
    ("15m, 3s", "age of the quote by the source's own time; a word there says why it does not move"),
    ("◆", "an alert of the stock fired this session; its panel says which"),
    ("* »", "a row you marked; » where the cursor is"),
    ("⚑", "the articles contradict each other on this record"),
    ("002~", "a source of lower confidence: it names no witness"),
    ("✎", "a record of your own"),
    ("?", "a sum that is not stated"),
    ("–", "the source sent nothing"),
)


def key_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each heading with its (keys, what they do); keys of one action stand together."""
    rows: list[tuple[str, list[tuple[str, str]]]] = []
    for area, heading in AREAS.items():
        keys = [
            (binding.key_display or binding.key.replace("+", " ").title() if len(binding.key) > 1 else binding.key)
            for binding in DASHBOARD_KEYS
            if binding.id and binding.id.startswith(f"{area}.")
        ]
        tooltips = [b.tooltip for b in DASHBOARD_KEYS if b.id and b.id.startswith(f"{area}.")]
        rows.append((heading, list(zip(keys, tooltips, strict=True))))
    rows.append(("In every panel", list(CURSOR_HELP)))
    rows.append(("Signs", list(SIGNS)))
    return rows


class HelpScreen(ModalScreen[None]):
    """The keys and signs, over the dashboard."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "app.pop_screen", "close", id="help.close", tooltip="Close the help"),
        Binding("j", "scroll_down", "down", show=False),
        Binding("k", "scroll_up", "up", show=False),
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = "aiwatch: keys and signs"
            box.border_subtitle = "Esc closes"
            yield Static(self._text())

    def _text(self) -> Content:
        parts: list[Content] = []
        for heading, rows in key_rows():
            parts.append(Content.styled(heading, "bold $heading"))
            parts.extend(Content.assemble((f"  {keys:<16}", "bold"), words) for keys, words in rows)
            parts.append(Content(""))
        return Content("\n").join(parts[:-1])

    def action_scroll_down(self) -> None:
        """Scroll the text down."""
        self.query_one("#help").scroll_down()

    def action_scroll_up(self) -> None:
        """Scroll the text up."""
        self.query_one("#help").scroll_up()
