"""What is done to the lists: each request asks what is still to be said, changes a file at once, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiwatch.errors import EditError
from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.session.lists import DeletedFile, EditResult
from aiwatch.watchlist import ALL_STOCKS, LOOKED_UP, Stock
from aiwatch.watchlist.reader import line_of
from aiwatch.widgets.board import panel as asked
from aiwatch.widgets.board.lists_view import ListsView

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.editor import ListEditor
    from aiwatch.watchlist.editing.history import Step

Operation = Callable[["ListEditor"], object]


class ListActions:
    """Runs the dialogs and the session's edits, in workers of the screen."""

    def __init__(self, parts: DashboardParts) -> None:
        self._screen = parts.screen
        self._lists = parts.session.lists
        self._parts = parts

    def start(self, request: asked.ListRequest) -> None:
        """Do what ``request`` asks for."""
        key = request.key
        if key == ALL_STOCKS and isinstance(request, asked.StockRequest):
            self._start_on_several(request, self._lists.by_list(request.symbols))
            return
        if key == LOOKED_UP:
            self._start_on_looked_up(request)
            return
        match request:
            case asked.AddRequested():
                self._ask(partial(self._add, request))
            case asked.RemoveRequested(symbols=symbols):
                self.edit(lambda editor: editor.remove(key, symbols))
            case asked.ShiftRequested(symbols=symbols, by=by):
                self.edit(lambda editor: editor.shift(key, symbols, by), plain=True)
            case asked.MoveRequested():
                self._ask(partial(self._move, request))
            case asked.DeleteRequested():
                self._ask(partial(self._delete, key))
            case asked.RenameRequested():
                self._ask(partial(self._rename, key))
            case asked.NewListRequested():
                self._ask(self._begin)
            case asked.FileRequested():
                self._parts.begin(partial(self._open_file, request), "editor", exclusive=True)
            case asked.UndoRequested():
                self._parts.begin(self._undo, "edit")

    def _start_on_several(self, request: asked.StockRequest, parts: dict[str, tuple[Symbol, ...]]) -> None:
        """Do what is asked of stocks of several lists, ``parts``, as one edit: each in its own list."""
        looked_up = parts.pop(LOOKED_UP, ())
        match request:
            case asked.RemoveRequested():
                self.edit(_in_each(parts, lambda editor, key, symbols: editor.remove(key, symbols)))
                if looked_up:
                    self._parts.show_lists(self._lists.forget(looked_up))
            case asked.ShiftRequested(by=by):
                self.edit(_in_each(parts, lambda editor, key, symbols: editor.shift(key, symbols, by)), plain=True)
            case asked.MoveRequested():
                self.inform("The marked stocks are of several lists: move those of one list at a time")

    def _start_on_looked_up(self, request: asked.ListRequest) -> None:
        """Do what can be done to a list that stands in no file."""
        match request:
            case asked.RemoveRequested(symbols=symbols):
                self._parts.show_lists(self._lists.forget(symbols))
            case asked.DeleteRequested():
                self._parts.show_lists(self._lists.forget([stock.symbol for stock in self._lists.stocks]))
            case asked.MoveRequested():
                self._ask(partial(self._move, request))
            case asked.AddRequested():
                self._ask(partial(self._add, request))
            case asked.UndoRequested():
                self._parts.begin(self._undo, "edit")
            case asked.NewListRequested():
                self._ask(self._begin)
            case _:
                move = self._parts.keyboard.hint("edit.move", "moves a stock to a list that does", ": ")
                self.inform(f"This list stands in no file{move}")

    def add(self, key: str, stock: Stock) -> None:
        """Add ``stock`` at the end of the list ``key``, and put the cursor on it."""
        self._ask(partial(self._add_stocks, key, (stock,), None))

    async def _add_stocks(self, key: str, stocks: tuple[Stock, ...], at: int | None) -> None:
        if await self.run(lambda editor: editor.add(key, stocks, at)) is not None:
            self._board.go_to(stocks[0].symbol)

    def edit(self, operation: Operation, *, plain: bool = False) -> None:
        """Do ``operation`` and say what was done; what is ``plain`` to be seen only with a first copy of a list."""
        self._parts.begin(partial(self.run, operation, plain=plain), "edit")

    def _ask(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._parts.begin(work, "ask", exclusive=True)

    # Edits

    async def run(self, operation: Operation, *, plain: bool = False) -> EditResult | None:
        """Do ``operation`` as `edit` does; ``None`` when it could not be done, which is said."""
        result = await self._perform(operation)
        if result is not None and result.step is not None and (result.step.copied or not plain):
            self.inform(self._sentence_of(result.step))
        return result

    async def _perform(self, operation: Operation) -> EditResult | None:
        """Do ``operation`` and show what became of the lists; ``None`` when it could not be done, which is said."""
        if not self._lists.is_editable:
            self.inform("The lists cannot be edited here")
            return None
        try:
            result = await self._lists.run_edit(operation)
        except EditError as error:
            self._refuse(error)
            return None
        self._parts.show_lists(result.change)
        return result

    async def _undo(self) -> None:
        """Take the last edit back, and put the cursor where it was made: on the first stock that came back."""
        if not self._lists.is_editable:
            self.inform("The lists cannot be edited here")
            return
        try:
            undone = await self._lists.undo()
        except EditError as error:
            self._refuse(error)
            return
        self._parts.show_lists(undone.change)
        if undone.restored is not None:
            key, symbol = undone.restored
            if self._board.chosen != ALL_STOCKS:
                self._board.open(key)
            self._board.go_to(symbol)
        self.inform(f"Undone: {undone.words}")

    @property
    def _board(self) -> ListsView:
        return self._parts.panels.board.lists

    # What is asked first

    async def _add(self, request: asked.AddRequested) -> None:
        """Ask which stocks to add, and write them below the cursor."""
        from aiwatch.screens.dialogs.add_stock import AddDialog
        from aiwatch.session.directory import directory_of

        watchlist = self._lists.get(request.key)
        if watchlist is None:
            return
        places = {stock.symbol: place for place, stock in enumerate(watchlist.stocks, 1)}
        at = next((places[symbol] for symbol in request.symbols if symbol in places), None)
        dependencies = self._parts.session.dependencies
        directory = directory_of(self._lists.lists, self._parts.session.ledger.ledger.entities.values())
        dialog = AddDialog(watchlist, directory, dependencies.feed.search, dependencies.environment.learn_names)
        stocks = await self._screen.app.push_screen_wait(dialog)
        if stocks and watchlist.key == LOOKED_UP:
            for stock in stocks:
                self._parts.show_lists(self._lists.look_up(stock))
            self._board.go_to(stocks[0].symbol)
        elif stocks:
            await self._add_stocks(watchlist.key, stocks, at)

    async def _move(self, request: asked.MoveRequested) -> None:
        """Ask for a list, and move the stocks to its end."""
        from aiwatch.screens.dialogs.lists import ListPicker

        targets = [watchlist for watchlist in self._lists.filed if watchlist.key != request.key]
        if not targets:
            self.inform(f"There is no other list{self._parts.keyboard.hint('edit.new', 'begins one')}")
            return
        to = await self._screen.app.push_screen_wait(ListPicker(targets, len(request.symbols)))
        if to is None:
            return
        if request.key != LOOKED_UP:
            await self.run(lambda editor: editor.move(request.symbols, request.key, to))
            return
        stocks = [stock for symbol in request.symbols if (stock := self._lists.stock_of(symbol, LOOKED_UP))]
        if await self.run(lambda editor: editor.add(to, stocks, None)) is not None:
            self._parts.show_lists(self._lists.forget(request.symbols))

    async def _begin(self) -> None:
        """Ask for a name, and begin a list."""
        from aiwatch.screens.dialogs.lists import NameDialog

        dialog = NameDialog("A new list", "", [watchlist.name for watchlist in self._lists.lists])
        name = await self._screen.app.push_screen_wait(dialog)
        if name is not None and (result := await self.run(lambda editor: editor.create(name))) is not None:
            self._board.open(str(result.value))

    async def _rename(self, key: str) -> None:
        """Ask for another name for the list."""
        from aiwatch.screens.dialogs.lists import NameDialog

        watchlist = self._lists.get(key)
        if watchlist is None:
            return
        taken = [further.name for further in self._lists.lists if further.key != key]
        dialog = NameDialog(f"Rename {watchlist.name}", watchlist.name, taken)
        name = await self._screen.app.push_screen_wait(dialog)
        if name is not None and name != watchlist.name:
            await self.run(lambda editor: editor.rename(key, name))

    async def _delete(self, key: str) -> None:
        """Delete the list, once that is confirmed."""
        from aiwatch.screens.dialogs.lists import ConfirmDialog

        watchlist = self._lists.get(key)
        if watchlist is None:
            return
        count = len(watchlist.stocks)
        question = f"Delete {watchlist.name} with {count} stock{'' if count == 1 else 's'}?"
        if await self._screen.app.push_screen_wait(ConfirmDialog(question, str(watchlist.path.name))):
            await self.run(lambda editor: editor.delete(key))

    async def _open_file(self, request: asked.FileRequested) -> None:
        """Open the file of the list in the person's editor, at the line of its first fault, else of the stock."""
        from aiwatch.screens.external_editor import EditorError, run_editor

        key = request.key
        adopted = await self._perform(lambda editor: editor.adopt(key))
        if adopted is None:
            return
        path = Path(str(adopted.value))
        line = self._lists.wrong_lines.get(path)
        if line is None:
            line = await asyncio.to_thread(line_of, path, request.symbols)
        refusal: EditorError | None = None
        try:
            variables = self._parts.session.dependencies.environment.variables
            await run_editor(self._screen.app, variables, path, line)
        except EditorError as error:
            refusal = error
        is_kept = await self._perform(lambda editor: not editor.forget_copy(key))
        if refusal is not None:
            self._refuse(refusal)
        if is_kept is not None and is_kept.value and adopted.step is not None:
            self.inform(self._sentence_of(adopted.step))

    # What is said

    def report_deleted(self, files: tuple[DeletedFile, ...]) -> None:
        """Say which ``files`` somebody deleted, and whether they can come back."""
        for file in files:
            undo = self._parts.keyboard.hint("edit.undo", "brings it back", " · ") if file.can_return else ""
            self.inform(f"{file.path.name} is gone, and its list with it{undo}")

    def inform(self, words: str) -> None:
        """Say something about the lists for a moment."""
        self._screen.app.notify(words, title="Watchlists", timeout=5, markup=False)

    def _refuse(self, error: EditError) -> None:
        words = _capitalised(str(error)) + (f". {error.hint}" if error.hint else "")
        self._screen.app.notify(words, title=error.title, severity="warning", timeout=10, markup=False)

    def _sentence_of(self, step: Step) -> str:
        """What was done, in a sentence, and what of it may surprise: that a list is one's own now, or is not kept."""
        undo = self._parts.keyboard.hint("edit.undo", "undoes", " · ")
        return f"{_capitalised(step.words)}{undo}{self._surprise(step)}"

    def _surprise(self, step: Step) -> str:
        if self._parts.session.dependencies.feed.provenance:
            return "\nedits are not kept"
        return "".join(f"\n{path.stem} is your own list now: {_short(path)}" for path in step.copied)


def _in_each(
    parts: Mapping[str, tuple[Symbol, ...]], do: Callable[[ListEditor, str, tuple[Symbol, ...]], object]
) -> Operation:
    """The operation that does ``do`` with the stocks of each list, all of it as one edit."""
    each = [lambda editor, key=key, symbols=symbols: do(editor, key, symbols) for key, symbols in parts.items()]
    return lambda editor: editor.do_together(each)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _short(path: Path) -> str:
    """``path``, from the home of its owner on."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (RuntimeError, ValueError):
        return str(path)
