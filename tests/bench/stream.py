"""What the stream costs the whole screen: ``python -m tests.bench.stream [symbols [messages a second]]``.

The embedded exchange runs as one process and streams made-up US shares; the screen runs as another under a
pseudo-terminal of 160 by 45 cells and follows them all, asking its polled sources once a minute. Printed are the
messages read a second, the CPU time of the screen process in percent of one core and what that comes to on a quiet
machine, the lag of its event loop, and how old a price is, counted from the moment the exchange sent it, when it is in
the book and when the screen has it. The aims for 5,000 symbols at 5,000 messages a second are 35 %, a lag of 15 ms
(p99), and 120 ms (p50) and 250 ms (p99) to the screen.
"""

from __future__ import annotations

import asyncio
import json
import os
import string
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from unittest.mock import patch

from aiwatch.simulator import ExchangeOptions
from tests.bench.end_to_end import Watch, addresses, exchange, watchlists
from tests.bench.terminal import Terminal

SYMBOLS, RATE = 5_000, 5_000.0
_MODULE = "tests.bench.stream"
_TIMEOUT = 60.0
_SETTINGS = "".join(
    f"\n[sources.{name}]\ninterval = 60\ninterval_closed = 60\n" for name in ("tencent", "yahoo", "sina")
)


def made_up(count: int) -> list[str]:
    """US symbols that nobody lists: four letters, the first a Q."""
    return ["Q" + "".join(letters) for letters in islice(product(string.ascii_uppercase, repeat=3), count)]


def measure(symbols: int, rate: float) -> dict[str, float]:
    """Run the screen on an exchange that streams ``rate`` messages a second over ``symbols``."""
    texts = made_up(symbols)
    options = ExchangeOptions(rate=rate * (symbols + 1) / symbols, symbols=1, also=tuple(texts))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, exchange(options) as urls:
        home = Path(name)
        lists, report = home / "lists", home / "cost.json"
        lists.mkdir()
        watchlists(lists, texts)
        (home / "config.toml").write_text('start_list = "bench"\n' + _SETTINGS, encoding="utf-8")
        own = {"HOME": name, "AIWATCH_CONFIG": str(home / "config.toml"), "AIWATCH_WATCHLISTS": str(lists)}
        peers = {key: value for key, value in os.environ.items() if not key.startswith(("AIWATCH_", "TEXTUAL", "XDG_"))}
        command = [sys.executable, "-m", _MODULE, "drive", str(report)]
        with Terminal(command, peers | own | addresses(urls)) as terminal:
            terminal.read_until(lambda: False, _TIMEOUT)
            if not report.exists():
                raise SystemExit(f"no report\n{terminal.text[-3000:]}")
        costs: dict[str, float] = json.loads(report.read_text("utf-8"))
        return costs


def drive(report: Path) -> None:
    """Open the screen as `aiwatch` does, with every market open, and measure it from its first paint."""
    from aiwatch.archive import calendar_refresh
    from aiwatch.config.settings import Flags
    from aiwatch.feed.quote_book import QuoteBook
    from aiwatch.market.calendar.session import Calendar, Session, always_open
    from aiwatch.market.quote import Quote
    from aiwatch.market.state import MarketState, utc_now
    from aiwatch.market.symbol import Exchange, Symbol
    from aiwatch.runtime import archive, screen

    async def no_calendars(*_: object) -> bool:
        return False

    class Open(Calendar):
        def __call__(self, exchange: Exchange, when: datetime) -> Session:
            return always_open(exchange, when)

    watch = Watch(report)
    ages: dict[str, list[float]] = {"book": [], "screen": []}
    tasks: list[asyncio.Task[None]] = []
    add, take, painted = QuoteBook.add, MarketState.apply, screen.collect_from_now_on

    def note(place: str, quotes: Iterable[Quote]) -> int:
        streamed = [quote for quote in quotes if quote.source == "stream"]
        if streamed:
            ages[place].append((utc_now() - streamed[-1].as_of).total_seconds() * 1000)
        return len(streamed)

    def booked(book: QuoteBook, quotes: Iterable[Quote]) -> bool:
        held = tuple(quotes)
        added = add(book, held)
        watch.applied += note("book", held)
        return added

    def taken(market: MarketState, quotes: Iterable[Quote]) -> list[Symbol]:
        held = tuple(quotes)
        changed = take(market, held)
        for quote in held[:: max(1, len(held) // 20)]:
            note("screen", (quote,))
        return changed

    async def measure_all() -> None:
        await watch.measure()
        _add_ages(report, ages)
        os._exit(0)  # the report is written: nothing more is asked of the process

    def begin() -> None:
        painted()
        tasks.append(asyncio.get_running_loop().create_task(measure_all()))

    with (
        patch.object(QuoteBook, "add", booked),
        patch.object(MarketState, "apply", taken),
        patch.object(screen, "collect_from_now_on", begin),
        patch.object(archive, "Calendar", Open),
        patch.object(calendar_refresh, "fill", no_calendars),
    ):
        screen.open_screen(Flags())


def _add_ages(report: Path, ages: dict[str, list[float]]) -> None:
    """Put the percentiles of ``ages`` (ms) into the report; the first quarter was noted while it warmed up."""
    costs = json.loads(report.read_text("utf-8"))
    for place, noted in ages.items():
        ordered = sorted(noted[len(noted) // 4 :])
        costs |= {f"{place}_50": ordered[len(ordered) // 2], f"{place}_99": ordered[len(ordered) * 99 // 100]}
    report.write_text(json.dumps(costs), "utf-8")


def main(words: list[str]) -> None:
    """Measure and print."""
    symbols = int(words[0]) if words else SYMBOLS
    rate = float(words[1]) if len(words) > 1 else RATE
    costs = measure(symbols, rate)
    print(f"stream of {rate:,.0f} messages a second over {symbols:,} symbols, shown")
    print(f"  read        {costs['applied']:7,.0f} a second")
    quiet = costs["cpu"] / costs["strain"]
    print(f"  CPU         {costs['cpu']:7.1f} % of one core; {quiet:.1f} % without the strain of {costs['strain']:.2f}")
    print(
        f"  loop lag    {costs['lag_50']:7.1f} ms p50 {costs['lag_99']:7.1f} ms p99 {costs['lag_most']:7.1f} ms at most"
    )
    print(f"  to the book {costs['book_50']:7.1f} ms p50 {costs['book_99']:7.1f} ms p99")
    print(f"  to screen   {costs['screen_50']:7.1f} ms p50 {costs['screen_99']:7.1f} ms p99")


if __name__ == "__main__":
    if sys.argv[1:2] == ["drive"]:
        drive(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
