"""The question which of several pages about a record is to be opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.formatting.addresses import without_passwords
from aiwatch.screens.base import BaseDialog
from aiwatch.widgets.row_list import RowList


class PagePicker(BaseDialog[str | None]):
    """Asks which of ``pages``, addresses with what each is, to open; gives its address."""

    CSS_PATH = "edit.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", id="page.cancel", tooltip="Open none"),
    ]

    def __init__(self, pages: Mapping[str, str]) -> None:
        super().__init__()
        self._pages = dict(pages)

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box", id="page-box") as box:
            box.border_title = "Which page?"
            box.border_subtitle = self.hint("cursor.open", "opens")
            rows = (_row(url, words) for url, words in self._pages.items())
            yield RowList(*(Option(row, id=str(place)) for place, row in enumerate(rows)), compact=True)

    @on(OptionList.OptionSelected)
    def give(self, event: OptionList.OptionSelected) -> None:
        """Give the address of the chosen page."""
        event.stop()
        self.dismiss(list(self._pages)[event.option_index])


def _row(url: str, words: str) -> Content:
    return Content.assemble((words, "bold"), "\n  ", (without_passwords(url), "$quiet"))
