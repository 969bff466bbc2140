"""Edits of the user's watchlists, each in the file at once, and undone again.

A bundled list is copied into the user's folder by its first change. What writes is imported when it is first used: it
needs `tomlkit`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aiwatch.errors import EditError
from aiwatch.files.atomic import Form
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.editing.history import Change, Step

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.edits import Edit
    from aiwatch.watchlist.editing.writer import ListWriter

_NEW = Form()
MOST_STEPS = 100
"""Edits that can be undone: the last ones."""


class ListEditor:
    """Edits the lists of the folder ``own``, under which those of ``bundled`` lie.

    Methods block unless they say that they do not: call them in a thread, one at a time. They raise `EditError`, and
    leave the files as they were, when an edit does not fit a list as it is on disk now, or a file is wrong or cannot be
    written.
    """

    def __init__(self, bundled: Path, own: Path) -> None:
        self.bundled = bundled
        self.own = own
        self.steps: list[Step] = []
        """What can be undone, the last one last."""
        self._deleted: set[Path] = set()
        self._made: ListWriter | None = None

    @property
    def _writer(self) -> ListWriter:
        if self._made is None:
            from aiwatch.watchlist.editing.writer import ListWriter

            self._made = ListWriter(self.bundled, self.own)
        return self._made

    def path_of(self, key: str) -> Path:
        """The user's own file of the list ``key``, whether it is there or not. Does not block."""
        return self.own / f"{key}.toml"

    def change(self, key: str, *edits: Edit) -> Watchlist:
        """Make ``edits`` in the list ``key``, together or not at all, and return the list as it then is."""
        with self._writer.writing():
            done = self._writer.change(key, edits)
        from aiwatch.watchlist.editing.edits import words_of

        self._remember(words_of(edits, done.before, done.after), done.change)
        return done.after

    def add(self, key: str, stocks: Stock | Sequence[Stock], at: int | None = None) -> Watchlist:
        """Write ``stocks`` down in the list ``key``, from ``at`` on among the others, else at its end."""
        from aiwatch.watchlist.editing.edits import AddStock

        new = (stocks,) if isinstance(stocks, Stock) else stocks
        return self.change(key, *(AddStock(stock, None if at is None else at + n) for n, stock in enumerate(new)))

    def remove(self, key: str, symbols: Sequence[Symbol]) -> Watchlist:
        """Take stocks out of the list ``key``, with the comments that belong to them."""
        from aiwatch.watchlist.editing.edits import RemoveStock

        return self.change(key, *map(RemoveStock, symbols))

    def shift(self, key: str, symbols: Sequence[Symbol], by: int) -> Watchlist:
        """Move stocks of the list ``key`` one place, ``by`` 1 down or by -1 up, as far as there is room."""
        from aiwatch.watchlist.editing.edits import ShiftStocks

        return self.change(key, ShiftStocks(tuple(symbols), by))

    def create(self, name: str) -> str:
        """Begin an empty list called ``name``, and return its key."""
        with self._writer.writing():
            change = self._writer.create(name)
        self._remember(f"made the list {name}", change)
        return change.path.stem

    def rename(self, key: str, name: str) -> Watchlist:
        """Give the list ``key`` another name; its file, and with it the key, stays."""
        from aiwatch.watchlist.editing.edits import SetListKey

        return self.change(key, SetListKey("name", name))

    def lay_out(self, key: str, columns: Sequence[str]) -> Watchlist:
        """Give the list ``key`` these columns; none for the usual ones."""
        from aiwatch.watchlist.editing.edits import SetListKey

        return self.change(key, SetListKey("columns", tuple(columns) or None))

    def delete(self, key: str) -> None:
        """Delete the user's own file of the list ``key``: a bundled list is then again as it ships."""
        with self._writer.writing():
            change = self._writer.delete(key)
        self._deleted.add(change.path)
        self._remember(f"deleted {change.path.name}", change)

    def move(self, symbols: Sequence[Symbol], from_key: str, to_key: str) -> None:
        """Move stocks to the end of another list, with all that is written of them.

        They are written there before they are taken out here, so that none is ever in neither.
        """
        from aiwatch.watchlist.editing.edits import PutStock, RemoveStock, words_of
        from aiwatch.watchlist.editing.source_text import Sheet

        writer = self._writer
        with writer.writing():
            sheet = Sheet.read(writer.path_of(from_key), writer.source(from_key)[1])
            texts = [(symbol, "".join(sheet.lines_of(symbol))) for symbol in symbols]
            removals = [RemoveStock(symbol, text) for symbol, text in texts]
            there = writer.change(to_key, [PutStock(symbol, text) for symbol, text in texts])
            try:
                here = writer.change(from_key, removals)
            except BaseException:
                writer.put(there.change.path, there.change.after, there.change.before)
                raise
        words = words_of(removals, here.before, here.after).replace("removed", "moved", 1)
        self._remember(f"{words} to {there.after.name}", there.change, here.change)

    def do_together(self, operations: Sequence[Callable[[ListEditor], object]]) -> None:
        """Do ``operations`` on this editor as one edit, which one undoing takes back: all of them or none."""
        earlier, self.steps = self.steps, []
        try:
            for operation in operations:
                operation(self)
        except BaseException:
            while self.steps:
                self.undo()
            raise
        else:
            changes = [change for step in self.steps for change in step.changes]
            words = ", ".join(step.words for step in self.steps)
        finally:
            self.steps = earlier
        self._remember(words, *changes)

    def adopt(self, key: str) -> Path:
        """Make sure that the list ``key`` has a file in the user's folder, as for a text editor; returns its path."""
        with self._writer.writing():
            change = self._writer.adopt(key)
        if change is not None:
            self._remember(f"copied {change.path.name}", change)
        return self.path_of(key)

    def forget_copy(self, key: str) -> bool:
        """Take the copy that `adopt` has just made of the list ``key`` back, if it is still like the bundled one.

        Returns whether it was.
        """
        from aiwatch.files.atomic import read_or_none

        path = self.path_of(key)
        fresh = bool(self.steps) and self.steps[-1].copied == (path,)
        if fresh and read_or_none(path) == self.steps[-1].changes[0].after:
            self.undo()
            return True
        return False

    def deleted_here(self, path: Path) -> bool:
        """Whether it was this editor that deleted ``path``; asked again, it was not. Does not block."""
        here = path in self._deleted
        self._deleted.discard(path)
        return here

    def note_gone(self, path: Path, text: bytes, form: Form = _NEW) -> None:
        """Take note that somebody deleted ``path``: undoing brings it back with its ``text`` and as it lay there. Does
        not block."""
        self._remember(f"deleted {path.name}", Change(path, text, None, form=form))

    def undo(self) -> str:
        """Take the last edit back, and return in words what it had done.

        Where the file has changed since, the opposite edit is made in it. What cannot be undone any more is forgotten;
        a file that cannot be written can be tried again.
        """
        if not self.steps:
            raise EditError("there is nothing to undo")
        step = self.steps[-1]
        with self._writer.writing():
            for change in reversed(step.changes):
                try:
                    self._writer.take_back(change)
                except EditError as error:
                    self.steps.remove(step)
                    raise EditError(f"{step.words}: not undone, {error}", hint=error.hint) from None
        self.steps.remove(step)
        self._deleted.update(change.path for change in step.changes if change.before is None)
        self._deleted.difference_update(change.path for change in step.changes if change.before is not None)
        return step.words

    def _remember(self, words: str, *changes: Change) -> None:
        if all(change.before == change.after for change in changes):
            return
        self.steps.append(Step(words, changes))
        del self.steps[:-MOST_STEPS]
        self._deleted.difference_update(change.path for change in changes if change.after is not None)
