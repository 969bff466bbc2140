"""The dashboard's half for its look: colours, the board's columns and order."""

from __future__ import annotations

from typing import cast

from textual import work
from textual.message import Message
from textual.reactive import reactive

from aiwatch.formatting.tone import CONVENTIONS, Convention
from aiwatch.screens.dashboard.editor_screen import EditorScreen
from aiwatch.widgets.board.panel import ALL_LISTS

CONVENTION_WORDS = {
    "auto": "By market: a gain is red in mainland China, green elsewhere",
    "red-up": "A gain is red everywhere",
    "green-up": "A gain is green everywhere",
    "colour-blind": "A gain is blue and a loss orange, for every kind of colour blindness",
    "monochrome": "No colours: signs and words say everything",
}


class LookScreen(EditorScreen):
    """A screen that is coloured, laid out and sorted as a person likes it."""

    convention: reactive[str] = reactive("auto", init=False)
    """The colours of gains and losses: one of `CONVENTIONS`."""

    class SchemeChosen(Message):
        """Other colours are wanted: ``scheme`` is one of `CONVENTIONS`."""

        def __init__(self, scheme: str) -> None:
            super().__init__()
            self.scheme = scheme

    def watch_convention(self, convention: str) -> None:
        """Let everything be drawn in the colours chosen."""
        self.post_message(self.SchemeChosen(convention))

    def action_colours(self) -> None:
        """The next colours for gains and losses."""
        at = CONVENTIONS.index(cast(Convention, self.convention))
        self.convention = CONVENTIONS[(at + 1) % len(CONVENTIONS)]
        self.notify(CONVENTION_WORDS[self.convention], title="Colours", timeout=3)

    def _list_name(self) -> str:
        """The name of the list shown; empty, and said why nothing can be chosen, where that is all of them."""
        key = self.board_panel.chosen
        if key == ALL_LISTS:
            self.notify("Open one list first: columns and order are a list's own", timeout=3)
        return next((one.name for one in self.lists if one.key == key), "")

    def action_columns(self) -> None:
        """Choose the columns of the list shown."""
        panel, name = self.board_panel, self._list_name()
        if not name:
            return
        from aiwatch.screens.dialogs.columns import ColumnPicker

        key = panel.chosen

        def keep(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None and chosen != panel.columns_of(key):
                panel.lay_out(key, chosen)
                self.keep_columns(key, chosen)

        self.app.push_screen(ColumnPicker(name, panel.columns_of(key), panel.board.fitting), keep)

    def keep_columns(self, key: str, columns: tuple[str, ...]) -> None:
        """Write the columns of a list down in its file."""
        if self.list_editor is None:
            self.notify("These columns stay until aiwatch is left", title="Columns", timeout=3)
        else:
            self.edit(lambda editor: editor.lay_out(key, columns))

    @work(group="pinyin", exclusive=True, exit_on_error=False)
    async def learn_names(self) -> None:
        """Learn how the Chinese names are typed in Latin letters, so that the filter finds them by that."""
        learn = self._given.environment.learn_names
        if learn is not None and await learn([stock.name_zh for stock in self._stocks.values() if stock.name_zh]):
            self.board_panel.board.filter_again()

    def action_order(self) -> None:
        """Choose by which columns the rows stand."""
        if not self._list_name():
            return
        from aiwatch.screens.dialogs.sort import SortMenu

        board = self.board_panel.board
        self.app.push_screen(SortMenu(board.order, board.arrange_by))
