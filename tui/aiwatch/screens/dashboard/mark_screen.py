"""The dashboard's half for marks: which stocks, or which list, the keys that edit are about."""

from __future__ import annotations

from textual import on

from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.editor_screen import EditorScreen
from aiwatch.session.dependencies import Dependencies
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.folders import ListsRead
from aiwatch.widgets.board.panel import ALL_LISTS, BoardPanel


class MarkScreen(EditorScreen):
    """A screen on which rows of the board can be marked, to do something with them together."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self._picked_in = ""

    def list_in_front(self) -> Watchlist | None:
        """The list shown, or of all lists the one the cursor is on; says so where there is none."""
        panel = self.board_panel
        key = panel.overview.current if panel.chosen == ALL_LISTS else panel.chosen
        found = next((one for one in self.lists if one.key == key), None)
        if found is None:
            self.inform(f"There is no list here: {self.keyboard.shown('edit.new')} begins one")
        return found

    def targets(self) -> tuple[Symbol, ...]:
        """The stocks to do something with, in the file's order: the marked ones, else the cursor's. Says so where there
        are none."""
        board = self.board_panel.board
        if self.shows_all_lists():
            return ()
        picked = tuple(stock.symbol for stock in self._stocks_here() if stock.symbol in board.picked)
        found = picked or ((board.current,) if board.current is not None else ())
        if not found:
            self.inform(f"There is no stock here: {self.keyboard.shown('edit.add')} adds one")
        return found

    def shows_all_lists(self) -> bool:
        """Whether all lists are shown, in which no stock can be edited; says so."""
        if self.board_panel.chosen != ALL_LISTS:
            return False
        self.inform("Open a list first: Enter opens the one the cursor is on")
        return True

    def _stocks_here(self) -> tuple[Stock, ...]:
        return next((one.stocks for one in self.lists if one.key == self.board_panel.chosen), ())

    def action_pick(self) -> None:
        """Mark the cursor's row, or take its mark away, and go to the next."""
        board = self.board_panel.board
        if self.shows_all_lists() or board.current is None:
            return
        board.pick(board.picked ^ {board.current})
        board.action_move(1)
        self._show_picked()

    def clear_picks(self) -> bool:
        """Take all marks away; whether there were any."""
        board = self.board_panel.board
        had = bool(board.picked)
        board.pick(frozenset())
        self._show_picked()
        return had

    def _show_picked(self) -> None:
        count = len(self.board_panel.board.picked)
        self.board_panel.border_subtitle = (
            f"{count} marked: {self.keyboard.shown('panel.back')} clears" if count else ""
        )

    @on(BoardPanel.Changed)
    def forget_picks(self) -> None:
        """Marks are those of the list shown."""
        if self.board_panel.chosen != self._picked_in:
            self._picked_in = self.board_panel.chosen
            self.clear_picks()

    def take_lists(self, found: ListsRead) -> None:
        """Show other lists in place of these; marks stay on the stocks that are still there."""
        super().take_lists(found)
        self._show_picked()
