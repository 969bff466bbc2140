"""The board begins with what earlier runs kept, in the first paint, and says that it is from memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from aiwatch.archive import NO_LAST_STATE, LastState
from aiwatch.market.state import PriceStatus
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.dashboard.screen import DashboardScreen
from tests.screens.stage import MORNING, NIGHT, PATIENCE, Stage, make_app, priced

ENVICOOL = parse_symbol("002837.SZ")
KEPT = priced("002837.SZ", 63.82, 58.02, MORNING - timedelta(hours=20))
REMEMBERED = LastState((KEPT,), {ENVICOOL: (60.0, 61.0, 62.0, 63.82)})


@asynccontextmanager
async def begun(remembered: LastState, **options: Any) -> AsyncIterator[tuple[Stage, list[str]]]:
    """The running app, and the rows of its first paint."""
    first: list[str] = []
    trouble = options.pop("trouble", "")

    def painted() -> None:
        first.extend(strip.text for strip in app.screen._compositor.render_strips())

    troubles = (trouble,) if trouble else ()
    app = make_app(**options, remembered=remembered, painted=painted, troubles=lambda: troubles)
    async with app.run_test(size=(180, 45)) as pilot:
        stage = Stage(pilot)
        await stage.until(lambda: bool(first))
        yield stage, first


async def test_the_first_paint_shows_what_was_kept() -> None:
    async with begun(REMEMBERED) as (_, first):
        row = next(line for line in first if "002837.SZ" in line and "63.82" in line)
        assert "kept 20h" in row
        assert "+10.00" in row
        assert any("waiting" in line for line in first if "603757.SS" in line)


@pytest.mark.parametrize("prices_come", [True, False], ids=["with the first prices", "without any"])
async def test_the_feed_begins_alone_and_the_rest_when_prices_have_come_or_will_not(
    prices_come: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiwatch.screens.dashboard.screen.PATIENCE", PATIENCE if prices_come else 0.05)
    began: list[str] = []
    monkeypatch.setattr("aiwatch.feed.feed.Feed.start", lambda _: began.append("feed"))
    monkeypatch.setattr(DashboardScreen, "follow_files", lambda _: began.append("files"))
    async with begun(NO_LAST_STATE, settled=lambda: began.append("archive")) as (stage, _):
        if prices_come:
            assert began == ["feed"]
            await stage.take(priced("002837.SZ", 63.90, 58.02))
            await stage.take(priced("002837.SZ", 63.91, 58.02))
        await stage.until(lambda: len(began) > 1)
        assert began == ["feed", "archive", "files"]


async def test_the_first_word_of_a_source_ends_the_memory() -> None:
    async with begun(REMEMBERED) as (stage, _):
        assert stage.dashboard.session.market.status(ENVICOOL) is PriceStatus.MEMORY
        await stage.take(priced("002837.SZ", 63.90, 58.02))
        assert stage.dashboard.session.market.status(ENVICOOL) is PriceStatus.LIVE
        assert "memory" not in stage.row("002837.SZ")
        # A new day: the old one's ticks are gone.
        assert list(stage.dashboard.session.market.tapes[ENVICOOL].prices) == [63.90]


async def test_the_same_price_again_confirms_it_and_an_older_one_does_not() -> None:
    async with begun(REMEMBERED, clock=lambda: NIGHT) as (stage, _):
        await stage.take(structs.replace(KEPT, last=60.0, as_of=KEPT.as_of - timedelta(seconds=1)))
        assert stage.dashboard.session.market.status(ENVICOOL) is PriceStatus.MEMORY
        await stage.take(structs.replace(KEPT, received_at=NIGHT))
        assert stage.dashboard.session.market.status(ENVICOOL) is PriceStatus.CLOSED


async def test_a_price_from_the_future_is_not_remembered() -> None:
    ahead = structs.replace(KEPT, as_of=MORNING + timedelta(hours=1))
    async with begun(LastState((ahead,))) as (stage, _):
        assert stage.dashboard.session.market.status(ENVICOOL) is PriceStatus.WAITING


async def test_trouble_with_the_archive_is_said_and_the_screen_works() -> None:
    async with begun(REMEMBERED, trouble="The archive is held by another program") as (stage, first):
        assert any("! The archive is held by another program" in line for line in first)
        await stage.press("j")
        assert stage.current
