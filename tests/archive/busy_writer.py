"""A process that writes to an archive: ``python -m tests.archive.busy_writer PATH SYMBOL COUNT``.

Prints a line for each quote written. With a COUNT of 0 it goes on until it is killed.
"""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import count
from pathlib import Path

from aiwatch.archive.pending import Pending
from aiwatch.archive.store import Store
from aiwatch.market.calendar.session import session_at
from tests.archive.kept import MINUTE, NOW, make_quote


def main(path: Path, symbol: str, expected: int) -> None:
    """Write ``expected`` quotes, each in a transaction of its own."""
    with closing(Store.open(path)) as store:
        for number in range(expected) if expected else count():
            pending = Pending()
            pending.add([make_quote(symbol, 50 + number, NOW + number * MINUTE)])
            store.write(pending, session_at)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
