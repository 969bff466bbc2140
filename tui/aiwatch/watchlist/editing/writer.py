"""Writes single watchlist files: edits made in what is on disk now, put in place whole, never over somebody else's."""

from __future__ import annotations

import errno
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from aiwatch.config.paths import bundled
from aiwatch.errors import EditError, FileError
from aiwatch.files.atomic import form_of, locked, put, read_or_none
from aiwatch.files.bounded import read_bytes
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.editing.edits import Edit, SetListKey, edit
from aiwatch.watchlist.editing.history import Change
from aiwatch.watchlist.editing.toml_keys import pair
from aiwatch.watchlist.schema import FILE_NAME, SCHEMA_LINE

_TRIES = 8
_LONGEST_KEY = 40
_WRITABLE = "Make it writable, or name another folder with --watchlists."
_ROOM = "Make room on the disk, and try again."
_HINTS = {
    errno.EACCES: _WRITABLE,
    errno.EPERM: _WRITABLE,
    errno.EROFS: _WRITABLE,
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
}


class Changed(Struct, frozen=True):
    """A change of a list: what became of its file, and the list as it was and as it is."""

    change: Change
    before: Watchlist
    after: Watchlist


class ListWriter:
    """The lists of the folder ``own``, under which those of ``bundled`` lie. Call the methods within `writing`."""

    def __init__(self, bundled: Path, own: Path) -> None:
        self.bundled = bundled
        self.own = own

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Take turns with other processes; what goes wrong becomes an `EditError` that names the file."""
        try:
            with locked(self.own):
                yield
        except FileError as error:
            raise EditError(str(error), hint="Mend the file; it is as it was.") from None
        except OSError as error:
            where = error.filename or self.own
            hint = _HINTS.get(error.errno or 0, "The lists are as they were.")
            raise EditError(f"{where} cannot be written: {error.strerror or error}", hint=hint) from None

    def path_of(self, key: str) -> Path:
        """The user's own file of the list ``key``, whether it is there or not."""
        return self.own / f"{key}.toml"

    def source(self, key: str) -> tuple[bytes | None, str]:
        """The bytes of the user's file of a list, and its text: that of the bundled one where there is no such file."""
        path = self.path_of(key)
        own = read_or_none(path)
        if own is None and path.is_symlink():
            raise EditError(f"{path} is a link that leads nowhere")
        data = own if own is not None else read_or_none(self.bundled / path.name)
        if data is None:
            raise EditError(f"there is no list {key!r} any more")
        return own, _text(path, data)

    def change(self, key: str, edits: Sequence[Edit]) -> Changed:
        """Make ``edits`` in what is on disk now; again, when that changes under way."""
        path = self.path_of(key)
        for _ in range(_TRIES):
            before, text = self.source(key)
            was = edit(path, text, ()).watchlist
            edited = edit(path, text, edits)
            after = edited.text.encode()
            if after == before or put(path, before, after):
                if before is None:
                    self._lay_schema()
                return Changed(Change(path, before, after, edited.inverse, before is None), was, edited.watchlist)
        raise EditError(f"{path} changes faster than it can be written")

    def create(self, name: str, text: str | None = None) -> Change:
        """Begin a list called ``name`` in a file that is called after it: an empty one, or that of ``text``."""
        lines = (SCHEMA_LINE, pair("description", "A list of your own."))
        path = self.path_of(self.free_key(name))
        edits = () if text else (SetListKey("name", name),)
        after = edit(path, text or "".join(f"{line}\n" for line in lines), edits).text.encode()
        self.put(path, None, after)
        self._lay_schema()
        return Change(path, None, after)

    def adopt(self, key: str) -> Change | None:
        """Copy a bundled list into the user's folder, unless there is a file of its name."""
        path = self.path_of(key)
        before, text = self.source(key)
        if before is not None:
            return None
        self.put(path, None, text.encode())
        self._lay_schema()
        return Change(path, None, text.encode(), copied=True)

    def delete(self, key: str) -> Change:
        """Delete the user's file of a list."""
        path = self.path_of(key)
        before = read_or_none(path)
        if before is None:
            raise EditError(
                f"{path.name} ships with aiwatch and cannot be deleted",
                hint="Lists of your own can, and so can your changes to one that ships.",
            )
        form = form_of(path)
        self.put(path, before, None)
        return Change(path, before, None, form=form)

    def take_back(self, change: Change) -> None:
        """Put the file as it was before; the opposite edits are made in one that has changed since."""
        if put(change.path, change.after, change.before, change.form):
            return
        for _ in range(_TRIES):
            now = read_or_none(change.path)
            if now is None or not change.inverse:
                raise EditError(f"{change.path.name} {'is gone' if now is None else 'was changed'} since")
            after = edit(change.path, _text(change.path, now), change.inverse).text.encode()
            if put(change.path, now, after):
                return
        raise EditError(f"{change.path} changes faster than it can be written")

    def put(self, path: Path, before: bytes | None, after: bytes | None) -> None:
        """Put bytes in the place of those that were read there. Raises `EditError` when others are there by now."""
        if not put(path, before, after):
            raise EditError(f"{path} was changed meanwhile", hint="Look at the file, and try again.")

    def _lay_schema(self) -> None:
        """Put the schema that ships beside the lists, for text editors that find it by the first line of a list.

        Nothing of a list depends on it: where it cannot be written, that is all.
        """
        path = self.own / FILE_NAME
        with suppress(OSError):
            text = read_bytes(bundled("watchlists") / FILE_NAME)
            if path.is_file() or not path.exists():
                there = read_or_none(path)
                if there != text:
                    put(path, there, text)

    def free_key(self, name: str, also: Collection[str] = ()) -> str:
        """A key made of ``name`` that no list has, bundled or own, and that is not among ``also``."""
        base = re.sub(r"[\W_]+", "-", name.casefold())[:_LONGEST_KEY].strip("-") or "list"
        taken = {path.stem.casefold() for folder in (self.bundled, self.own) for path in folder.glob("*.toml")}
        taken.update(also)
        key, number = base, 1
        while key in taken:
            number += 1
            key = f"{base}-{number}"
        return key


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise EditError(f"{path}:{line}: not UTF-8 text", hint="Save the file as UTF-8.") from None
