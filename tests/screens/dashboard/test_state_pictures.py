"""Every state in which the screen may be met, drawn on purpose: a picture of each; and at all sizes, in both themes,
the rule that nothing is cut off or too pale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from aiwatch.errors import Problem
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.session import Calendar, always_open
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import SSE, SZSE, parse_symbol
from aiwatch.session.layout import ScreenLayout
from aiwatch.watchlist import Stock, Watchlist
from tests.screens.dashboard.test_contrast import unreadable
from tests.screens.dashboard.test_pictures import Act, Compare, app_of, day, fill, lose_the_network, then
from tests.screens.dashboard.test_sizes import check
from tests.screens.stage import AUCTION, LUNCH, MORNING, NIGHT, Stage, failing, healthy, lists, on_stage, priced

LATER = timedelta(minutes=14)
HOLIDAY = datetime(2026, 10, 1, 2, 30, tzinfo=UTC)
"""China's National Day, a Thursday; Tokyo trades."""
AT_CLOSING_PRICE = datetime(2026, 7, 10, 7, 15, tzinfo=UTC)
"""A quarter past three in Shanghai: shares trade at the price of the close."""
NAMED: dict[str, Any] = {"start_list": "named-in-the-articles"}
SHIPPED = Calendar((), shipped_day)


class State(NamedTuple):
    """What the screen is opened with, what happens, and at which size its picture is taken."""

    options: dict[str, Any]
    act: Act
    size: tuple[int, int] = (120, 36)


def at(moment: datetime, trading: Trading | None = None) -> Act:
    """Let the day's last prices be of ``moment``, those of China in the state ``trading``."""

    async def act(stage: Stage) -> None:
        newest = {quote.symbol: quote for batch in day() for quote in batch}
        quotes = []
        for quote in newest.values():
            if quote.symbol.exchange in (SSE, SZSE):
                more: dict[str, Any] = {}
                if trading is Trading.AUCTION and quote.trading is not Trading.SUSPENDED:
                    more = {"trading": trading, "volume": 0, "turnover": 0.0, "vwap": None, "open": None}
                    more |= dict.fromkeys(("high", "low", "turnover_rate", "volume_ratio"))
                quotes.append(replace(quote, as_of=moment, received_at=moment, **more))
        await stage.take(*quotes, health=healthy(stage.dashboard.session.market.clock()))

    return act


def took(*quotes: Quote, **more: Any) -> Act:
    """Let the day happen, then ``quotes`` come, with what `Stage.take` takes."""

    async def act(stage: Stage) -> None:
        await fill(stage)
        await stage.take(*quotes, **more)

    return act


async def stop_one(stage: Stage) -> None:
    """Let a quarter of an hour have passed since the day happened, in which one source has failed."""
    await fill(stage)
    down = failing("tencent", "HTTP 502: Bad Gateway", MORNING + LATER, wait=95)
    await stage.take(health=(down, healthy(MORNING + LATER)[1]))


async def know_few(stage: Stage) -> None:
    """Let the first stock of the list be known to nobody, nor one below it, and the day happen to the others."""
    unknown = ("603308.SS", "300870.SZ")
    quotes = [quote for batch in day() for quote in batch if quote.symbol.text not in unknown]
    await stage.take(*quotes, health=healthy(), unknown=unknown)
    await stage.press("j", "k")


async def select_suspended(stage: Stage) -> None:
    """Let the day happen, and the cursor be on the stock that is suspended."""
    await fill(stage)
    await stage.press(*"jjjjj")
    symbol = stage.dashboard.lists.current
    assert symbol is not None
    assert stage.dashboard.session.market.quotes[symbol].trading is Trading.SUSPENDED


async def seal_and_open(stage: Stage) -> None:
    """Let one stock be sealed at its limit, one opened again, one fall to its limit."""
    await fill(stage)
    await stage.take(
        priced("002837.SZ", 63.82, 58.02, bid=63.82, bid_size=2_130_000, turnover=3.1e9, volume=49_000_000),
        priced("002158.SZ", 21.68, 19.71, bid=21.68, bid_size=900_000, turnover=3.9e8, volume=18_000_000),
        priced("605060.SS", 23.85, 26.5, ask=23.85, ask_size=310_000, turnover=2.2e8, volume=9_100_000),
        health=healthy(),
    )
    later = MORNING + timedelta(seconds=5)
    await stage.take(
        priced("002158.SZ", 21.5, 19.71, at=later, bid=21.49, ask=21.5, turnover=3.9e8, volume=18_100_000, high=21.68)
    )
    await stage.press("j", "j", "j", "j", "j", "j", "j")


NEW = Watchlist(
    "new",
    "First days",
    "Shares that have come to the market this week.",
    (
        Stock(parse_symbol("688795.SS"), "N Moore Threads", "N摩尔", role="First day: no daily limit"),
        Stock(parse_symbol("301611.SZ"), "C Kema Materials", "C珂玛", role="Third day: no daily limit"),
        Stock(parse_symbol("002837.SZ"), "Envicool", "英维克"),
    ),
    Path("new.toml"),
)
EMPTY = Watchlist("empty", "My picks", "", (), Path("empty.toml"))
FIRST_DAYS = took(
    priced("688795.SS", 312.4, 114.28, name="N摩尔", turnover=9.4e9, volume=31_000_000, turnover_rate=71.2),
    priced("301611.SZ", 41.9, 39.6, name="C珂玛", turnover=8.2e8, volume=19_800_000, turnover_rate=38.1, daily_limit=0),
)
STATES: dict[str, State] = {
    "first start without network": State(
        NAMED | {"layout": ScreenLayout(welcomed=False), "variables": {"LANG": "C.UTF-8"}}, lose_the_network, (80, 24)
    ),
    "closed": State(NAMED | {"clock": lambda: NIGHT}, at(NIGHT.replace(hour=7, minute=0))),
    "holiday": State(
        NAMED | {"clock": lambda: HOLIDAY, "sessions": SHIPPED}, at(datetime(2026, 9, 30, 7, 0, tzinfo=UTC)), (160, 45)
    ),
    "lunch": State(NAMED | {"clock": lambda: LUNCH}, at(LUNCH.replace(hour=3, minute=30)), (80, 24)),
    "auction": State(NAMED | {"clock": lambda: AUCTION}, at(AUCTION, Trading.AUCTION)),
    "closing price": State(
        NAMED | {"clock": lambda: AT_CLOSING_PRICE, "sessions": SHIPPED}, at(AT_CLOSING_PRICE - timedelta(minutes=15))
    ),
    "suspended": State(NAMED, select_suspended),
    "stale source": State(NAMED | {"clock": lambda: MORNING + LATER}, stop_one),
    "unknown": State(NAMED, know_few, (80, 24)),
    "limits": State(NAMED, seal_and_open, (160, 45)),
    "first days": State({"watchlists": (NEW, *lists()), "start_list": "new"}, FIRST_DAYS, (80, 24)),
    "list with an error": State(
        NAMED
        | {
            "list_problems": (
                Problem(Path("mine.toml"), 4, "symbol '2837.SZ': Shenzhen's codes have 6 digits, write 002837.SZ"),
            )
        },
        fill,
        (80, 24),
    ),
    "empty": State({"watchlists": (EMPTY, *lists()), "start_list": "empty"}, fill),
    "demo": State(NAMED | {"mark": "DEMO", "sessions": always_open}, fill, (80, 24)),
    "replay": State(NAMED | {"mark": "REPLAY"}, fill, (160, 45)),
    "16 colours": State(NAMED | {"theme": "ansi-dark"}, fill),
    "monochrome": State(NAMED | {"colours": "monochrome"}, fill, (80, 24)),
}


@pytest.mark.parametrize("name", STATES)
def test_picture(name: str, snap_compare: Compare) -> None:
    state = STATES[name]
    assert snap_compare(app_of(state.options), terminal_size=state.size, run_before=then(state.act))


@pytest.mark.long
@pytest.mark.parametrize("theme", ["aiwatch-dark", "aiwatch-light"])
@pytest.mark.parametrize("name", [name for name, state in STATES.items() if "theme" not in state.options])
async def test_nothing_is_cut_off_or_too_pale_at_any_size(name: str, theme: str) -> None:
    state = STATES[name]
    async with on_stage((80, 24), **({"theme": theme} | state.options)) as stage:
        await state.act(stage)
        for size in ((80, 24), (120, 36), (160, 45), (200, 60)):
            await stage.resize(*size)
            await stage.settle()
            check(stage)
            assert unreadable(stage) == set(), size
