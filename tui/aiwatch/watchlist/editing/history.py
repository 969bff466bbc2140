"""What edits of watchlists leave behind, so that they can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from aiwatch.files.atomic import Form

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.edits import Edit


class Change(Struct, frozen=True):
    """What became of one file: ``before`` and ``after`` are its bytes, ``None`` where it was not there; ``inverse``
    are the edits that take the change back in a file that has changed since; ``copied`` says that the file was made as
    a copy of a bundled one; ``form`` is how a file lay there that was deleted."""

    path: Path
    before: bytes | None
    after: bytes | None
    inverse: tuple[Edit, ...] = ()
    copied: bool = False
    form: Form = Form()


class Step(Struct, frozen=True):
    """An edit that can be undone: what it did in ``words``, past tense, and to which files."""

    words: str
    changes: tuple[Change, ...]

    @property
    def copied(self) -> tuple[Path, ...]:
        """The files that it made as copies of bundled ones."""
        return tuple(change.path for change in self.changes if change.copied)
