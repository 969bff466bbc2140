"""Pictures of the screen: what a person sees, kept as SVG and compared.

A picture that changed on purpose is taken anew with ``--snapshot-update``,
and looked at before it is committed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from aiwatch.app import AiwatchApp
from aiwatch.feed.feed import Batch
from aiwatch.ledger.views import VIEWS
from aiwatch.market.calendar.session import always_open
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.market.symbol import US
from tests.screens.stage import MORNING, NIGHT, Stage, failing, healthy, make_app, priced

Compare = Callable[..., bool]
Act = Callable[[Stage], Awaitable[None]]

_DAY = (
    ("603757.SS", 47.14, (47.3, 47.9, 48.6, 49.8, 51.85), 31.0e6, 1.41e9, 18.62, 1.84),
    ("002837.SZ", 58.02, (58.0, 57.61, 59.9, 61.4, 62.6, 61.9), 48.1e6, 3.02e9, 6.41, 2.13),
    ("300870.SZ", 221.27, (224.0, 231.0, 229.5, 240.2, 248.5), 9.87e6, 2.31e9, 9.34, 1.42),
    ("002536.SZ", 29.62, (29.5, 29.1, 28.8, 29.2, 28.95), 22.4e6, 0.65e9, 3.91, 0.87),
    ("603308.SS", 28.37, (28.4, 28.7, 29.1, 28.9, 28.95), 12.2e6, 0.35e9, 1.8, 1.12),
    ("002595.SZ", 58.17, (58.0, 57.2, 56.9, 57.4, 57.3), 6.1e6, 0.35e9, 0.77, 0.92),
    ("000811.SZ", 14.28, (14.3, 14.5, 14.6, 14.55, 14.52), 41.0e6, 0.59e9, 4.16, 1.31),
    ("002158.SZ", 19.71, (20.1, 20.9, 21.4, 21.68), 18.4e6, 0.39e9, 3.45, 2.67),
    ("605060.SS", 26.5, (26.4, 25.2, 24.4, 23.85), 9.1e6, 0.22e9, 3.79, 1.9),
)


def _of_the_day(text: str, previous: float, prices: tuple[float, ...], *figures: float) -> list[Quote]:
    volume, turnover, rate, ratio = figures
    return [
        priced(
            text,
            last,
            previous,
            at=MORNING - timedelta(seconds=3 + 60 * (len(prices) - number - 1)),
            open=prices[0],
            high=max(prices[: number + 1]),
            low=min(prices[: number + 1]),
            volume=round(volume),
            turnover=turnover,
            turnover_rate=rate,
            volume_ratio=ratio,
            vwap=round(turnover / volume, 2),
            bid=last,
            ask=None if number == 4 and text == "603757.SS" else round(last + 0.01, 2),
            bid_size=21_300,
            ask_size=4_500,
            market_cap=volume * last * 9,
            pe=48.61,
        )
        for number, last in enumerate(prices)
    ]


def day() -> list[list[Quote]]:
    """What came in, in its order: prices that move, one at its limit, one suspended, one stale, others delayed."""
    batches: list[list[Quote]] = [[], [], [], [], [], []]
    for text, previous, prices, *figures in _DAY:
        for number, quote in enumerate(_of_the_day(text, previous, prices, *figures)):
            batches[number].append(quote)
    late = MORNING - timedelta(minutes=15)
    close = MORNING - timedelta(hours=6)
    batches[-1] += [
        priced("300990.SZ", 70.23, 70.23, trading=Trading.SUSPENDED, at=MORNING - timedelta(hours=1)),
        priced("300308.SZ", 238.4, 235.0, at=MORNING - timedelta(minutes=12), turnover=4.4e9, volume=18_500_000),
        priced("601988.SS", 5.52, 5.5, turnover=1.2e9, volume=218_000_000),
        priced("0700.HK", 592.5, 590.0, at=late, source="yahoo", delay_minutes=15, decimals=3, turnover=7.1e9),
        priced("9988.HK", 118.3, 120.0, at=late, source="yahoo", delay_minutes=15, decimals=3, turnover=5.2e9),
        priced("9984.T", 15640.0, 15500.0, at=late, source="yahoo", delay_minutes=20, decimals=0, volume=9_100_000),
        priced("2330.TW", 1185.0, 1180.0, at=late, source="yahoo", delay_minutes=20, volume=24_000_000),
        priced("NVDA", 182.02, 181.59, at=close, volume=129_554_000, turnover=23.6e9),
        priced("MSFT", 522.48, 520.58, at=close, volume=20_200_000, turnover=10.5e9),
        priced("GOOGL", 202.94, 201.96, at=close, volume=29_800_000, turnover=6.0e9),
        priced("AMZN", 230.98, 224.56, at=close, volume=61_500_000, turnover=14.1e9),
        priced("META", 782.13, 780.08, at=close, volume=8_100_000, turnover=6.3e9),
        priced("ORCL", 244.96, 244.18, at=close, volume=8_100_000, turnover=2.0e9),
    ]
    return batches


async def fill(stage: Stage) -> None:
    """Let the day happen."""
    for batch in day():
        stage.dashboard.take(Batch(tuple(batch), healthy(MORNING - timedelta(seconds=3)), frozenset()))
    await stage.settle()


def then(*acts: Act, keys: tuple[str, ...] = ()) -> Callable[[Pilot[None]], Awaitable[None]]:
    """What is to be done before a picture is taken."""

    async def run(pilot: Pilot[None]) -> None:
        stage = Stage(pilot)
        await stage.until(lambda: bool(pilot.app.screen.query("#board-panel")))
        await stage.settle()
        for act in acts:
            await act(stage)
        await pilot.press(*keys)
        await stage.rest()
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False  # it stays in sight, however long that took

    return run


async def lose_the_network(stage: Stage) -> None:
    """Let both sources fail."""
    await stage.take(
        health=tuple(failing(name, f"name not found: {host}") for name, host in (("tencent", "qt.gtimg.cn"), YAHOO))
    )


async def close_new_york(stage: Stage) -> None:
    """Let New York's session be over, and trading after it go on."""
    last = {quote.symbol: quote for batch in day() for quote in batch if quote.symbol.exchange == US}
    since = timedelta(hours=2)
    await stage.take(
        *(
            replace(
                quote,
                as_of=NIGHT - since,
                high=quote.last * 1.01,
                low=quote.last * 0.98,
                extended=Extended(
                    "post", round(quote.last * (1.013 - 0.004 * number), 2), NIGHT - timedelta(seconds=40)
                ),
            )
            for number, quote in enumerate(last.values())
        ),
        health=healthy(NIGHT),
    )


def show_view(view: str) -> Act:
    """Bring the ledger to the front in ``view``: another test goes by `v` through all of them."""

    async def act(stage: Stage) -> None:
        await stage.press("2")
        stage.dashboard.panels.ledger.view = view
        await stage.settle()

    return act


async def count_in_dollars(stage: Stage) -> None:
    """Turn the ledger to US dollars; the toast that says so goes by the clock, and is not of the picture."""
    await stage.press("2", "c")
    stage.pilot.app.clear_notifications()


YAHOO = ("yahoo", "query1.finance.yahoo.com")
WHOLE = {"whole_ledger": True}
LEDGER_VIEWS = [view.key for view in VIEWS if view.on_screen]
PICTURES: dict[str, tuple[tuple[int, int], dict[str, Any], Callable[[Pilot[None]], Awaitable[None]]]] = {
    "live-80x24": ((80, 24), {}, then(fill, keys=("j",))),
    "live-120x36": ((120, 36), {}, then(fill, keys=("j",))),
    "live-200x60": ((200, 60), {}, then(fill, keys=("j",))),
    "cooling-160x45": ((160, 45), {"start_list": "cooling", "names": "chinese"}, then(fill, keys=("s",))),
    "hyperscalers-120x36": ((120, 36), {"start_list": "hyperscalers"}, then(fill)),
    "light-120x36": ((120, 36), {"theme": "aiwatch-light"}, then(fill, keys=("j",))),
    "commitments-80x24": ((80, 24), {}, then(fill, keys=("2",))),
    "stock-80x24": ((80, 24), {}, then(fill, keys=("j", "enter"))),
    "record-80x24": ((80, 24), {}, then(fill, keys=("2", "enter"))),
    "no-network-80x24": ((80, 24), {}, then(lose_the_network)),
    "after-hours-80x24": ((80, 24), {"start_list": "hyperscalers", "clock": lambda: NIGHT}, then(close_new_york)),
    "after-hours-120x36": (
        (120, 36),
        {"start_list": "hyperscalers", "clock": lambda: NIGHT, "theme": "aiwatch-light"},
        then(close_new_york),
    ),
    "replay-120x36": ((120, 36), {"mark": "REPLAY"}, then(fill)),
    "demo-120x36": ((120, 36), {"mark": "DEMO", "sessions": always_open}, then(fill)),
    "help-120x36": ((120, 36), {}, then(fill, keys=("question_mark",))),
    **{
        f"ledger-{view}-{width}x{height}": ((width, height), WHOLE, then(fill, show_view(before), keys=("v",)))
        for before, view in pairwise(LEDGER_VIEWS)
        for width, height in ((80, 24), (200, 60))
    },
    "ledger-map-200x60": ((200, 60), WHOLE, then(fill, keys=("2", "v", "v", "m"))),
    "ledger-usd-200x60": ((200, 60), WHOLE, then(fill, count_in_dollars)),
    "all-lists-120x36": ((120, 36), {"start_list": "named-in-the-articles"}, then(fill, keys=("[",))),
}


def app_of(options: dict[str, Any], clock: Callable[[], datetime] = lambda: MORNING) -> AiwatchApp:
    """The app of a picture."""
    return make_app(**{"clock": clock, **options})


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Compare) -> None:
    size, options, run_before = PICTURES[name]
    app: App[None] = app_of(options)
    assert snap_compare(app, terminal_size=size, run_before=run_before)
