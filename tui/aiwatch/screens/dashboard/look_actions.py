"""How the board's lists look: the dialogs of columns and order, and names that are typed in Latin letters."""

from __future__ import annotations

from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.screens.dashboard.panel_layout import DashboardParts


class LookActions:
    """Runs the dialogs about the list shown."""

    def __init__(self, parts: DashboardParts, list_actions: ListActions) -> None:
        self._parts = parts
        self._list_actions = list_actions

    def choose_columns(self, key: str) -> None:
        """Choose the columns of the list ``key``."""
        from aiwatch.screens.dialogs.columns import ColumnPicker

        lists, watchlist = self._parts.panels.board.lists, self._parts.session.lists.get(key)
        if watchlist is None:
            return

        def keep(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None and chosen != lists.columns_of(key):
                lists.lay_out(key, chosen)
                self._keep_columns(key, chosen)

        picker = ColumnPicker(watchlist.name, lists.columns_of(key), lists.board.fitting)
        self._parts.screen.app.push_screen(picker, keep)

    def _keep_columns(self, key: str, columns: tuple[str, ...]) -> None:
        """Write the columns of a list down in its file."""
        if self._parts.session.lists.is_editable:
            self._list_actions.edit(lambda editor: editor.lay_out(key, columns))
        else:
            self._parts.screen.notify("These columns stay until aiwatch is left", title="Columns", timeout=3)

    def choose_order(self) -> None:
        """Choose by which columns the rows stand."""
        from aiwatch.screens.dialogs.sort import SortMenu

        board = self._parts.panels.board.board
        self._parts.screen.app.push_screen(SortMenu(board.order, board.arrange_by))

    async def learn_names(self) -> None:
        """Learn how the Chinese names are typed in Latin letters, so that the filter finds them by that."""
        learn = self._parts.session.dependencies.environment.learn_names
        names = [stock.name_zh for stock in self._parts.session.lists.stocks if stock.name_zh]
        if learn is not None and await learn(list(dict.fromkeys(names))):
            self._parts.panels.board.board.filter_again()
