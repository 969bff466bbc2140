"""How long prices stay behind after an outage: ``python -m tests.bench.recovery [seconds]``.

The feed asks every host of the embedded exchange, in this process, for 30 symbols. All hosts fail in one of four ways
for 45 seconds and answer again; printed are, for each way, the seconds until every symbol has been priced anew, and the
requests a minute that one host got meanwhile, the most of any. The aims are 8 seconds, and 6 requests where the answer
was 429.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from typing import NamedTuple

from aiwatch.config.settings import Settings
from aiwatch.feed.feed import Feed
from aiwatch.market.calendar.session import always_open
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import live_hosts, pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.sources.http import HttpSource
from tests.bench.first_price import texts_of

OUTAGE = 45.0
SYMBOLS = 30
HOSTS = ("tencent", "sina", "yahoo", "ecb")
WAYS = {
    "429": Fault(FaultKind.STATUS, status=429),
    "hang": Fault(FaultKind.HANG),
    "garbage": Fault(FaultKind.GARBAGE),
    "cut": Fault(FaultKind.CUT),
}
_PATIENCE = 120.0


class Recovery(NamedTuple):
    """Seconds until every price was new, and the most requests a minute to one host during the outage."""

    seconds: float
    requests: float


async def recover(fault: Fault, outage: float) -> Recovery:
    """Let all hosts have ``fault`` for so many seconds, and wait for new prices."""
    symbols = [parse_symbol(text) for text in texts_of(SYMBOLS)]
    asked: Counter[str] = Counter()
    get = HttpSource.get

    async def counted(source: HttpSource, *arguments: object) -> bytes:
        asked[source.host] += 1
        return await get(source, *arguments)  # type: ignore[arg-type]

    async with Exchange(rate=200.0, anything=True) as exchange:
        settings = pointed_at(Settings(), exchange.urls)
        async with Feed(live_hosts(settings, utc_now), utc_now, always_open) as feed:
            feed.follow(symbols)
            feed.start()
            since = dict.fromkeys(symbols, 0.0)
            taking = asyncio.create_task(_take(feed, since))
            await _until_all(since, 0.0)
            for host in HOSTS:
                await exchange.fail(host, fault)
            HttpSource.get = counted  # type: ignore[method-assign, assignment]
            await asyncio.sleep(outage)
            HttpSource.get = get  # type: ignore[method-assign]
            for host in HOSTS:
                await exchange.heal(host)
            healed = time.perf_counter()
            await _until_all(since, healed)
            took = time.perf_counter() - healed
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
    return Recovery(took, 60 * max(asked.values(), default=0) / outage)


async def _take(feed: Feed, since: dict[Symbol, float]) -> None:
    async for batch in feed.batches():
        since.update((quote.symbol, time.perf_counter()) for quote in batch.quotes if quote.symbol in since)


async def _until_all(since: dict[Symbol, float], moment: float) -> None:
    async with asyncio.timeout(_PATIENCE):
        while min(since.values()) <= moment:  # noqa: ASYNC110 - one look is as good as another
            await asyncio.sleep(0.02)


def main() -> None:
    """Print every way."""
    outage = float(sys.argv[1]) if len(sys.argv) > 1 else OUTAGE
    print(f"all hosts out for {outage:g} s; the aims are 8 s, and 6 requests a minute on 429")
    for name, fault in WAYS.items():
        took, requests = asyncio.run(recover(fault, outage))
        print(f"  {name:8} fresh after {took:6.1f} s, {requests:5.1f} requests a minute", flush=True)


if __name__ == "__main__":
    main()
