"""The one-row widgets: markets and sources on top, tabs, a list's sums, notices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from aiwatch.formatting.text import tone
from aiwatch.market.calendar.session import session_at
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.state import MarketState
from aiwatch.market.summary import summarise
from aiwatch.market.symbol import HKEX, SSE, TSE, US, parse_symbol
from aiwatch.themes import MEANINGS
from aiwatch.widgets.board.summary import SummaryLine, single_market
from aiwatch.widgets.status_line import NoticeLine, StatusLine, market_part, source_errors, source_part
from aiwatch.widgets.tab_line import TabLine

MORNING = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
WELL = tuple(SourceHealth(name, name.title(), Condition.OK, last_success=MORNING) for name in ("tencent", "yahoo"))


class OneWidget(App[None]):
    """Shows one widget as the product does."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return MEANINGS

    def compose(self) -> ComposeResult:
        yield self._widget


def shown_rows(app: App[None], widget: Widget) -> list[str]:
    strips = app.screen._compositor.render_strips()
    return [strip.text.rstrip() for strip in strips[widget.region.y : widget.region.bottom]]


@pytest.mark.parametrize(
    ("hours", "phases"),
    [
        (2, ["open", "open", "closed", "open"]),
        (4, ["lunch break", "lunch break", "closed", "open"]),
        (9, ["closed", "closed", "pre-open", "closed"]),
        (14, ["closed", "closed", "open", "closed"]),
    ],
)
def test_a_market_is_told_in_words(hours: int, phases: list[str]) -> None:
    now = MORNING.replace(hour=hours)
    parts = [market_part(session_at(exchange, now), exchange.code, now, 3).plain for exchange in (SSE, HKEX, US, TSE)]
    for part, phase in zip(parts, phases, strict=True):
        assert phase in part
        assert ("closes in" in part) == (phase == "open")
        assert ("opens in" in part) == (phase != "open")


def test_a_closed_market_says_when_it_opens() -> None:
    now = MORNING.replace(hour=9)
    assert market_part(session_at(SSE, now), "SSE", now, 3).plain == "SSE ○ 17:00 closed, opens in 2 d 16 h"


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (WELL[0], "Tencent ✓"),
        (SourceHealth("x", "Yahoo", Condition.WAITING), "Yahoo …"),
        (SourceHealth("x", "Yahoo", Condition.FAILING, why="HTTP 500"), "Yahoo down ✗"),
        (
            SourceHealth("x", "Yahoo", Condition.OK, last_success=MORNING - timedelta(minutes=1), dropped=2),
            "Yahoo 1m ✓ 2 refused",
        ),
    ],
)
def test_a_source_is_told_with_its_age_and_its_refusals(health: SourceHealth, words: str) -> None:
    assert source_part(health, MORNING + timedelta(seconds=3), 1).plain == words


def test_a_failing_source_is_complained_of_with_why_and_when() -> None:
    down = SourceHealth(
        "x", "Yahoo", Condition.FAILING, why="HTTP 500", next_try=MORNING + timedelta(minutes=3), failures=2
    )
    assert source_errors([*WELL, down], MORNING) == ["Yahoo: HTTP 500; next try in 3 min"]
    assert source_errors([down], MORNING + timedelta(minutes=4)) == ["Yahoo: HTTP 500; trying again"]


@pytest.mark.parametrize("width", [30, 60, 80, 100, 132, 200])
async def test_the_top_line_says_as_much_as_fits(width: int) -> None:
    line = StatusLine(MarketState(lambda: MORNING), mark="DEMO")
    line.health = WELL
    async with OneWidget(line).run_test(size=(width, 3)) as pilot:
        row = shown_rows(pilot.app, line)[0]
        assert "DEMO" in row
        assert len(row) <= width
        for market in ("SSE", "HKEX", "NYSE", "TSE") if width >= 60 else ():
            assert market in row
        if width >= 80:
            assert "Tencent" in row
            assert "Yahoo" in row
        line.paused = True
        await pilot.pause()
        assert "PAUSED" in shown_rows(pilot.app, line)[0]


@pytest.mark.parametrize("width", [20, 40, 80])
async def test_the_chosen_tab_is_always_in_sight(width: int) -> None:
    line = TabLine()
    line.tabs = tuple((str(number), f"List number {number}") for number in range(9))
    async with OneWidget(line).run_test(size=(width, 3)) as pilot:
        for key in "048362":
            line.chosen = key
            await pilot.pause()
            row = shown_rows(pilot.app, line)[0]
            assert f"▸List number {key}" in row
            assert ("‹" in row) == ("List number 0" not in row)
            assert ("›" in row) == ("List number 8" not in row)


def quotes(*changes: float | None, symbols: tuple[str, ...] = ("002837.SZ", "603757.SS", "002536.SZ")) -> list[Quote]:
    return [
        Quote(
            symbol=parse_symbol(text),
            source="tencent",
            last=round(10 + change / 10, 2),
            previous_close=10.0,
            as_of=MORNING,
            received_at=MORNING,
            currency=parse_symbol(text).currency,
            turnover=1e9,
        )
        for text, change in zip(symbols, changes, strict=True)
        if change is not None
    ]


async def test_the_sums_of_a_list_wrap_and_are_never_cut() -> None:
    line = SummaryLine()
    async with OneWidget(line).run_test(size=(120, 8)) as pilot:
        line.summary = summarise([*quotes(1.5, -0.5, 10.0), None])
        for width in (120, 80, 50):
            await pilot.resize_terminal(width, 8)
            await pilot.pause()
            text = " ".join(shown_rows(pilot.app, line))
            assert "4 stocks, 3 priced" in text
            assert "▲2 ▬0 ▼1" in text
            assert "average +3.67 %" in text
            assert not any(f"{digit}…" in text for digit in "0123456789")


def test_the_colours_of_a_mixed_list_are_those_of_the_wider_world() -> None:
    china = summarise(quotes(1.0, -1.0, 0.0))
    mixed = summarise(quotes(1.0, -1.0, 0.0, symbols=("002837.SZ", "NVDA", "0700.HK")))
    assert single_market(china) is not None
    assert single_market(mixed) is None
    assert tone(1, single_market(mixed), "auto") == "$up"
    assert tone(1, single_market(china), "auto") == "$down"


async def test_notices_take_room_only_while_there_are_some() -> None:
    line = NoticeLine()
    async with OneWidget(line).run_test(size=(60, 8)) as pilot:
        assert line.region.area == 0
        line.say(["Yahoo: HTTP 500; trying again", "a file [red]with[/red] brackets"])
        await pilot.pause()
        assert shown_rows(pilot.app, line) == [" ! Yahoo: HTTP 500; trying again", " ! a file [red]with[/red] brackets"]
        line.say([])
        await pilot.pause()
        assert line.region.area == 0
