"""A process whose children write a list without end: ``storm.py BUNDLED OWN``.

Each line that it reads makes it start a child, whose number it prints, and wait for its end, which it prints too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from aiwatch.watchlist.editing import writer
from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.editing.edits import PlaceStock
from aiwatch.watchlist.reader import read_watchlist

__all__ = ["writer"]


def write_for_ever(bundled: Path, own: Path) -> NoReturn:
    """Move the first stock to the end, again and again."""
    editor = ListEditor(bundled, own)
    while True:
        first = read_watchlist(editor.path_of("mine")).stocks[0].symbol
        editor.change("mine", PlaceStock(first, to=99))


if __name__ == "__main__":
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            write_for_ever(Path(sys.argv[1]), Path(sys.argv[2]))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()
