"""How long until prices are there, cold: ``python -m tests.bench.first_price [symbols…]``.

The embedded exchange runs as one process and the screen as another, under a pseudo-terminal of 160 by 45 cells, with an
empty home. Half of the list are stocks of Shanghai, half of New York; every market is held open. Printed are seconds:
of the first paint since the process began, and since the paint of the first request to a host, the first batch of
prices handed to the screen, the first time all symbols had one, how many requests that took and how many were under
way at once to one host, and how many were sent in the last half minute of those that were watched: for quotes, which
goes on, and for the price history of the list, which ends when all of it is there and is asked for again the next day.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from unittest.mock import patch

from aiwatch.market.quote import Quote
from aiwatch.simulator import ExchangeOptions
from tests.bench.end_to_end import addresses, exchange, watchlists
from tests.bench.terminal import Terminal

CASES = (30, 300, 3_000)
AIMS = {30: "first 0.35, all 0.6", 300: "all 2.5", 3_000: "all 8", 9_000: "all 20"}
RUNS = 5
"""Starts of the smallest case, of which the medians are printed; of the others one."""
AFTER = 30.0
"""Seconds that requests are counted once everything has a price."""
_TIMEOUT = 120.0


def texts_of(count: int) -> list[str]:
    """So many symbols, half of Shanghai and half of New York."""
    letters = ("".join(code) for code in product(ascii_uppercase, repeat=4))
    return [f"{600_000 + at}.SS" if at % 2 == 0 else f"Z{next(letters)[:4]}"[:5] for at in range(count)]


def measure(count: int, after: float) -> dict[str, float]:
    """Start the screen once on a list of ``count`` symbols."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        exchange(ExchangeOptions(rate=20.0, anything=True)) as urls,
    ):
        home = Path(name)
        lists, report = home / "lists", home / "report.json"
        lists.mkdir()
        watchlists(lists, texts_of(count))
        (home / "config.toml").write_text('start_list = "bench"\n', encoding="utf-8")
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("AIWATCH_", "TEXTUAL", "XDG"))
        }
        own = {"HOME": name, "AIWATCH_CONFIG": str(home / "config.toml"), "AIWATCH_WATCHLISTS": str(lists)}
        command = [sys.executable, "-m", "tests.bench.first_price", "drive", str(report), str(count), str(after)]
        began = time.perf_counter()
        with Terminal(command, environment | own | addresses(urls) | {"BENCH_BEGAN": str(began)}) as terminal:
            terminal.read_until(report.exists, _TIMEOUT)
            if not report.exists():
                raise SystemExit(f"no report\n{terminal.text[-3000:]}")
        words: dict[str, float] = json.loads(report.read_text("utf-8"))
        return words


def drive(report: Path, count: int, after: float) -> None:
    """Open the screen as `aiwatch` does and note when what happens."""
    from aiwatch.archive import calendar_refresh
    from aiwatch.config.settings import Flags
    from aiwatch.feed.quote_book import QuoteBook
    from aiwatch.market.calendar.session import Calendar, Session, always_open
    from aiwatch.market.symbol import Exchange, Symbol
    from aiwatch.runtime import archive, screen

    began = float(os.environ["BENCH_BEGAN"])
    noted: dict[str, float] = {}
    priced: set[Symbol] = set()
    sent: dict[bool, list[float]] = {True: [], False: []}
    """When requests were sent, those for quotes and the others."""
    under_way: Counter[str] = Counter()
    painted, drain = screen.collect_from_now_on, QuoteBook.drain

    async def no_calendars(*_: object) -> bool:
        return False

    class Open(Calendar):
        def __call__(self, exchange: Exchange, when: datetime) -> Session:
            return always_open(exchange, when)

    def since_paint() -> float:
        return time.perf_counter() - began - noted["paint"]

    def watch_requests() -> None:
        from aiwatch.sources.http import HttpSource

        get = HttpSource.get

        async def counted(source: Any, *options: Any) -> bytes:
            noted.setdefault("request", since_paint())
            sent[hasattr(source, "batch_limit")].append(since_paint())
            under_way[source.host] += 1
            noted["at once"] = max(noted.get("at once", 0), *under_way.values())
            try:
                return await get(source, *options)
            finally:
                under_way[source.host] -= 1

        vars_of: Any = HttpSource
        vars_of.get = counted

    def begin() -> None:
        painted()
        noted["paint"] = time.perf_counter() - began
        asyncio.get_running_loop().create_task(asyncio.to_thread(watch_requests))

    def finish() -> None:
        for name, of_quotes in (("a minute", True), ("of history", False)):
            noted[name] = sum(at > since_paint() - after for at in sent[of_quotes]) / after * 60 if after else 0
        report.write_text(json.dumps(noted), "utf-8")
        os._exit(0)

    def handed(book: QuoteBook) -> tuple[Quote, ...]:
        quotes = drain(book)
        if quotes:
            noted.setdefault("first", since_paint())
            priced.update(quote.symbol for quote in quotes)
        if len(priced) >= count and "all" not in noted:
            noted["all"], noted["requests"] = since_paint(), sum(map(len, sent.values()))
            asyncio.get_running_loop().call_later(after, finish)
        return quotes

    with (
        patch.object(QuoteBook, "drain", handed),
        patch.object(screen, "collect_from_now_on", begin),
        patch.object(archive, "Calendar", Open),
        patch.object(calendar_refresh, "fill", no_calendars),
    ):
        screen.open_screen(Flags())


def main() -> None:
    """Run and print every case, or, as the child, the screen."""
    if sys.argv[1:2] == ["drive"]:
        drive(Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
        return
    cases = [int(word) for word in sys.argv[1:]] or CASES
    titles = ("paint", "request", "first", "all", "requests", "at once", "a minute", "of history")
    print(f"{'symbols':>8}" + "".join(f"{title:>10}" for title in titles) + "   the aim")
    for count in cases:
        runs = [measure(count, AFTER if turn == 0 else 0.0) for turn in range(RUNS if count <= CASES[0] else 1)]
        figures = [statistics.median(run.get(title, 0) for run in runs) for title in titles[:-2]]
        figures += [runs[0][title] for title in titles[-2:]]
        print(
            f"{count:8,}" + "".join(f"{figure:10.2f}" for figure in figures) + f"   {AIMS.get(count, '')}", flush=True
        )


if __name__ == "__main__":
    main()
