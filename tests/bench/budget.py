"""How many requests a day each bundled list costs: ``python -m tests.bench.budget``.

No request is sent: a clock is stepped through 24 hours from midnight UTC, and `aiwatch.feed.schedule`, by which the
lanes go, says when each symbol is due. Answers are taken to come at once with the delay their source has. Beside it
stands what asking the same sources for the same list every five seconds sends. Sessions are those of
exchange_calendars.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aiwatch.archive.calendars import ask_calendars
from aiwatch.config.paths import bundled
from aiwatch.config.settings import Settings, SourceSettings
from aiwatch.feed.router import order
from aiwatch.feed.schedule import LastAnswer, wait
from aiwatch.market.calendar.session import Calendar, Session, Sessions
from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, TSE, Symbol
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.spark import Yahoo
from aiwatch.watchlist.reader import read_watchlists

DAYS = {
    "an ordinary Wednesday": date(2026, 11, 25),
    "Thanksgiving": date(2026, 11, 26),
    "a Friday of Golden Week": date(2026, 10, 2),
    "a Sunday": date(2026, 11, 29),
}
PLAIN_SECONDS = 5
_DAY_SECONDS = 86_400
_FEED_LAG = timedelta(seconds=3)
_DELAYS = {("tencent", HKEX.code): 15, ("yahoo", TSE.code): 20} | {
    ("yahoo", exchange.code): 15 for exchange in (SSE, SZSE, BSE, HKEX)
}
"""Minutes that a source is late, where it is."""


@dataclass(frozen=True, slots=True)
class Host:
    """A source as far as its requests are concerned."""

    name: str
    limit: int
    settings: SourceSettings


def hosts() -> dict[str, Host]:
    """The sources that are asked when all is well, by name."""
    settings = Settings().sources
    return {
        "tencent": Host("tencent", Tencent.batch_limit, settings["tencent"]),
        "sina": Host("sina", Sina.batch_limit, settings["sina"]),
        "yahoo": Host("yahoo", Yahoo.batch_limit, settings["yahoo"]),
    }


def assigned(symbols: Iterable[Symbol]) -> dict[str, list[Symbol]]:
    """The symbols each source is asked for when all is well."""
    options: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        options.setdefault(next(name for name in order(symbol) if name in hosts()), []).append(symbol)
    return options


def requests(host: Host, symbols: list[Symbol], calendar: Calendar, day: date) -> int:
    """The requests to ``host`` for ``symbols`` within ``day``, which a run in full swing came into."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    now = start
    sessions = Sessions(lambda: now, calendar)
    asked = {
        symbol: answer(host, symbol, sessions(symbol.exchange), start - timedelta(hours=1), 0.0) for symbol in symbols
    }
    count, seconds = 0, 0.0
    while seconds < _DAY_SECONDS:
        now = start + timedelta(seconds=seconds)
        left = {
            symbol: wait(
                sessions(symbol.exchange),
                asked[symbol],
                seconds,
                host.settings.interval,
                host.settings.interval_closed,
                now,
            )
            for symbol in symbols
        }
        due = [symbol for symbol, pause in left.items() if pause <= 0]
        count += -(-len(due) // host.limit)
        asked |= {symbol: answer(host, symbol, sessions(symbol.exchange), now, seconds) for symbol in due}
        pauses = [pause for pause in left.values() if pause > 0]
        seconds += min([host.settings.interval, *pauses]) if due else min(pauses)
    return count


def answer(host: Host, symbol: Symbol, session: Session, now: datetime, seconds: float) -> LastAnswer:
    """What is remembered of an answer of ``now``."""
    delay = timedelta(minutes=_DELAYS.get((host.name, symbol.exchange.code), 0))
    as_of = now - delay - _FEED_LAG
    return LastAnswer(seconds, now, as_of if session.stopped is None else min(as_of, session.stopped), delay)


def main() -> None:
    """Print the requests of every list on every day."""
    listed, lists = hosts(), read_watchlists(bundled("watchlists")).lists
    expected = {watchlist.key: [stock.symbol for stock in watchlist.stocks] for watchlist in lists}
    expected["all lists"] = list(dict.fromkeys(symbol for symbols in expected.values() for symbol in symbols))
    calendar = Calendar(asyncio.run(ask_calendars(min(DAYS.values()) - timedelta(days=10), date(2026, 12, 10))))
    width = max(map(len, expected))
    plain_head = f"every {PLAIN_SECONDS} s"
    print("requests in 24 hours, by source")
    for words, day in DAYS.items():
        print(f"\n{words}, {day}\n  {'':{width}}  {'tencent':>8} {'sina':>8} {'yahoo':>8} {'all':>8} {plain_head:>10}")
        for key, symbols in expected.items():
            shares = assigned(symbols)
            counts = {name: requests(listed[name], share, calendar, day) for name, share in shares.items()}
            plain = sum(-(-len(share) // listed[name].limit) for name, share in shares.items())
            plain *= _DAY_SECONDS // PLAIN_SECONDS
            cells = " ".join(f"{counts.get(name, 0):8}" for name in listed)
            total = sum(counts.values())
            print(f"  {key:{width}}  {cells} {total:8} {plain:10}  {100 * total / plain:5.1f} %")


if __name__ == "__main__":
    main()
