"""The keys of the quote board, and its page of help."""

from __future__ import annotations

from textual.binding import Binding, BindingType

MOVE = Binding.Group("Move")
OPEN = Binding.Group("Open")

BINDINGS: list[BindingType] = [
    Binding("up,k", "move(-1)", "up", show=False, id="board.up", tooltip="The stock above", group=MOVE),
    Binding("down,j", "move(1)", "down", show=False, id="board.down", tooltip="The stock below", group=MOVE),
    Binding("pageup", "page(-1)", "page up", show=False, id="board.page-up", tooltip="A page up", group=MOVE),
    Binding("pagedown", "page(1)", "page down", show=False, id="board.page-down", tooltip="A page down", group=MOVE),
    Binding("home,g", "first", "top", show=False, id="board.first", tooltip="The first stock", group=MOVE),
    Binding("end,G", "last", "bottom", show=False, id="board.last", tooltip="The last stock", group=MOVE),
    Binding("enter", "choose", "open", show=False, id="board.choose", tooltip="Choose this stock", group=OPEN),
]

HELP = """\
## The board

One stock a row; the columns that fit the width. **▲ ▼** beside a price: at its daily limit. A price that does not
move says why in the last column: *delayed*, *stale*, *suspended*, *auction*, *lunch*, *closed*, *no trade yet*,
*unknown*, *waiting*; otherwise that column is its age.

A click on a title sorts by it, a second turns the order round, a third goes back to the file's order. Stocks
without a figure stand last. Enter, or a click on the cursor's row, chooses a stock.
"""
