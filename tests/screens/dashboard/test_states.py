"""The states drawn on purpose: each says in words how its prices are to be read, whatever the colours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.color import Color, ColorSystem
from textual.theme import Theme

from aiwatch.config.paths import bundled
from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Unreachable
from aiwatch.feed.feed import Feed
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.sources import Source
from aiwatch.themes import THEMES
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.reader import WatchlistFolder, read_watchlists
from tests.feed.fakes import QUICK, FakeSource
from tests.screens.stage import (
    AUCTION,
    LUNCH,
    MORNING,
    NIGHT,
    Stage,
    failing,
    feed_on,
    healthy,
    lists,
    on_stage,
    priced,
)

ENVICOOL = "002837.SZ"


async def look(stage: Stage) -> tuple[str, str]:
    """Envicool's row on the board, and its stock panel in one line."""
    await stage.press("j")
    await stage.settle()
    text = stage.text("#stock").translate(dict.fromkeys(map(ord, "▁▂▃▄▅▆▇"), " "))  # the end of the scrollbar
    return stage.row(ENVICOOL), " ".join(text.split())


async def test_the_first_start_without_a_network() -> None:
    sources = [FakeSource(name, Unreachable(name, f"no connection to {name}:443")) for name in ("tencent", "yahoo")]
    feed = feed_on([(source, QUICK) for source in sources], lambda: MORNING, jitter=lambda seconds: 40 * seconds)
    async with feed, on_stage((80, 24), feed=feed) as stage:
        for source in sources:
            await source.questions(1)
        await stage.until(lambda: "No source gives prices (2 of 2). Tencent: no conn" in stage.text())
        assert len(stage.dashboard.notice.render().plain.splitlines()) == 1  # type: ignore[union-attr]
        assert "No price yet: `aiwatch demo` shows simulated ones without a network." in " ".join(stage.text().split())
        assert "Tencent ✗  Yahoo ✗" in stage.lines()[0]
        rows = stage.text("#board").splitlines()[1:5]
        assert all("…" in row and "–" in row for row in rows)
        assert not any(character.isdigit() for row in rows for character in row.split(maxsplit=1)[1])
        await stage.press("2")
        assert "Sovereign pledge" in stage.text()


async def test_before_the_first_answer_nothing_is_claimed() -> None:
    async with on_stage() as stage:
        row, stock = await look(stage)
        assert "…" in row
        assert "no source has answered yet" in stock
        assert "Tencent …  Yahoo …" in stage.lines()[0]
        assert "aiwatch demo" not in stage.text(), "nothing has failed yet"


async def test_opening_the_sources_can_fail() -> None:
    async def open_sources(_: object) -> AsyncIterator[tuple[Source, SourceSettings]]:
        raise RuntimeError("the demo exchange did not start")
        yield

    feed = Feed(open_sources, lambda: MORNING)
    async with feed, on_stage(feed=feed) as stage:
        await stage.until(lambda: "Tencent: the demo exchange did not start" in stage.text())
        await stage.press("j")
        assert stage.current == ENVICOOL


async def test_a_closed_market_is_said_in_words() -> None:
    async with on_stage(clock=lambda: NIGHT) as stage:
        close = NIGHT.replace(hour=7, minute=0)
        await stage.take(priced(ENVICOOL, 63.82, 58.02, at=close), health=healthy(NIGHT))
        row, stock = await look(stage)
        assert "63.82" in row
        assert "○" in row
        assert "market closed: last session's prices" in stock
        assert "15h ago" in stock
        for market in ("SSE/SZSE", "HKEX", "TSE"):
            assert f"{market} ○" in stage.lines()[0]
        assert stage.lines()[0].count("closed") == 3
        assert "NYSE/Nasdaq ○ 18:00 after hours" in stage.lines()[0]


def outside(text: str, last: float, when: str, at: datetime) -> Quote:
    """A stock of New York that is paid 1 % more outside the session, one minute before ``at``."""
    extended = Extended(when, round(1.01 * last, 2), at - timedelta(minutes=1))
    return priced(text, last, last, at=at - timedelta(hours=2), extended=extended)


async def test_prices_outside_the_session_stand_on_the_board_by_themselves_while_there_are_any() -> None:
    before = datetime(2025, 8, 18, 13, 0, tzinfo=UTC)
    now = NIGHT
    async with on_stage((80, 24), clock=lambda: now, start_list="hyperscalers") as stage:
        assert "Pre/post" not in stage.text("#board")
        for when, moment in (("post", NIGHT), ("pre", before)):
            now = moment
            await stage.take(outside("MSFT", 500.0, when, now), outside("META", 800.0, when, now), health=healthy(now))
            assert "Pre/post" in stage.text("#board")
            assert "505.00" in stage.row("MSFT")
            assert "+ 1.00" in stage.row("META")
        await stage.press("]")
        assert "Pre/post" not in stage.text("#board"), "none of that list has any"
        await stage.press("[")
        assert "Pre/post" in stage.text("#board"), "at once"
        now = before + timedelta(hours=1)
        await stage.settle()
        assert "Pre/post" not in stage.text("#board"), "the session has begun"


async def test_the_price_of_a_week_ago_is_not_taken_for_the_last_close() -> None:
    async with on_stage(clock=lambda: NIGHT) as stage:
        await stage.take(priced(ENVICOOL, 63.82, 58.02, at=NIGHT - timedelta(days=9)), health=healthy(NIGHT))
        row, _ = await look(stage)
        assert "○9d" in row


async def test_the_lunch_break_is_said_in_words() -> None:
    async with on_stage(clock=lambda: LUNCH) as stage:
        await stage.take(priced(ENVICOOL, 60.0, 58.02, at=LUNCH.replace(hour=3, minute=30)), health=healthy(LUNCH))
        row, stock = await look(stage)
        assert "◐" in row
        assert "lunch break: last price of the morning" in stock
        assert "SSE/SZSE ◐ 12:00 lunch break" in stage.lines()[0]


@pytest.mark.parametrize("previous", [58.02, None])
async def test_a_call_auction_shows_an_indicative_price(previous: float | None) -> None:
    async with on_stage(clock=lambda: AUCTION) as stage:
        indicated = priced(ENVICOOL, 59.5, previous, at=AUCTION, trading=Trading.AUCTION, volume=0, turnover=0.0)
        await stage.take(indicated, health=healthy(AUCTION))
        row, stock = await look(stage)
        assert "59.50" in row
        assert "auc" in row
        assert "Indicative 59.50 CNY" in stock
        assert "call auction: the price is indicative, nothing has traded yet" in stock
        assert "-100" not in stage.text()
        assert "¥0" not in row
        assert "call auction" in stage.lines()[0]


async def test_before_the_first_trade_there_is_no_change() -> None:
    async with on_stage() as stage:
        await stage.take(priced(ENVICOOL, 58.02, 58.02, trading=Trading.UNTRADED), health=healthy())
        row, stock = await look(stage)
        assert "none" in row
        assert "0.00" not in row
        assert "no trade yet today: the price is the previous close" in stock


async def test_a_suspended_stock_has_no_change() -> None:
    async with on_stage() as stage:
        await stage.take(priced(ENVICOOL, 58.02, 58.02, trading=Trading.SUSPENDED), health=healthy())
        row, stock = await look(stage)
        assert "susp" in row
        assert "%" not in row
        assert "0.00" not in row
        assert "Last close 58.02 CNY" in stock
        assert "suspended: the price is the previous close" in stock
        assert "4 stocks, none priced yet" in stage.text("SummaryLine")
        assert "-100" not in stage.text()


async def test_a_delisted_stock_says_so() -> None:
    async with on_stage() as stage:
        await stage.take(priced(ENVICOOL, 1.02, 1.0, trading=Trading.DELISTED), health=healthy())
        row, stock = await look(stage)
        assert "gone" in row
        assert "delisted: the source still sends a last price" in stock


async def test_a_price_that_stands_still_while_its_market_trades_is_stale() -> None:
    async with on_stage() as stage:
        await stage.take(priced(ENVICOOL, 60.0, 58.02, at=MORNING - timedelta(minutes=12)), health=healthy())
        row, stock = await look(stage)
        assert "!12m" in row
        assert "12m" in row
        assert "stale: no newer price has come" in stock


async def test_a_symbol_that_nobody_knows() -> None:
    async with on_stage() as stage:
        await stage.take(unknown=[ENVICOOL], health=healthy())
        row, stock = await look(stage)
        assert "?" in row
        assert "no source knows this symbol: check its spelling in the watchlist file" in stock


async def test_a_stock_sealed_at_its_limit_and_opened_again() -> None:
    async with on_stage((200, 60)) as stage:
        sealed = priced(ENVICOOL, 63.82, 58.02, bid=63.82, bid_size=2_130_000)
        await stage.take(sealed, health=healthy())
        row, stock = await look(stage)
        assert "63.82 ▲" in row
        assert "limit up" in row
        assert "At limit up" in stock
        assert "limit up 1" in stage.text("SummaryLine")
        opened = priced(ENVICOOL, 63.5, 58.02, at=MORNING + timedelta(seconds=5), bid=63.49, ask=63.5)
        await stage.take(opened)
        row = stage.row(ENVICOOL)
        assert "▲" not in row
        assert "limit up" not in row
        assert "0.50 %" in row, "the room to the limit"
        assert "limit up" not in stage.text("SummaryLine")
        fallen = priced(ENVICOOL, 52.22, 58.02, at=MORNING + timedelta(seconds=9))
        await stage.take(fallen)
        assert "52.22 ▼" in stage.row(ENVICOOL)
        assert "limit down" in stage.row(ENVICOOL)


async def test_a_limit_that_the_source_sends_wins_over_the_boards() -> None:
    async with on_stage((200, 60)) as stage:
        await stage.take(priced(ENVICOOL, 60.92, 58.02, limit_up=60.92, limit_down=55.12), health=healthy())
        assert "limit up" in stage.row(ENVICOOL)
        assert "Limit up / down 60.92 / 55.12" in (await look(stage))[1]


async def test_a_failing_source_is_told_with_why_and_when() -> None:
    async with on_stage() as stage:
        down = failing("tencent", "HTTP 500: Internal Server Error", wait=40)
        await stage.take(priced(ENVICOOL, 60.0, 58.02), health=(down, healthy()[1]))
        assert "Tencent: HTTP 500: Internal Server Error; next try in 40 s" in stage.text()
        assert "Tencent down ✗" in stage.lines()[0]
        assert "Yahoo ✓" in stage.lines()[0]
        assert "aiwatch demo" not in stage.text(), "prices have come"
        await stage.take(health=healthy())
        assert "HTTP 500" not in stage.text()


async def test_refused_lines_are_counted_in_the_top_line() -> None:
    async with on_stage() as stage:
        tencent, yahoo = healthy()
        await stage.take(health=(replace(tencent, dropped=3, last_refusal="002837.SZ: price 0"), yahoo))
        assert "Tencent ✓ 3 refused" in stage.lines()[0]


async def test_a_watchlist_with_an_error_is_left_out_and_said(tmp_path: Path) -> None:
    def read() -> WatchlistFolder:
        bad = tmp_path / "mine.toml"
        bad.write_text(
            'name = "Mine"\ndescription = "x"\n[[stock]]\nsymbol = "2837.SZ"\nname = "x"\n', encoding="utf-8"
        )
        return read_watchlists(bundled("watchlists"), tmp_path)

    loaded = await asyncio.to_thread(read)
    async with on_stage((240, 50), watchlists=loaded.lists, list_problems=loaded.problems) as stage:
        assert "mine.toml:4: symbol '2837.SZ'" in stage.text("NoticeLine")
        assert "(mine.toml is left out)" in " ".join(stage.text("NoticeLine").split())
        await stage.press("j")
        assert stage.current == ENVICOOL
        await stage.take(priced(ENVICOOL, 60.0, 58.02), health=healthy())
        assert "60.00" in stage.row(ENVICOOL)
        assert "mine.toml:4:" in stage.text("NoticeLine"), "a file stays wrong until it is mended"


async def test_an_empty_list_says_so() -> None:
    empty = Watchlist("empty", "Nothing yet", "", (), Path("empty.toml"))
    async with on_stage(watchlists=(empty, *lists()), start_list="empty") as stage:
        assert "No stock in this list" in stage.text("#board")
        assert "0 stocks" in stage.text("SummaryLine")
        await stage.press("j", "enter", "s", "G", "1")
        assert "No stock in this list" in stage.text("#board")
        await stage.press("]")
        assert "603308.SS" in stage.text("#board")


async def test_a_watch_without_any_list_still_shows_the_commitments() -> None:
    async with on_stage(watchlists=()) as stage:
        assert "Sovereign pledge" in stage.text("#commitments")
        await stage.press("j", "s", "]", "slash", "escape", "2", "j")
        assert "4 C005 " in stage.text()


async def test_a_start_list_that_is_not_there_is_no_hindrance() -> None:
    async with on_stage(start_list="absent") as stage:
        assert "1 Named in the articles" in stage.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_the_demo_cannot_be_missed(size: tuple[int, int]) -> None:
    async with on_stage(size, mark="DEMO") as stage:
        assert " DEMO " in stage.lines()[0]
        assert "DEMO: simulated prices" in stage.text("#board-panel").splitlines()[0]
        marked = stage.app.screen.query_one("#board-panel").styles.border_top[1].hex
    async with on_stage(size) as stage:
        assert "DEMO" not in stage.text()
        assert stage.app.screen.query_one("#board-panel").styles.border_top[1].hex != marked


TOLD: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("limit up", lambda: {"last": 63.82}),
    ("limit down", lambda: {"last": 52.22}),
    ("suspended", lambda: {"last": 58.02, "trading": Trading.SUSPENDED}),
    ("stale", lambda: {"last": 60.0, "at": MORNING - timedelta(hours=1)}),
    ("delayed 15m", lambda: {"last": 60.0, "delay_minutes": 15}),
    ("auction", lambda: {"last": 60.0, "trading": Trading.AUCTION}),
    ("+3.41", lambda: {"last": 60.0}),
    ("-3.48", lambda: {"last": 56.0}),
]


async def test_without_colours_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with on_stage((200, 60), mark="DEMO") as stage:
        for words, values in TOLD:
            options = dict(values())
            stage.dashboard.session.market.quotes.clear()
            await stage.take(priced(ENVICOOL, options.pop("last"), 58.02, **options), health=healthy())
            mark = {"stal": "!", "dela": "-15m", "auct": "auc"}.get(words[:4], words.replace(" ", "")[:4])
            assert mark in stage.row(ENVICOOL).replace(" ", "")
        assert stage.row("603757.SS").lstrip().startswith("▌"), "the cursor has a mark of its own"
        assert "DEMO" in stage.lines()[0]
        await stage.press("p")
        assert "PAUSED" in stage.lines()[0]
        assert colours(stage) == {True}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: str(theme.name))
def test_in_sixteen_colours_gain_loss_and_limit_differ(theme: Theme) -> None:
    values = {name: theme.variables[name] for name in ("up", "down", "limit")} | {"ground": theme.background or ""}
    seen = {Color.parse(colour).downgrade(ColorSystem.STANDARD).number for colour in values.values()}
    assert len(seen) == len(values)


def colours(stage: Stage) -> set[bool]:
    """Whether each coloured cell of the terminal is grey."""
    hits = set()
    for strip in stage.strips():
        for segment in strip:
            for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if colour is not None and not colour.is_default:
                    red, green, blue = colour.get_truecolor()
                    hits.add(red == green == blue)
    return hits
