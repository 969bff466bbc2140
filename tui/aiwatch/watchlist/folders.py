"""The watchlist folders over time: read again after a change, without losing a list to a slip of the pen.

All methods but the constructor block: call them in a thread. What they alone need is imported there, after the first
paint.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.errors import Problem
from aiwatch.files.bounded import read_bytes
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.reader import read_watchlists, tab_order

if TYPE_CHECKING:
    from aiwatch.files.atomic import Form
    from aiwatch.files.fingerprint import Stamp

Named = Callable[[Sequence[Watchlist]], tuple[Watchlist, ...]]
"""Gives lists names for stocks that have none."""


class ListsRead(Struct, frozen=True):
    """Every list to show in the order of the tabs, and what is wrong with which file.

    ``kept`` are the files that are wrong now and stand in ``lists`` as they last were right; ``gone`` are the user's
    files that were there at the reading before and are no more, each with its text (empty where it went too soon) and
    how it lay there.
    """

    lists: tuple[Watchlist, ...]
    problems: tuple[Problem, ...] = ()
    kept: frozenset[Path] = frozenset()
    gone: tuple[tuple[Path, bytes, Form], ...] = ()


class ListFolders:
    """The bundled folder under the user's own one. ``known`` are the lists as they were read before; ``named`` gives
    names to stocks that no list names; ``columns`` are the keys of the board's, ``None`` for any."""

    def __init__(
        self,
        bundled: Path,
        own: Path,
        lists: Iterable[Watchlist] = (),
        named: Named = tuple,
        columns: Collection[str] | None = None,
    ) -> None:
        self._named = named
        self._columns = columns
        self.bundled = bundled
        self.own = own
        self._good = {watchlist.path: watchlist for watchlist in lists if watchlist.path.parent == own}
        self._texts: dict[Path, tuple[bytes, Form]] = {}

    def read(self) -> ListsRead:
        """Read both folders anew. A file of the user's that is wrong now counts as it last was right."""
        from aiwatch.files.atomic import Form

        folder = read_watchlists(self.bundled, self.own, columns=self._columns)
        wrong = {problem.path for problem in folder.problems} - {watchlist.path for watchlist in folder.lists}
        still_good = frozenset(self._good.keys() & wrong)
        lists = {watchlist.key: watchlist for watchlist in folder.lists} | {
            path.stem: self._good[path] for path in still_good
        }
        own = {watchlist.path: watchlist for watchlist in lists.values() if watchlist.path.parent == self.own}
        lost = sorted(self._good.keys() - own.keys() - wrong)
        gone = tuple((path, *self._texts.get(path, (b"", Form()))) for path in lost)
        self._texts = {path: text for path in own if (text := self._text_of(path, path in still_good)) is not None}
        self._good = own
        return ListsRead(
            self._named(sorted(lists.values(), key=tab_order)), tuple(sorted(folder.problems)), still_good, gone
        )

    def has_doubts(self) -> bool:
        """Whether a file that was right at the last reading is wrong or gone now."""
        folder = read_watchlists(self.own, columns=self._columns)
        right = {watchlist.path for watchlist in folder.lists}
        return not self._good.keys() <= right

    def stamp(self) -> Stamp:
        """A value that differs after a file of the user's was added, changed or removed."""
        from aiwatch.files.fingerprint import stamp_of

        return stamp_of(self.own)

    def _text_of(self, path: Path, as_before: bool) -> tuple[bytes, Form] | None:
        if as_before:
            return self._texts.get(path)
        from aiwatch.files.atomic import form_of

        try:
            return read_bytes(path), form_of(path)
        except OSError:  # gone again since it was read: the next reading says so
            return None
