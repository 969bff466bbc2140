"""The watchlists of a running dashboard: what they are, what is wrong with them, edits with undo, files that change.

What changed comes back as a value: the caller shows it. The editor is imported when something is first edited.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.errors import EditError, Problem
from aiwatch.ledger.amounts import fx_symbols
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.session.dependencies import FileDependencies
from aiwatch.watchlist import LOOKED_UP, Stock, Watchlist, symbols_of
from aiwatch.watchlist.folders import ListFolders, ListsRead

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.editor import ListEditor
    from aiwatch.watchlist.editing.history import Step

SETTLE_SECONDS = 0.15
"""How long bad news of a file waits for better: an editor may empty or move a file before it writes it."""
_MOST_PROBLEMS = 8
"""Problems of watchlists shown at once."""


class DeletedFile(Struct, frozen=True):
    """A list's file that somebody else deleted; ``can_return`` says whether undoing brings it back."""

    path: Path
    can_return: bool


class ListChange(Struct, frozen=True):
    """What a reading of the files changed: whether the lists are others, whether other symbols are to be followed, and
    which files are gone."""

    lists: bool = False
    followed: bool = False
    deleted: tuple[DeletedFile, ...] = ()


class EditResult(Struct, frozen=True):
    """An edit that was made: what the operation returned, the step that undoes it (``None``: nothing changed), and what
    became of the lists."""

    value: object
    step: Step | None
    change: ListChange


class UndoResult(Struct, frozen=True):
    """An edit that was taken back: what it had done in ``words``, the first stock that came back with its list's key
    (``None``: none did), and what became of the lists."""

    words: str
    restored: tuple[str, Symbol] | None
    change: ListChange


class _Compared(Struct, frozen=True):
    """What takes long to find out of ``lists`` that are other than before: each stock as the first list has it, what is
    to be followed, and whether these are other symbols than before."""

    lists: tuple[Watchlist, ...]
    stocks: dict[Symbol, Stock]
    followed: tuple[Symbol, ...]
    is_followed_anew: bool


class ListSession:
    """Holds the lists and changes them; each method that changes something returns what."""

    def __init__(self, files: FileDependencies) -> None:
        self._looked_up = files.looked_up
        self.lists = self._with_looked_up(files.watchlists)
        self.problems = problem_sentences(files.list_problems, frozenset(), files.watchlists)
        """What is wrong with the files now, in sentences."""
        self.wrong_lines: dict[Path, int] = {}
        """The files that are wrong now, each with the line of its first problem."""
        self._files = files.list_files
        self._currency = files.settings.currency
        self.market_symbols = tuple(map(parse_symbol, files.settings.market))
        """The indices and rates of the top line."""
        self._stocks = _first_of_each(self.lists)
        self._followed: tuple[Symbol, ...] | None = None
        self._lock = asyncio.Lock()
        """Held by an edit until what it did has been read: no reading comes in between, and takes it for another's."""

    # What they are

    def get(self, key: str) -> Watchlist | None:
        """The list called ``key``."""
        return next((watchlist for watchlist in self.lists if watchlist.key == key), None)

    def stock_of(self, symbol: Symbol | None, key: str = "") -> Stock | None:
        """The stock called ``symbol``: as the list ``key`` has it, else as the first list that does."""
        if symbol is None:
            return None
        watchlist = self.get(key)
        own = next((stock for stock in watchlist.stocks if stock.symbol == symbol), None) if watchlist else None
        return own or self._stocks.get(symbol)

    def with_stock(self, symbol: Symbol) -> tuple[str, ...]:
        """The keys of the lists that have ``symbol``."""
        return tuple(
            watchlist.key for watchlist in self.lists if any(stock.symbol == symbol for stock in watchlist.stocks)
        )

    def by_list(self, symbols: Iterable[Symbol]) -> dict[str, tuple[Symbol, ...]]:
        """Those of ``symbols`` that are on a list, by the key of the first list that has them."""
        own: dict[str, tuple[Symbol, ...]] = {}
        for symbol in symbols:
            for key in self.with_stock(symbol)[:1]:
                own[key] = (*own.get(key, ()), symbol)
        return own

    @property
    def filed(self) -> tuple[Watchlist, ...]:
        """The lists that stand in files."""
        return tuple(watchlist for watchlist in self.lists if watchlist.key != LOOKED_UP)

    def look_up(self, stock: Stock) -> ListChange:
        """Put ``stock`` at the end of the list of those looked up, which is written nowhere."""
        if any(earlier.symbol == stock.symbol for earlier in self._looked_up):
            return ListChange()
        return self._look_up((*self._looked_up, stock))

    def forget(self, symbols: Collection[Symbol]) -> ListChange:
        """Take ``symbols`` out of the list of those looked up; an empty one is gone."""
        return self._look_up(tuple(stock for stock in self._looked_up if stock.symbol not in symbols))

    def _look_up(self, stocks: tuple[Stock, ...]) -> ListChange:
        filed, self._looked_up = self.filed, stocks
        return self._hold(self._compare(filed))

    def _with_looked_up(self, lists: Sequence[Watchlist]) -> tuple[Watchlist, ...]:
        words = "Stocks that were looked up; written nowhere."
        scratch = (Watchlist(LOOKED_UP, "Looked up", words, self._looked_up, Path()),) if self._looked_up else ()
        return (*lists, *scratch)

    def _hold(self, compared: _Compared | None) -> ListChange:
        """Hold what was ``compared`` in place of the lists before, and say what that changes."""
        if compared is None:
            return ListChange()
        self.lists, self._stocks, self._followed = compared.lists, compared.stocks, compared.followed
        return ListChange(True, compared.is_followed_anew)

    @property
    def stocks(self) -> Iterator[Stock]:
        """Every stock of every list, as each has it."""
        return (stock for watchlist in self.lists for stock in watchlist.stocks)

    def followed(self) -> tuple[Symbol, ...]:
        """What the feed is to follow: every stock and benchmark of every list, the rates that the ledger's sums and
        positions are converted by, and what the top line shows."""
        if self._followed is None:
            self._followed = self._followed_in(self.lists)
        return self._followed

    def _followed_in(self, lists: Sequence[Watchlist]) -> tuple[Symbol, ...]:
        listed = symbols_of(lists)
        return tuple(dict.fromkeys((*listed, *fx_symbols(), *self._position_rates(lists), *self.market_symbols)))

    def looked_at(self, key: str) -> frozenset[Symbol] | None:
        """What is to be asked often while the list ``key`` is shown: its stocks and benchmark, and every stock of any
        list on which an alert or a position hangs, with the rates of the positions. ``None``, which stands for
        everything, where it is no list's key."""
        watchlist = self.get(key)
        if watchlist is None:
            return None
        relied_on = (stock.symbol for stock in self.stocks if stock.alerts is not None or stock.quantity)
        rates = self._position_rates(self.lists)
        return frozenset((*symbols_of((watchlist,)), *relied_on, *rates))

    @property
    def margin(self) -> frozenset[Symbol]:
        """What is seen in the top line and in no list."""
        return frozenset(self.market_symbols).difference(symbols_of(self.lists), self._position_rates(self.lists))

    def _position_rates(self, lists: Sequence[Watchlist]) -> tuple[Symbol, ...]:
        stocks = [stock for watchlist in lists for stock in watchlist.stocks if stock.quantity]
        if not self._currency or not stocks:
            return ()
        from aiwatch.watchlist.positions import rate_symbols

        return rate_symbols(stocks, self._currency)

    # Files

    def apply(self, read: ListsRead) -> ListChange:
        """Hold the lists of ``read`` in place of those before, and say what that changes."""
        return self._take(read, self._compare(read.lists))

    def _compare(self, filed: Sequence[Watchlist]) -> _Compared | None:
        """The lists ``filed`` and those looked up, beside those held; ``None`` where they are the same. Reads alone, so
        that a thread can do it."""
        lists = self._with_looked_up(filed)
        if lists == self.lists:
            return None
        followed = self._followed_in(lists)
        return _Compared(lists, _first_of_each(lists), followed, set(followed) != set(self.followed()))

    def _take(self, read: ListsRead, compared: _Compared | None) -> ListChange:
        deleted = tuple(self._deleted(read))
        self.wrong_lines = {problem.path: problem.line for problem in reversed(read.problems)}
        self.problems = problem_sentences(read.problems, read.kept, read.lists)
        return replace(self._hold(compared), deleted=deleted)

    def _deleted(self, read: ListsRead) -> Iterator[DeletedFile]:
        """The files that are gone and were not deleted here; undoing can bring back those whose text is known."""
        for path, text, form in read.gone:
            editor = self._editor
            if editor is None or editor.deleted_here(path):
                continue
            if text:
                editor.note_gone(path, text, form)
            yield DeletedFile(path, bool(text))

    async def reload(self) -> ListChange:
        """Read the files again, between two edits."""
        async with self._lock:
            return await self._read()

    async def _read(self) -> ListChange:
        """Read the files. One that is wrong or gone is looked at a second time, a moment later, before that counts."""
        files = self._files
        if files is None:
            return ListChange()
        if await asyncio.to_thread(files.has_doubts):
            await asyncio.sleep(SETTLE_SECONDS)
        return self._take(*await asyncio.to_thread(self._read_and_compare, files))

    def _read_and_compare(self, files: ListFolders) -> tuple[ListsRead, _Compared | None]:
        read = files.read()
        return read, self._compare(read.lists)

    async def changes(self) -> AsyncIterator[ListChange]:
        """Yields what the files say now, and again after each change of them; ends where the lists stand in no file."""
        files = self._files
        if files is None:
            return
        from aiwatch.watchlist import watcher  # nothing is watched before the first paint

        async for _ in watcher.changes(files.stamp):
            yield await self.reload()

    # Edits

    @property
    def is_editable(self) -> bool:
        """Whether the lists stand in files that can be written."""
        return self._files is not None

    async def run_edit(self, operation: Callable[[ListEditor], object]) -> EditResult:
        """Let the editor do ``operation``, in a thread and in its turn, and read the files again.

        Raises `EditError` when it cannot be done; the files are then as they were.
        """
        editor = self._editor
        if editor is None:
            raise EditError("the lists cannot be edited here")
        async with self._lock:
            before = set(map(id, editor.steps))
            value = await asyncio.to_thread(operation, editor)
            step = next((last for last in editor.steps[-1:] if id(last) not in before), None)
            return EditResult(value, step, await self._read())

    async def undo(self) -> UndoResult:
        """Take the last edit back. Raises `EditError` where there is none, or it cannot be undone."""
        before = self.lists
        result = await self.run_edit(lambda editor: editor.undo())
        back = await asyncio.to_thread(restored, before, self.lists)
        return UndoResult(str(result.value), back, result.change)

    @cached_property
    def _editor(self) -> ListEditor | None:
        if self._files is None:
            return None
        from aiwatch.watchlist.editing.editor import ListEditor

        return ListEditor(self._files.bundled, self._files.own)


def _first_of_each(lists: Sequence[Watchlist]) -> dict[Symbol, Stock]:
    """Each stock as the first list has it."""
    return {stock.symbol: stock for watchlist in reversed(lists) for stock in reversed(watchlist.stocks)}


def restored(before: Sequence[Watchlist], after: Sequence[Watchlist]) -> tuple[str, Symbol] | None:
    """The first stock that is in ``after`` and was not in its list in ``before``, with the list's key.

    ``None`` where no list has more than it had; a whole list that is new counts for nothing.
    """
    had = {watchlist.key: {stock.symbol for stock in watchlist.stocks} for watchlist in before}
    for watchlist in after:
        for stock in watchlist.stocks if watchlist.key in had else ():
            if stock.symbol not in had[watchlist.key]:
                return watchlist.key, stock.symbol
    return None


def problem_sentences(
    problems: Sequence[Problem], still_shown: frozenset[Path], lists: Sequence[Watchlist] = ()
) -> tuple[str, ...]:
    """The problems one a line, and for each file what became of its list, unless it is among ``lists``."""
    sentences = [f"{problem.path.name}:{problem.line}: {problem.what}" for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        sentences.append(f"and {len(problems) - _MOST_PROBLEMS} more: `aiwatch check` lists them")
    if not sentences:
        return ()
    stays = sorted(path.name for path in still_shown)
    shown = {watchlist.path for watchlist in lists} | still_shown
    left_out = sorted({problem.path.name for problem in problems if problem.path not in shown})
    tail = [f"{', '.join(stays)} still shows its last good version"] if stays else []
    tail += [f"{', '.join(left_out)} is left out"] if left_out else []
    if tail:
        sentences[-1] += f" ({'; '.join(tail)})"
    return tuple(sentences)
