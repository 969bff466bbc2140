"""The dashboard's half for the keys that edit lists: each changes a file at once, and ``z`` takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import work

from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.mark_screen import MarkScreen
from aiwatch.watchlist import Watchlist
from aiwatch.widgets.board.panel import ALL_LISTS


def restored(before: Sequence[Watchlist], after: Sequence[Watchlist]) -> tuple[str, Symbol] | None:
    """The first stock that is in ``after`` and was not in its list in ``before``, with the list's key.

    ``None`` where no list has more than it had; a whole list that is new counts for nothing.
    """
    had = {one.key: {stock.symbol for stock in one.stocks} for one in before}
    for one in after:
        for stock in one.stocks if one.key in had else ():
            if stock.symbol not in had[one.key]:
                return one.key, stock.symbol
    return None


class EditScreen(MarkScreen):
    """A screen whose watchlists can be edited."""

    # Keys for stocks

    def action_add_stock(self) -> None:
        """Ask which stocks to add, and write them below the cursor."""
        if not self.shows_all_lists() and (one := self.list_in_front()) is not None:
            self._add_to(one)

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _add_to(self, one: Watchlist) -> None:
        from aiwatch.screens.dialogs.add_stock import AddDialog
        from aiwatch.session.directory import directory_of

        board = self.board_panel.board
        places = {stock.symbol: place for place, stock in enumerate(one.stocks)}
        at = places[board.current] + 1 if board.current in places else None
        directory = directory_of(self.lists, self.ledger.entities.values())
        dialog = AddDialog(one, directory, self._given.feed.search, self._given.environment.learn_names)
        stocks = await self.app.push_screen_wait(dialog)
        if stocks is None or await self.do(lambda editor: editor.add(one.key, stocks, at)) is None:
            return
        self._go_to(stocks[0].symbol)

    def action_remove_stock(self) -> None:
        """Remove the marked stocks, else the cursor's; of all lists, delete the cursor's."""
        if self.board_panel.chosen == ALL_LISTS:
            self.delete_list()
        elif targets := self.targets():
            key = self.board_panel.chosen
            self.edit(lambda editor: editor.remove(key, targets))

    def action_place(self, by: int) -> None:
        """Move the marked stocks, else the cursor's, one place up or down."""
        targets, board = self.targets(), self.board_panel.board
        if not targets:
            return
        if board.order or board.filter_text:
            why = "filtered" if board.filter_text else "sorted"
            self.inform(f"The list is {why}, and its own order not to be seen: stocks can be moved in that alone")
            return
        key = self.board_panel.chosen
        self.edit(lambda editor: editor.shift(key, targets, by), plain=True)

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def action_move_to_list(self) -> None:
        """Ask for a list, and move the marked stocks, else the cursor's, to its end."""
        from aiwatch.screens.dialogs.lists import ListPicker

        targets, key = self.targets(), self.board_panel.chosen
        if not targets:
            return
        others = [one for one in self.lists if one.key != key]
        if not others:
            self.inform(f"There is no other list: {self.keyboard.shown('edit.new')} begins one")
            return
        to = await self.app.push_screen_wait(ListPicker(others, len(targets)))
        if to is not None:
            await self.do(lambda editor: editor.move(targets, key, to))

    # Keys for lists

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def action_new_list(self) -> None:
        """Ask for a name, and begin a list."""
        from aiwatch.screens.dialogs.lists import NameDialog

        name = await self.app.push_screen_wait(NameDialog("A new list", "", [one.name for one in self.lists]))
        if name is not None and (done := await self.do(lambda editor: editor.create(name))) is not None:
            self.board_panel.open(str(done.result))

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def action_rename_list(self) -> None:
        """Ask for another name for the list in front."""
        from aiwatch.screens.dialogs.lists import NameDialog

        one = self.list_in_front()
        if one is None:
            return
        taken = [other.name for other in self.lists if other.key != one.key]
        name = await self.app.push_screen_wait(NameDialog(f"Rename {one.name}", one.name, taken))
        if name is not None and name != one.name:
            await self.do(lambda editor: editor.rename(one.key, name))

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def delete_list(self) -> None:
        """Delete the list in front, once that is confirmed."""
        from aiwatch.screens.dialogs.lists import ConfirmDialog

        one = self.list_in_front()
        if one is None:
            return
        count = len(one.stocks)
        question = f"Delete {one.name} with {count} stock{'' if count == 1 else 's'}?"
        if await self.app.push_screen_wait(ConfirmDialog(question, str(one.path.name))):
            await self.do(lambda editor: editor.delete(one.key))

    @work(group="edit", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take the last edit back, and put the cursor where it was made: on the first stock that came back."""
        before = self.lists
        done = await self.perform(lambda editor: editor.undo())
        if done is None:
            return
        back = restored(before, self.lists)
        if back is not None:
            key, symbol = back
            self.board_panel.open(key)
            self._go_to(symbol)
        self.inform(f"Undone: {done.result}")

    def _go_to(self, symbol: Symbol) -> None:
        """Put the board's cursor on ``symbol``, whatever the filter hides."""
        board = self.board_panel.board
        if symbol not in [shown.symbol for shown in board.shown]:
            self.board_panel.clear_filter()
        board.move_to(symbol)

    @work(group="editor", exclusive=True, exit_on_error=False)
    async def action_open_file(self) -> None:
        """Open the file of the list in front in the person's editor, at the line of the cursor's stock."""
        from aiwatch.screens.external_editor import EditorError, run_editor

        one = self.list_in_front()
        adopted = await self.perform(lambda editor: editor.adopt(one.key)) if one is not None else None
        if one is None or adopted is None:
            return
        path = Path(str(adopted.result))
        stock = self.stock_of(self.board_panel.board.current) if self.board_panel.board.current else None
        at_stock = stock is not None and self.board_panel.chosen == one.key
        line = self.wrong_lines.get(path) or (stock.line if stock is not None and at_stock else 1)
        refusal: EditorError | None = None
        try:
            await run_editor(self.app, self._given.environment.variables, path, line)
        except EditorError as error:
            refusal = error
        kept = await self.perform(lambda editor: not editor.forget_copy(one.key))
        if refusal is not None:
            self._refuse(refusal)
        if kept is not None and kept.result and adopted.step is not None:
            self.inform(self.done_words(adopted.step))
