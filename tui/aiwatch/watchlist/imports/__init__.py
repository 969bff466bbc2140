"""Lists of other programs read as watchlists: pure functions from a text to stocks and what was left out.

Every format is read by a module of its own into a `Gathering`. What cannot be kept is a problem with its line; nothing
is lost silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from msgspec.structs import replace

from aiwatch.errors import FileError, Problem
from aiwatch.files.bounded import one_line
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.directory import Directory
from aiwatch.watchlist.imports.collector import Gathering
from aiwatch.watchlist.imports.detect import FORMATS, format_of

__all__ = ["FORMATS", "Imported", "read_import"]

_READERS = {
    "ticker": ("yaml_configs", "read_ticker"),
    "tickrs": ("yaml_configs", "read_tickrs"),
    "mop": ("json_configs", "read_mop"),
    "stockstui": ("json_configs", "read_stockstui"),
    "csv": ("csv_tables", "read_csv"),
    "txt": ("csv_tables", "read_text"),
}
_LINE_ENDS = re.compile(r"\r\n?")
LONGEST = 4_000_000
"""The most characters a file may have; no list of stocks has so many."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of another program came to: the lists with at least one stock, and what was left out and why.

    ``kind`` is one of `FORMATS`. The keys of the lists are not yet chosen; ``text`` is the whole file when it is a
    watchlist file that may be kept as it is. ``hint`` says how to write symbols, where that is what some of them want.
    """

    kind: str
    lists: tuple[Watchlist, ...]
    problems: tuple[Problem, ...]
    text: str | None = None
    hint: str = ""


def read_import(
    text: str, path: Path, directory: Directory, *, kind: str | None = None, name: str | None = None
) -> Imported:
    """Read ``text``, the content of ``path``, as one of `FORMATS`: ``kind``, or the one it looks like.

    With ``name``, all its lists become one of that name. Names of known stocks come from ``directory``. Raises
    `FileError` when the format is not known or the file is not of it.
    """
    if len(text) > LONGEST:
        raise FileError([Problem(path, 1, f"longer than {LONGEST:,} characters, which no list of stocks is")])
    lines = _LINE_ENDS.sub("\n", text)
    chosen = kind or format_of(lines, path)
    if chosen == "toml":
        return _read_toml(text, path, name)
    gathering = Gathering(path, directory)
    module, function = _READERS[chosen]
    reader: Callable[[str, Gathering], None] = getattr(import_module(f"{__name__}.{module}"), function)
    try:
        reader(lines, gathering)
        lists = gathering.lists(name)
    except FileError:
        raise
    except Exception as error:  # a reader may stumble over a file that nobody has thought of
        what = f"cannot be read as {FORMATS[chosen]}: {type(error).__name__}: {one_line(str(error))[:200]}"
        raise FileError([Problem(path, 1, what)]) from error
    if kind is None and chosen == "txt" and gathering.is_prose:
        raise FileError([Problem(path, 1, "no list: most of it are no symbols")], hint=f"Symbols: {gathering.hint}.")
    return Imported(chosen, lists, gathering.problems, hint=gathering.hint)


def _read_toml(text: str, path: Path, name: str | None) -> Imported:
    from aiwatch.watchlist.reader import parse_list_file

    read = parse_list_file(path, text)
    lists = (read.watchlist,) if read.watchlist.stocks else ()
    if name is None:
        return Imported("toml", lists, read.slips, text)
    return Imported("toml", tuple(replace(watchlist, name=name) for watchlist in lists), read.slips)
