"""What the quote board costs, beside a DataTable given the same quotes: ``python -m tests.bench.board``.

Each is run in its own process under a pseudo-terminal of 160 by 45 cells, whose output is read and thrown away:
5,000 rows, 10,000 quotes a second in ten slices. Printed are CPU time of one core, how many times slower the machine
was than when it is quiet and what that comes to without it, event-loop lag and quotes applied a second. Words after
the command choose among ``board``, ``sorted`` and ``table``.
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import json
import os
import pty
import random
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.board.board import Board
from tests.bench.machine import Machine

COLUMNS, LINES = 160, 45
ROWS, QUOTES_A_SECOND, SLICES_A_SECOND = 5_000, 10_000, 10
WARM, MEASURED = 1.5, 6.0
"""Seconds before the measurement, and of it."""
PROBE = 0.01
"""Seconds between two looks at the event loop's lag."""
THEME = dict.fromkeys(("up", "down", "flat", "stale", "closed", "limit", "demo", "flash-up", "flash-down"), "#808080")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost: percent of one core, event-loop lag in milliseconds, quotes applied a second, and the
    `Machine.strain` meanwhile."""

    what: str
    cpu: float
    lag_50: float
    lag_99: float
    applied: float
    strain: float


def stocks() -> list[Stock]:
    """The stocks of the bench: ROWS symbols of Shanghai's main board."""
    return [Stock(parse_symbol(f"{600_000 + row}.SS"), f"Company {row}", f"公司{row}") for row in range(ROWS)]


def slices(listed: list[Stock]) -> list[list[Quote]]:
    """Twenty slices of quotes of random stocks, made beforehand so that only taking them is measured."""
    dice = random.Random(7)
    now = datetime.now(UTC)
    made: list[list[Quote]] = []
    for _ in range(20):
        batch = []
        for stock in dice.choices(listed, k=QUOTES_A_SECOND // SLICES_A_SECOND):
            last = round(dice.uniform(18.1, 21.9), 2)
            batch.append(
                Quote(
                    symbol=stock.symbol,
                    source="bench",
                    last=last,
                    previous_close=20.0,
                    as_of=now,
                    received_at=now,
                    currency="CNY",
                    high=22.0,
                    low=18.0,
                    volume=dice.randrange(10**5, 10**8),
                    turnover=dice.uniform(1e6, 1e10),
                    turnover_rate=dice.uniform(0.1, 20),
                    volume_ratio=dice.uniform(0.5, 4),
                )
            )
        made.append(batch)
    return made


class Bench(App[None]):
    """An app that hands itself quotes, measures itself and ends."""

    def __init__(self, report: Path) -> None:
        super().__init__()
        self.report = report
        self.stocks = stocks()
        self.slices = slices(self.stocks)
        self.applied = 0
        self.lags: list[float] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables a theme of aiwatch has."""
        return THEME

    def on_mount(self) -> None:
        """Fill the widget and begin."""
        self.fill()
        self.run_worker(self._measure(), name="measure")

    def fill(self) -> None:
        """Give the widget its rows."""
        raise NotImplementedError

    def apply(self, quotes: list[Quote]) -> None:
        """Hand ``quotes`` to the widget."""
        raise NotImplementedError

    async def _measure(self) -> None:
        gc.collect()
        gc.freeze()
        tasks = [asyncio.create_task(self._feed()), asyncio.create_task(self._probe())]
        await asyncio.sleep(WARM)
        machine = Machine()
        tasks.append(asyncio.create_task(machine.watch()))
        self.applied = 0
        self.lags.clear()
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(MEASURED)
        took, used = time.perf_counter() - began, time.process_time() - cpu - machine.spent
        for task in tasks:
            task.cancel()
        lags = sorted(self.lags) or [took]
        cost = Cost(
            type(self).__name__,
            used / took * 100,
            lags[len(lags) // 2] * 1000,
            lags[min(len(lags) - 1, len(lags) * 99 // 100)] * 1000,
            self.applied / took,
            machine.strain,
        )
        self.report.write_text(json.dumps(asdict(cost)), "utf-8")
        self.exit()

    async def _feed(self) -> None:
        due, number = time.perf_counter(), 0
        while True:
            batch = self.slices[number % len(self.slices)]
            self.apply(batch)
            self.applied += len(batch)
            number += 1
            due = max(due + 1 / SLICES_A_SECOND, time.perf_counter())
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    async def _probe(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PROBE)
            self.lags.append(time.perf_counter() - began - PROBE)


class OurBoard(Bench):
    """The quote board."""

    def compose(self) -> ComposeResult:
        """The board alone."""
        self.market = MarketState(lambda: datetime.now(UTC), always_open)
        self.board = Board(self.market)
        yield self.board

    def fill(self) -> None:
        """Show the stocks."""
        self.board.show(self.stocks)

    def apply(self, quotes: list[Quote]) -> None:
        """As the screen does."""
        self.board.invalidate(self.market.apply(quotes))


class SortedBoard(OurBoard):
    """The quote board, sorted by change: sorted anew every second."""

    def fill(self) -> None:
        """Show the stocks, sorted."""
        self.board.sort_by("change_percent")
        super().fill()


class TableReference(Bench):
    """A DataTable that is told of four cells a quote."""

    def compose(self) -> ComposeResult:
        """The table alone."""
        self.table: DataTable[str] = DataTable(cursor_type="row")
        yield self.table

    def fill(self) -> None:
        """Twelve columns and the rows."""
        for number in range(12):
            self.table.add_column(f"Column {number}", key=str(number), width=10)
        for stock in self.stocks:
            self.table.add_row(stock.symbol.text, *[f"{number}.00" for number in range(11)], key=stock.symbol.text)

    def apply(self, quotes: list[Quote]) -> None:
        """Change price, change, volume and turnover."""
        for quote in quotes:
            for column, value in enumerate((quote.last, quote.change_percent, quote.volume, quote.turnover), 1):
                self.table.update_cell(quote.symbol.text, str(column), f"{value}")


RUNS: dict[str, type[Bench]] = {"board": OurBoard, "sorted": SortedBoard, "table": TableReference}


def run(what: str) -> Cost:
    """Run one of `RUNS` in a process of its own under a pseudo-terminal."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = Path(folder, "cost.json")
        command = [sys.executable, "-m", "tests.bench.board", "run", what, str(report)]
        process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment)
        os.close(child)
        said: list[bytes] = []
        reader = threading.Thread(target=_drain, args=(parent, said), daemon=True)
        reader.start()
        process.wait(timeout=60)
        reader.join(timeout=5)
        os.close(parent)
        if not report.exists():
            raise RuntimeError(b"".join(said)[-4000:].decode(errors="replace"))
        return Cost(**json.loads(report.read_text("utf-8")))


def _drain(terminal: int, said: list[bytes]) -> None:
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            return
        if not data:
            return
        said[:] = [*said[-3:], data]


def main() -> None:
    """Run and print all, or, as the child, one."""
    if sys.argv[1:2] == ["run"]:
        RUNS[sys.argv[2]](Path(sys.argv[3])).run()
        return
    print(f"{ROWS:,} rows, {QUOTES_A_SECOND:,} quotes/s asked, {COLUMNS}×{LINES} terminal")
    print(f"{'':16}{'CPU':>8}{'strain':>8}{'quiet':>8}{'lag p50':>11}{'lag p99':>11}{'applied/s':>12}")
    for what in sys.argv[1:] or RUNS:
        cost = run(what)
        quiet = f"{cost.strain:8.2f}{cost.cpu / cost.strain:7.1f}%"
        lags = f"{cost.lag_50:8.2f} ms{cost.lag_99:8.2f} ms"
        print(f"{cost.what:16}{cost.cpu:7.1f}%{quiet}{lags}{cost.applied:12,.0f}")


if __name__ == "__main__":
    main()
