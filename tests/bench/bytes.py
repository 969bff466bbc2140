"""What the screen writes to its terminal, and what that costs: ``python -m tests.bench.bytes``.

The embedded exchange runs as one process and the screen as another, under a pseudo-terminal of 160 by 45 cells, on one
list of 30 symbols; every market is held open. When price history has come, which takes minutes the first time and is
kept, printed are for nothing that moves and for 10 and 50 quotes that change a second: the bytes a second that the
screen writes, the CPU time of its process in percent of one core, and, at 64 kbit/s, how many seconds of an ssh line a
second of it takes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from aiwatch.runtime.screen import SETTLED_SECONDS
from aiwatch.simulator import ExchangeOptions
from tests.bench.end_to_end import addresses, exchange, settings, watchlists
from tests.bench.first_price import texts_of
from tests.bench.machine import fastest, piece
from tests.bench.terminal import Terminal

CASES = ((0.0, "700 B/s, 1 %"), (10.0, "2.5 %"), (50.0, "6,000 B/s, 4 %"))
"""Quotes that change a second, and what is aimed at."""
SYMBOLS = 30
FIRST, WARM, MEASURED = 110.0, SETTLED_SECONDS + 2, 20.0
"""Seconds until price history is kept at a first start, until the last of the start is over at another, and those
measured."""
LINE = 64_000 / 8
"""Bytes a second of the line."""


def cpu_of(process: int) -> float:
    """The CPU seconds that ``process`` has used."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def fresh_home() -> Iterator[Path]:
    """The home of somebody with one list."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        lists = home / "lists"
        lists.mkdir()
        watchlists(lists, texts_of(SYMBOLS))
        settings(home / "config.toml", {"tencent": 3.0, "yahoo": 20.0})
        yield home


@contextmanager
def running(rate: float, home: Path) -> Iterator[Terminal]:
    """The screen on the list of ``home`` in a terminal, beside an exchange where ``rate`` quotes change a second."""
    with exchange(ExchangeOptions(rate=rate or 0.001, anything=True)) as urls:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("AIWATCH_", "TEXTUAL", "XDG"))
        }
        own = {
            "HOME": str(home),
            "AIWATCH_CONFIG": str(home / "config.toml"),
            "AIWATCH_WATCHLISTS": str(home / "lists"),
        }
        with Terminal(
            [sys.executable, "-m", "tests.bench.bytes", "drive"], environment | own | addresses(urls)
        ) as terminal:
            yield terminal


@contextmanager
def kept_home() -> Iterator[Path]:
    """The home of somebody who has looked at the list for some minutes: its price history is kept."""
    with fresh_home() as home:
        with running(0.0, home) as terminal:
            terminal.read_until(lambda: False, FIRST)
        yield home


def measure(rate: float, home: Path) -> tuple[float, float, float]:
    """Bytes a second, percent of a core, and how many times slower the machine was than when it is quiet."""
    with running(rate, home) as terminal:
        terminal.read_until(lambda: False, WARM)
        count, used, began = terminal.count, cpu_of(terminal.process.pid), time.perf_counter()
        took: list[float] = []
        for _ in range(int(MEASURED)):
            terminal.read_until(lambda: False, 1.0)
            took.append(piece())
        lasted = time.perf_counter() - began
        strain = sum(took) / len(took) / min(fastest(), *took)
        return (terminal.count - count) / lasted, 100 * (cpu_of(terminal.process.pid) - used) / lasted, strain


def drive() -> None:
    """Open the screen as `aiwatch` does, with every market open."""
    from aiwatch.archive import calendar_refresh
    from aiwatch.config.settings import Flags
    from aiwatch.market.calendar.session import Calendar, Session, always_open
    from aiwatch.market.symbol import Exchange
    from aiwatch.runtime import archive, screen

    async def no_calendars(*_: object) -> bool:
        return False

    class Open(Calendar):
        def __call__(self, exchange: Exchange, when: datetime) -> Session:
            return always_open(exchange, when)

    with patch.object(archive, "Calendar", Open), patch.object(calendar_refresh, "fill", no_calendars):
        screen.open_screen(Flags())


def main() -> None:
    """Run and print every case, or, as the child, the screen."""
    if sys.argv[1:2] == ["drive"]:
        drive()
        return
    print(f"{'quotes/s':>9}{'bytes/s':>10}{'CPU':>8}{'strain':>8}{'quiet':>8}{'64 kbit/s':>11}   the aim")
    with kept_home() as home:
        for rate, aim in CASES:
            count, cpu, strain = measure(rate, home)
            line = f"{rate:9.0f}{count:10,.0f}{cpu:7.1f}%{strain:8.2f}{cpu / strain:7.1f}%{count / LINE:10.2f}s"
            print(f"{line}   {aim}", flush=True)


if __name__ == "__main__":
    main()
