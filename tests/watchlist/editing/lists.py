"""Two lists to edit: one of the user's own, and one that ships."""

from __future__ import annotations

from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.reader import read_watchlist

MINE = """\
# my own
name = "Mine"
description = "x"

# the chip maker
[[stock]]
symbol = "NVDA"
name = "NVIDIA"

[[stock]]
symbol = "AMD"
name = "AMD"
"""
OTHER = 'name = "Other"\ndescription = "y"\n\n[[stock]]\nsymbol = "AVGO"\nname = "Broadcom"\n'


def text(editor: ListEditor, key: str = "mine") -> str:
    """What stands in the user's file of the list ``key``."""
    return editor.path_of(key).read_bytes().decode()


def symbols(editor: ListEditor, key: str = "mine") -> list[str]:
    """The symbols in the user's file of the list ``key``."""
    return [str(stock.symbol) for stock in read_watchlist(editor.path_of(key)).stocks]
