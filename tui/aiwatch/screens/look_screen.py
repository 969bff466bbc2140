"""The dashboard's half for the look of the board: its columns, its order, and how its filter spells Chinese names."""

from __future__ import annotations

from aiwatch.screens.editor_screen import EditorScreen
from aiwatch.widgets.board_panel import ALL_LISTS


class LookScreen(EditorScreen):
    """A screen whose board is laid out and sorted as a person likes it."""

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
        from aiwatch.screens.column_picker import ColumnPicker

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

    def action_order(self) -> None:
        """Choose by which columns the rows stand."""
        if not self._list_name():
            return
        from aiwatch.screens.sort_menu import SortMenu

        board = self.board_panel.board
        self.app.push_screen(SortMenu(board.order, board.arrange_by))
