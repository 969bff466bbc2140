"""What the panels tell: every commitment, a record in full with live prices, a stock in full, all lists."""

from __future__ import annotations

from contextlib import ExitStack
from unittest.mock import patch

import pytest
from rich.cells import cell_len

from aiwatch.ledger.amounts import money
from aiwatch.ledger.exposure import touches
from aiwatch.ledger.links import conflicts_of
from aiwatch.ledger.records import Commitment
from aiwatch.ledger.trust import trust_in
from aiwatch.ledger.views import everything, is_projection, payer_forms
from aiwatch.market.quote import Trading
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.layout import Panel
from aiwatch.widgets.ledger.rows import first_headings
from tests.screens.stage import MORNING, NIGHT, Stage, colour_in, followed, healthy, ledger, lists, on_stage, priced

TALL = (240, 140)
FULL = priced(
    "002837.SZ",
    60.0,
    58.02,
    open=58.1,
    high=61.5,
    low=57.61,
    volume=48_123_400,
    turnover=2.871e9,
    bid=59.99,
    ask=60.0,
    bid_size=12_300,
    ask_size=4_500,
    limit_up=63.82,
    limit_down=52.22,
    turnover_rate=6.41,
    volume_ratio=2.1,
    vwap=59.66,
    amplitude=6.7,
    pe=61.2,
    market_cap=5.82e10,
    high_52w=66.8,
    low_52w=18.02,
)


def flowing(text: str) -> str:
    """``text`` without its line breaks."""
    return " ".join(text.split())


def sums(record: Commitment) -> list[str]:
    """The sums of ``record`` in each currency in which it is printed, in as many digits as are and in three."""
    stated = record.stated or (((record.currency, record.amount),) if record.amount is not None else ())
    return [money(amount, currency, *digits) for currency, amount in stated for digits in ((), (3,))]


async def test_every_commitment_stands_under_its_kind() -> None:
    async with on_stage(TALL) as stage:
        rows = [line.strip() for line in stage.text("#commitments").splitlines()]
        groups = first_headings(everything(ledger()))
        assert sum(map(len, groups)) == len(ledger().commitments) == 49
        for commitments in groups:
            kind = "projection" if is_projection(commitments[0]) else commitments[0].kind
            at = rows.index(f"{kind[:1].upper()}{kind[1:]}  {len(commitments)}")
            for row, item in zip(rows[at + 1 :], commitments, strict=False):
                check_row(row, item)


def check_row(row: str, record: Commitment) -> None:
    """The row names the payer, the sum, the status and the trust of ``record``, and counts its conflicts."""
    assert any(row.startswith(form[:8].rstrip()) for form in payer_forms(ledger(), record))
    assert trust_in(ledger(), record).dots in row
    assert record.status[:6] in row
    assert any(label in row for label in sums(record)) or record.amount is None
    flags = sum(conflict.marks_records for conflict in conflicts_of(ledger(), record))
    assert (f"⚑{flags}" in row) == bool(flags)


@pytest.mark.parametrize("width", [80, 120, 240])
async def test_a_sum_is_never_cut(width: int) -> None:
    async with on_stage((width, 140)) as stage:
        await stage.press("2")
        text = stage.text("#commitments")
        for commitment in ledger().commitments.values():
            assert commitment.amount is None or any(label in text for label in sums(commitment)), commitment.id


async def test_the_commitment_of_a_chinese_bank_in_full() -> None:
    async with on_stage((240, 100)) as stage:
        await stage.press("2", "enter")
        assert str(stage.app.screen.query_one("#record-panel").border_title).startswith("4 C004 sovereign pledge")
        record = ledger().commitments["C004"]
        await stage.until(lambda: "601988.SS" in stage.text("#record"))
        assert "601988.SS waiting" in flowing(stage.text("#record"))
        await stage.take(priced("601988.SS", 5.61, 5.5), health=healthy())
        assert "601988.SS +2.00 % " in flowing(stage.text("#record"))
        seen = stage.text("#record")
        for _ in range(int(stage.dashboard.panels.record.detail.max_scroll_y)):
            await stage.press("j")
            seen += "\n" + stage.text("#record").splitlines()[-1]
        texts = flowing(seen)
        for words in ("China Construction Bank", "¥1 trn", "$140 bn", "announced", "lines 37 and 3", record.note[:30]):
            assert words in texts
        for conflict in conflicts_of(ledger(), record):
            assert f"{conflict.id} {conflict.title}" in texts
        assert {"K04", "K10"} <= {conflict.id for conflict in conflicts_of(ledger(), record)}


async def test_the_change_of_a_touched_company_moves_on() -> None:
    async with on_stage((200, 60)) as stage:
        await stage.press("2", "enter")
        await stage.until(lambda: "601988.SS" in stage.text("#record"))
        for last, label in ((5.61, "+2.00 %"), (5.39, "-2.00 %"), (5.5, "0.00 %")):
            await stage.take(priced("601988.SS", last, 5.5), health=healthy())
            line = next(line for line in stage.text("#record").splitlines() if "601988.SS" in line)
            assert label in line
        assert "+0.00" not in line


def test_every_company_a_commitment_touches_is_priced() -> None:
    touched = {touch.symbol for commitment in ledger().commitments.values() for touch in touches(ledger(), commitment)}
    assert touched <= {str(symbol) for symbol in followed()}


async def test_every_commitment_can_be_opened() -> None:
    async with on_stage((80, 20)) as stage:
        await stage.press("2")
        met = []
        for _ in ledger().commitments:
            met.append(str(stage.app.screen.query_one("#record-panel").border_title).split()[1])
            await stage.press("j")
        assert sorted(met) == sorted(ledger().commitments)


async def test_a_stock_in_full() -> None:
    async with on_stage((200, 90)) as stage:
        await stage.take(FULL, health=healthy())
        await stage.press("j")
        assert 'Envicool (printed "Invic") · 002837.SZ' in str(stage.app.screen.query_one("#stock-panel").border_title)
        seen = flowing(stage.text("#stock"))
        for words in (
            "SZSE main, ±10 %",
            "Liquid cooling from the cold plate to the plant",
            "Last 60.00 CNY",
            "Change +1.98 +3.41 %",
            "Previous close 58.02",
            "Open 58.10",
            "High 61.50",
            "Low 57.61",
            "VWAP 59.66",
            "Limit up / down 63.82 / 52.22",
            "To limit 6.37 %",
            "Volume 48.1 M shares",
            "Turnover ¥2.87 bn",
            "Turnover rate 6.41 %",
            "Volume ratio 2.10",
            "Amplitude 6.70 %",
            "52 weeks 18.02 – 66.80",
            "Market cap ¥58.2 bn",
            "PE 61.20",
            "Lot 100 shares",
            "Tencent, real time, 15 Aug 10:00:00 Shenzhen, 0s ago",
            "C021 ",
        ):
            assert words in seen, words
        assert "Bid 59.99 × 12.3 k" in seen
        assert "Ask 60.00 × 4.50 k" in seen


async def test_a_stock_that_is_named_shows_the_commitments_that_name_it() -> None:
    async with on_stage((200, 90), start_list="chips") as stage:
        seen = stage.text("#stock-panel")
        assert "英伟达 NVIDIA" in seen
        direct, _, through = seen.partition("Commitments touching its sector (not naming it)")
        assert "Commitments that name it" in direct
        for id in ("C003", "C025", "C027", "C035", "C037", "C040"):
            assert id in direct
        assert "C022" in through


async def test_what_a_source_did_not_send_is_not_shown() -> None:
    async with on_stage((200, 90)) as stage:
        await stage.take(priced("603757.SS", 47.61, None), health=healthy())
        seen = flowing(stage.text("#stock"))
        assert "Last 47.61 CNY" in seen
        for label in ("Change", "Previous close", "Open", "VWAP", "Bid", "PE", "Market cap", "52 weeks", "Limit up"):
            assert label not in seen


async def test_the_age_is_that_of_the_quote_not_of_its_arrival() -> None:
    async with on_stage((200, 90)) as stage:
        early = MORNING.replace(hour=1, minute=58)
        await stage.take(priced("603757.SS", 47.61, 47.14, at=early, received_at=MORNING), health=healthy())
        assert "09:58:00 Shanghai, 2m ago" in flowing(stage.text("#stock"))
        assert stage.row("603757.SS").rstrip().endswith("2m")


async def test_a_delayed_quote_says_so() -> None:
    async with on_stage((200, 90), start_list="hyperscalers") as stage:
        late = MORNING.replace(hour=1, minute=45)
        quote = priced("0700.HK", 590.0, 588.0, at=late, source="yahoo", delay_minutes=15, decimals=3)
        await stage.take(quote, health=healthy())
        assert "15m" in stage.row("0700.HK")
        assert "delay" in stage.row("0700.HK")
        await stage.press("slash", *"0700", "enter")
        assert "Yahoo, 15 min delayed, 15 Aug 09:45:00 Hong Kong, 15m ago" in flowing(stage.text("#stock"))


async def quotes_of_two_lists(stage: Stage) -> None:
    await stage.take(
        priced("603757.SS", 51.85, 47.14, turnover=1.0e9),
        priced("002837.SZ", 60.06, 58.02, turnover=2.5e9),
        priced("300870.SZ", 248.5, 248.5, turnover=0.4e9),
        priced("002536.SZ", 26.66, 29.62, turnover=0.1e9),
        priced("NVDA", 181.8, 180.0, at=NIGHT, turnover=3e10, source="yahoo"),
        health=healthy(),
    )


async def test_the_summary_of_a_list() -> None:
    async with on_stage((240, 50)) as stage:
        await quotes_of_two_lists(stage)
        summary = flowing(stage.text("SummaryLine"))
        for words in (
            "4 stocks",
            "average +0.88 %",
            "median +1.76 %",
            "▲2 ▬1 ▼1",
            "limit up 1 limit down 1",
            "turnover ¥4.00 bn",
            "best 603757.SS +9.99 %",
            "worst 002536.SZ -9.99 %",
        ):
            assert words in summary, words
        assert "priced" not in summary


async def test_a_list_without_prices_says_so_and_no_more() -> None:
    async with on_stage((160, 45)) as stage:
        assert stage.text("SummaryLine").strip() == "4 stocks, none priced yet"
        await stage.take(priced("000300.SS", 4160.0, 4202.0), health=healthy())
        assert stage.text("SummaryLine").strip() == "4 stocks, none priced yet"
        await stage.take(priced("603757.SS", 51.85, None, turnover=3e9), health=healthy())
        assert "4 stocks, 0 priced   average –" in stage.text("SummaryLine"), "no change, but money was traded"


async def test_all_lists_have_a_row_each() -> None:
    async with on_stage((240, 50), start_list="*") as stage:
        await quotes_of_two_lists(stage)
        rows = stage.text("#overview").splitlines()
        for watchlist in lists():
            assert any(row.strip().startswith(watchlist.name) for row in rows)
        rally = flowing(next(row for row in rows if row.strip().startswith("Liquid-cooling rally")))
        for part in ("+0.88", "▲2 ▬1 ▼1", "¥4.00 bn", "Dayuan Pumps +9.99 %", "Feilong -9.99 %"):
            assert part in rally
        assert "▲" not in next(row for row in rows if row.strip().startswith("Power")), "nothing is said of no price"
        assert "$30.0 bn" in next(row for row in rows if "Chips" in row)


async def test_a_list_is_measured_against_its_benchmark() -> None:
    async with on_stage((240, 50)) as stage:
        assert "000300.SS" in [symbol.text for symbol in stage.dashboard.session.lists.followed()]
        await quotes_of_two_lists(stage)
        assert "vs" not in flowing(stage.text("SummaryLine")), "the index has no price yet"
        await stage.take(priced("000300.SS", 4160.0, 4202.0), health=healthy())
        assert "vs CSI 300 (-1.00 %) +1.88 pp" in flowing(stage.text("SummaryLine"))
        await stage.press(*"]]]]]")
        rows = [flowing(row) for row in stage.text("#overview").splitlines()]
        assert any(row.startswith("Liquid-cooling rally") and "+1.88 pp" in row for row in rows)
        await stage.press("[", "[")
        assert "vs 0" not in stage.text("SummaryLine"), "builders have no benchmark"


async def test_turnover_is_never_added_across_currencies() -> None:
    async with on_stage((240, 50), start_list="chips") as stage:
        await stage.take(
            priced("NVDA", 181.8, 180.0, turnover=3e10),
            priced("2330.TW", 1190.0, 1180.0, turnover=4e10),
            health=healthy(),
        )
        assert "NT$40.0 bn + $30.0 bn" in stage.text("SummaryLine")


async def test_chinese_names_are_aligned_by_cells() -> None:
    async with on_stage((160, 45), names="chinese") as stage:
        await quotes_of_two_lists(stage)
        rows = [stage.row(symbol) for symbol in ("603757.SS", "002837.SZ", "002536.SZ")]
        places = {
            cell_len(row[: row.index(last)]) + len(last)
            for row, last in zip(rows, ("51.85", "60.06", "26.66"), strict=True)
        }
        assert len(places) == 1


async def test_changed_digits_light_up_and_go_out() -> None:
    async with on_stage() as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02), health=healthy())
        plain = colour_in(stage, "#board", "60.00")
        board = stage.dashboard.lists.board
        later = MORNING.replace(second=5)
        stage.dashboard.session.market.apply([priced("002837.SZ", 60.05, 58.02, at=later)])
        board.invalidate([parse_symbol("002837.SZ")])
        board.tick(1)
        await stage.pilot.pause()
        lit = backgrounds(stage, "60.05")
        assert len(lit) == 2, "the digits that changed have another ground than the others"
        await stage.settle()
        assert len(backgrounds(stage, "60.05")) == 1
        assert colour_in(stage, "#board", "60.05") == plain


def backgrounds(stage: Stage, text: str) -> set[object]:
    """The grounds of the cells of ``text`` on the board."""
    for strip in stage.strips():
        at = strip.text.find(text)
        if at >= 0:
            return {segment.style.bgcolor for segment in strip.crop(at, at + len(text)) if segment.style}
    raise AssertionError(text)


async def test_a_suspended_touched_company_has_no_change() -> None:
    async with on_stage((200, 60)) as stage:
        await stage.press("2", "enter")
        await stage.until(lambda: "601988.SS" in stage.text("#record"))
        await stage.take(priced("601988.SS", 5.5, 5.5, trading=Trading.SUSPENDED), health=healthy())
        assert "suspended" in next(line for line in stage.text("#record").splitlines() if "601988.SS" in line)


async def test_a_second_in_which_nothing_changes_draws_no_panel_anew() -> None:
    async with on_stage() as stage:
        layout = stage.dashboard.panels
        await stage.settle()
        panels = (layout.board, layout.ledger, layout.stock, layout.record)
        with ExitStack() as patches:
            spies = [patches.enter_context(patch.object(panel, "refresh", wraps=panel.refresh)) for panel in panels]
            layout.share_rows()
            layout.record.detail.redraw()
            assert [spy.call_count for spy in spies] == [0] * len(panels)
            layout.set_title(Panel.STOCK, "another")
            assert [spy.call_count for spy in spies] == [0, 0, 1, 0]
