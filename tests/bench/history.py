"""What price history costs: ``python -m tests.bench.history``. Everything is made up and nothing leaves this machine.

- The file: 60 symbols of ten years of days; appending a day to each, reading a year of one symbol. Aims 5 ms and 2 ms.
- A comparison of 60 symbols over five years, in a process of its own, its imports included. Aim 2.5 s wall.
- The event loop while 60 symbols are fetched of an exchange in another process, through the sources and the worker,
  beside its lag while nothing happens. Aim: p99 within 5 ms of idle.
- The memory that history adds to the process that asks. Aim 5 MB. The child's is not counted: it ends when idle.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec

from aiwatch.config.settings import Settings
from aiwatch.history.analysis.results import ComparisonRequest
from aiwatch.history.store import HistoryStore
from aiwatch.market.bars import Bar, Basis, Interval, Range, Series
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import open_bar_sources, open_hosts, pointed_at
from aiwatch.runtime.screen import collect_from_now_on
from aiwatch.simulator import ExchangeOptions
from aiwatch.simulator.process import exchange_process
from tests.bench.machine import Machine

SYMBOLS = [f"{600000 + number:06d}.SS" for number in range(60)]
DAYS = 2_440
TODAY = datetime(2026, 11, 25, tzinfo=UTC)
SWITCH = 0.001
"""How long the loop waits at most for a thread that computes."""
TOGETHER, IDLE = 4, 1.0
"""Symbols that are fetched between two idle times, and the seconds of those."""
TICK = 0.005
"""Seconds that the task sleeps whose lateness is the lag."""


def series_of(text: str, random: Random) -> Series:
    """Ten years of days of a random walk."""
    symbol, close, bars = parse_symbol(text), 20.0, []
    days = [day for back in range(DAYS * 2) if (day := (TODAY - timedelta(days=back)).date()).weekday() < 5][:DAYS]
    for day in reversed(days):
        close *= 1 + random.gauss(0, 0.02)
        bars.append(Bar(day, close, close * 1.01, close * 0.99, close, random.randrange(10**8), None))
    return Series(
        symbol=symbol,
        interval=Interval.DAY,
        source="tencent",
        basis=Basis.UNADJUSTED,
        zone=symbol.zone,
        as_of=TODAY,
        bars=tuple(bars),
        currency=symbol.currency,
    )


def file_figures(path: Path) -> None:
    """Fill the file at ``path``, and print what writing and reading take."""
    random = Random(1)
    every = [series_of(text, random) for text in SYMBOLS]
    store = HistoryStore.open(path)
    began = perf_counter()
    for series in every:
        store.write(series)
    print(f"  60 symbols x 10 years written in {perf_counter() - began:.2f} s, {path.stat().st_size / 1e6:.1f} MB")
    tomorrow = TODAY.date()
    took = []
    for ahead in range(1, 21):
        day = tomorrow + timedelta(days=ahead)
        began = perf_counter()
        store.write(*(_day(series, day) for series in every))
        took.append((perf_counter() - began) * 1000)
    print(f"  a day appended to 60: {statistics.median(took):.1f} ms, best {min(took):.1f}; aim 5")
    symbol, first = parse_symbol(SYMBOLS[7]), TODAY.date() - timedelta(days=365)
    took = []
    for _ in range(50):
        began = perf_counter()
        store.read(symbol, Interval.DAY, "tencent", first)
        took.append((perf_counter() - began) * 1000)
    print(f"  a year of one symbol: {statistics.median(took):.2f} ms, best {min(took):.2f}; aim 2")
    store.close()


def _day(series: Series, day: date) -> Series:
    """``series`` as a host sends it when one day is new."""
    return msgspec.structs.replace(series, bars=(series.bars[-1]._replace(when=day),), complete_from=day)


_COMPARE = """\
import sys
from pathlib import Path
import msgspec
from aiwatch.history.analysis.results import ComparisonRequest
from aiwatch.history.analysis.compare import compare_stored

comparison = compare_stored(Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=ComparisonRequest))
assert len(comparison.rows) == 59, comparison.notes
"""


def comparison_figures(path: Path) -> None:
    """Print how long a comparison of 60 symbols takes, from the start of the process."""
    request = ComparisonRequest(SYMBOLS, TODAY.date() - timedelta(days=5 * 365), benchmark=SYMBOLS[0])
    command = [sys.executable, "-c", _COMPARE, str(path), msgspec.json.encode(request).decode()]
    took = []
    for _ in range(3):
        began = perf_counter()
        subprocess.run(command, check=True)
        took.append(perf_counter() - began)
    print(f"  60 symbols x 5 years compared in {min(took):.2f} s, imports included; aim 2.5")


async def lag_figures(folder: Path) -> None:
    """Print the lag of the loop, idle and while 60 symbols are fetched, and the memory added."""
    from aiwatch.runtime.history import open_history

    sys.setswitchinterval(SWITCH)
    collect_from_now_on()  # both as a screen does
    machine = Machine()
    async with AsyncExitStack() as stack:
        urls = await stack.enter_async_context(exchange_process(ExchangeOptions(anything=True)))
        settings = pointed_at(Settings(), urls)
        for source, _ in await open_hosts(stack, settings, utc_now):  # a screen has asked them already
            await source.fetch([symbol for symbol in map(parse_symbol, _FIRST) if source.covers(symbol)])
        await open_bar_sources(stack, settings, utc_now)
        before = _resident()
        opened = open_history(settings, folder / "fetched.sqlite3", utc_now, shipped_day)
        history = await stack.enter_async_context(opened)
        symbols = [parse_symbol(text) for pair in zip(SYMBOLS, _US, strict=False) for text in pair]
        watching = asyncio.create_task(machine.watch())

        async def fetch(some: Sequence[Symbol]) -> None:
            for symbol in some:
                bars = await history.service.bars(symbol, Range.FIVE_YEARS)
                if bars.series is None:
                    raise SystemExit(f"{symbol}: {bars.problem}")

        await fetch(symbols[:2])  # the child starts, and what it needs is imported
        idle, busy, seconds = list[float](), list[float](), 0.0
        for at in range(2, len(symbols), TOGETHER):  # in turn, so that both meet the same machine
            idle += await _lag_while(asyncio.sleep(IDLE))
            began = perf_counter()
            busy += await _lag_while(fetch(symbols[at : at + TOGETHER]))
            seconds += perf_counter() - began
        watching.cancel()
        print(f"  {len(symbols)} symbols x 5 years fetched in {seconds:.1f} s, machine's strain {machine.strain:.1f}")
        print(f"  lag p50, p99: idle {_two(idle)}, fetching {_two(busy)} ms; aim: p99 idle + 5")
        print(f"  memory added: {_resident() - before:.1f} MB; aim 5")


_FIRST = ("600000.SS", "NVDA", "CNY=X")
_US = [f"X{first}{second}" for first in "ABCDEF" for second in "ABCDE"]
"""Thirty tickers, which the exchange lists when it is asked for them."""


async def _lag_while(work: object) -> list[float]:
    """How many milliseconds late the loop came back, each `TICK`, while ``work`` was done."""
    late: list[float] = []
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    loop = asyncio.get_running_loop()
    while not task.done():
        began = loop.time()
        await asyncio.sleep(TICK)
        late.append((loop.time() - began - TICK) * 1000)
    await task
    return late


def _two(late: list[float]) -> str:
    ordered = sorted(late)
    return f"{statistics.median(ordered):.1f}, {ordered[len(ordered) * 99 // 100]:.1f}"


def _resident() -> float:
    """This process's resident memory in MB, where the kernel says it."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return float("nan")
    return pages * 4096 / 1e6


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        kept = Path(name) / "history.sqlite3"
        print("the file")
        file_figures(kept)
        print("the comparison")
        comparison_figures(kept)
        print("the loop")
        asyncio.run(lag_figures(Path(name)))
