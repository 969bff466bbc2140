"""Every size a terminal may have: nothing fails, nothing is wider than the screen, no number is cut."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import parse_symbol
from tests.screens.stage import MORNING, Stage, failing, followed, healthy, on_stage, priced

WIDTHS = (60, 75, 80, 99, 100, 120, 149, 150, 183, 240)
HEIGHTS = (20, 24, 31, 36, 45, 58, 70)
CUT_NUMBER = re.compile(r"\d…")
LONGEST = {"BRK-B": 4781.25, "NOW": 865.02, "9984.T": 15500.0}


def quotes() -> list[Quote]:
    """A quote for every symbol, with large figures, in every state there is."""
    words = []
    tradings = list(Trading)
    for number, symbol in enumerate(followed()):
        previous = LONGEST.get(symbol.text, 12.34 + 91.7 * number)
        last = round(previous * (1 + ((number * 37) % 19 - 9) / 100), 2)
        words.append(
            priced(
                symbol.text,
                last,
                previous,
                at=MORNING - timedelta(minutes=number * number),
                trading=tradings[number % 5] if number % 4 == 0 else Trading.TRADED,
                source="tencent" if number % 2 else "yahoo",
                open=previous,
                high=last * 1.02,
                low=previous * 0.9,
                volume=10 ** (number % 12) * 7,
                turnover=10.0 ** (number % 14) * 6.54,
                turnover_rate=12.34,
                volume_ratio=3.21,
                bid=last,
                ask=last,
                bid_size=12_300,
                ask_size=1_234_500,
                market_cap=4.56e12,
                pe=1234.56,
                high_52w=last * 2,
                low_52w=last / 2,
                delay_minutes=15 if number % 3 else 0,
            )
        )
    return words


def check(stage: Stage) -> None:
    """Every row is exactly as wide as the screen, and no digit stands before an ellipsis."""
    width, height = stage.app.size
    lines = stage.lines()
    assert len(lines) == height
    assert stage.widths() == {width}
    for panel in ("StatusLine", "#board", "#overview", "#commitments", "#stock", "SummaryLine", "#brief"):
        widget = next(iter(stage.dashboard.query(panel)), None)
        if widget is not None and widget.region.area:
            cut = [line for line in stage.text(widget).splitlines() if CUT_NUMBER.search(line)]
            assert not cut, (stage.app.size, panel, cut)


async def sweep(stage: Stage, widths: Sequence[int] = WIDTHS) -> AsyncIterator[int]:
    """Go through the sizes and check each."""
    for number, width in enumerate(widths):
        await stage.resize(width, HEIGHTS[number % len(HEIGHTS)])
        check(stage)
        yield width


async def test_every_width_with_quotes() -> None:
    async with on_stage(start_list="chips") as stage:
        await stage.take(*quotes(), health=healthy())
        async for width in sweep(stage):
            for key in ("2", "3", "4", "1") if width in (60, 80) else ("n", "]"):
                await stage.press(key)
                check(stage)


async def test_every_width_of_all_lists() -> None:
    async with on_stage(start_list="named-in-the-articles") as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.press("[")
        async for _ in sweep(stage, WIDTHS[::3]):
            assert "Liquid-c" in stage.text("#overview")


async def test_every_width_without_quotes_and_with_problems() -> None:
    down = tuple(failing(name, "no connection to " + name + ":443") for name in ("tencent", "yahoo"))
    problems = ("~/.config/aiwatch/watchlists/mine.toml:3: unknown key 'stok' (this list is left out)",)
    async with on_stage(problems=problems, mark="DEMO") as stage:
        await stage.take(health=down)
        async for _ in sweep(stage, WIDTHS[2::3]):
            assert "DEMO" in stage.lines()[0]


async def test_the_panels_come_to_rest_at_every_height() -> None:
    """Where one more row brings another panel, what its coming changes does not take it away again."""
    async with on_stage((80, 24)) as stage:
        await stage.take(*quotes(), health=healthy())
        shares = 0
        share_rows = stage.dashboard.panels.share_rows

        def counted() -> None:
            nonlocal shares
            shares += 1
            share_rows()

        stage.dashboard.panels.share_rows = counted  # type: ignore[method-assign]
        for width, heights in ((80, range(15, 27)), (160, range(38, 52, 2))):
            for height in heights:
                await stage.resize(width, height)
                await stage.settle()
                shares = 0
                for _ in range(3):
                    await stage.pilot.pause()
                assert shares <= 3, (width, height)
                check(stage)


async def test_smaller_than_anyone_would_have_it() -> None:
    async with on_stage() as stage:
        await stage.take(*quotes(), health=healthy())
        for size in ((40, 12), (8, 3), (1, 1), (80, 24)):
            await stage.resize(*size)
            await stage.press("j", "2", "1")
            assert stage.widths() == {size[0]}
        assert "603757.SS" in stage.text("#board")


async def test_resizing_keeps_what_was_chosen() -> None:
    async with on_stage((160, 45), start_list="chips") as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.press("j", "j", "s", "2", "j", "j", "j")
        symbol = stage.current
        record = str(stage.app.screen.query_one("#record-panel").border_title)
        for size in ((80, 24), (200, 50), (99, 30), (60, 20)):
            await stage.resize(*size)
            await stage.pilot.pause()
            assert stage.current == symbol
            assert str(stage.app.screen.query_one("#record-panel").border_title) == record
            assert stage.dashboard.panels.front == 2
            assert stage.dashboard.lists.board.sort_key == "change_percent"
        await stage.press("1")
        assert symbol in stage.text("#board")


async def test_what_is_in_front_stays_in_front_when_the_screen_gets_narrow() -> None:
    async with on_stage((160, 45)) as stage:
        await stage.press("2")
        await stage.resize(80, 24)
        assert "Sovereign pledge" in stage.text()
        assert "▸2 Commitments" in stage.lines()[1]
        await stage.resize(160, 45)
        assert "603757.SS" in stage.text()
        assert "Sovereign pledge" in stage.text()


async def test_a_narrow_board_tells_the_selected_stock_in_two_rows() -> None:
    async with on_stage((80, 20)) as stage:
        await stage.take(*quotes(), health=healthy())
        await stage.press("j")
        brief = stage.text("#brief").splitlines()
        assert len(brief) == 2
        assert brief[0].startswith(' 英维克 Envicool (printed "Invic") · 002837.SZ · Liquid cooling')
        quote = stage.dashboard.session.market.quotes[parse_symbol("002837.SZ")]
        assert f"{quote.last:.2f} CNY" in brief[1]
        for size in ((160, 45), (80, 24)):
            await stage.resize(*size)
            await stage.rest()
            assert stage.dashboard.lists.brief.region.area == 0, "the stock's own panel is there"
            assert "002837.SZ" in stage.text("#stock-panel").splitlines()[0]


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (140, '应流股份 Yingliu (printed "Yingliu Shares") · 603308.SS'),
        (70, "应流股份 Yingliu · 603308.SS"),
        (48, "Yingliu · 603308.SS"),
    ],
)
async def test_the_frame_of_a_stock_has_its_symbol_before_further_names(width: int, title: str) -> None:
    async with on_stage((160, 45), start_list="named-in-the-articles") as stage:
        assert stage.dashboard.panels.stock.heading(width).plain.startswith(f"{title} ─ ")
