"""The keys of the quote board, and its page of help."""

from __future__ import annotations

from textual.binding import BindingType

from aiwatch.widgets.row_list import cursor_keys

BINDINGS: list[BindingType] = [
    *cursor_keys(
        {
            "open": "choose",
            "up": "move(-1)",
            "down": "move(1)",
            "page-up": "page(-1)",
            "page-down": "page(1)",
            "half-up": "half_page(-1)",
            "half-down": "half_page(1)",
            "first": "first",
            "last": "last",
        }
    )
]

HELP = """\
## The board

One stock a row; the columns that fit the width. **▲ ▼** beside a price: at its daily limit. A price that does not
move says why in the last column: *delayed*, *stale*, *suspended*, *auction*, *lunch*, *closed*, *no trade yet*,
*unknown*, *waiting*; otherwise that column is its age.

A click on a title sorts by it, a second turns the order round, a third goes back to the file's order. Stocks
without a figure stand last. Enter, or a click on the cursor's row, chooses a stock.
"""
