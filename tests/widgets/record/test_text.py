"""Panel 4's text: every kind of record with its fields, its doubts and where it leads."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from aiwatch.ledger.records import Mark
from aiwatch.ledger.reports.checked_claims import ClaimHistory
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.rows import amount_forms
from aiwatch.widgets.linked_rows import laid_out
from aiwatch.widgets.record.text import find, text_of, title_of
from aiwatch.widgets.stock.fields import MENTION_HEADINGS, mention_rows
from tests.widgets.ledger.fixtures import NOON, context, quote, shown, whole


def record_text(key: str, width: int = 200, read: object = None, market: MarketState | None = None) -> str:
    used = read or context()
    result = find(used.ledger, key)  # type: ignore[attr-defined]
    assert result is not None
    rows = text_of(used, market or MarketState(lambda: NOON), result)  # type: ignore[arg-type]
    return "\n".join(content.plain for content, _ in laid_out(rows, width))


def targets(key: str) -> list[str]:
    result = find(whole(), key)
    assert result is not None
    return [row.target.key for row in text_of(context(), MarketState(lambda: NOON), result) if row.target]


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("C004", ["China Construction Bank", "known as", "中国银行 Bank of China", "over ¥1 trn ($140 bn)"]),
        ("C004", ["implied FX", "7.1429 CNY", "line", "⚑ K04", "601988.SS"]),
        ("C011", ["+39 % on the year: implies", "FY2025"]),
        ("C033", ["$60 bn a year, if even over 5 years", "same money as", "C002"]),
        ("C002", ["a year, as printed", "4.5 GW", "July (year not stated)"]),
        ("C029", ["paused, per Feishare (low confidence)", "lower confidence:", "500 MW"]),
        ("C021", ["part of · ", "C019"]),
        ("C008", ["France → French AI infrastructure", "¥836 bn ($123 bn, €109 bn)", "counted as  €109 bn"]),
        ("C003", ["not stated", "100,000 NVIDIA chips"]),
    ],
)
def test_a_commitment_in_full(id: str, said: list[str]) -> None:
    text = record_text(id)
    for part in said:
        assert part in text


def test_a_state_needs_no_other_name() -> None:
    assert "known as" not in record_text("C008")


def test_every_key_of_every_view_has_a_text() -> None:
    for view in ("all", "capacity", "signals", "claims", "conflicts", "totals", "deals"):
        for row in shown(view).rows:
            if row.key:
                result = find(whole(), row.key)
                assert result is not None, row.key
                assert title_of(whole(), row.key, result)
                assert record_text(row.key)


def test_a_record_calls_a_contradiction_a_conflict() -> None:
    for key in [*whole().commitments, *whole().conflicts, *(f"entity:{id}" for id in whole().entities)]:
        assert "contradiction" not in record_text(key), key
    assert re.search(r"kind +conflict\n", record_text("K04"))
    assert "⚑ K04 Which bank\n" in record_text("C004")


@pytest.mark.parametrize("width", [40, 58, 110])
def test_lines_are_no_wider_than_the_panel(width: int) -> None:
    for key in ("C004", "S037", "R01", "K12", "total:payer:OpenAI", "circle:E013>E011>E012", "gets:E011"):
        result = find(whole(), key)
        assert result is not None
        for content, _ in laid_out(text_of(context(), MarketState(lambda: NOON), result), width):
            assert content.cell_length <= width


def test_the_sum_in_another_currency_names_its_rate() -> None:
    text = record_text("C008", read=context(currency="USD"))
    assert "in USD      $123 bn*, as printed" in text
    quarter = record_text("C013", read=context(currency="USD"))
    assert "in USD      $3.51 bn at 1 USD = 7.0 CNY, implied by 000 line 19, 2025-08-15" in quarter
    assert "no rate is known" in record_text("C013", read=replace(context(currency="USD"), rates=()))


def test_a_claim_as_printed_as_checked_and_since() -> None:
    text = record_text("R01", read=context(quote("603757.SS", 51.854)))
    assert "printed     > +98 %, window: half a month" in text
    assert "checked     +98.484 %  close 30 Jul → 15 Aug 2025, 12 sessions" in text
    assert "closes      23.75 → 47.14 unadjusted" in text
    assert "since then  +10.00 %  from 47.14 to the last price, both unadjusted" in text
    assert "no price has come yet" in record_text("R01")
    assert "undated" in record_text("R10")
    assert "repeats R01" in record_text("R05")


def test_a_conflict_leads_to_its_records_and_companies() -> None:
    assert [key for key in targets("K03") if key[0] in "CS"] == ["C002", "C033", "S001"]
    assert {
        "source:000",
        "source:003",
        "page:https://nairametrics.com/2025/09/10/openai-signs-300-billion-cloud-computing-deal-with-oracle/",
        "stock:ORCL",
        "entity:E011",
    } <= set(targets("K03"))
    text = record_text("K01")
    assert "shown as:" in text
    assert len(re.findall(r"\[[A-Z]\w+:\d", text)) >= 3, "places by the names of their sources"
    assert "X01" in record_text("K12"), "the rates a contradiction is about"


def test_a_total_explains_itself() -> None:
    text = record_text("total:kind:equity investment")
    assert "sum         $188 bn + ?" in text
    assert "Counted: 5" in text
    assert "mixes stages: committed, announced, invested" in text
    assert "Sum unknown: 2" in text
    assert set(targets("total:kind:equity investment")) >= {"C018", "C026", "C027", "C037", "C038", "C042"}
    assert "mixes" in record_text("total:region:United States")


def test_a_circle_leg_by_leg() -> None:
    text = record_text("circle:E013>E011>E012")
    for said in ("NVIDIA → OpenAI  $100 bn + unknown", "OpenAI → Oracle  $300 bn", "Oracle → NVIDIA  $40 bn"):
        assert said in text
    assert "not money added" in text
    assert {"C037", "C033", "C041"} <= set(targets("circle:E013>E011>E012"))


def test_live_changes_of_the_companies() -> None:
    market = MarketState(lambda: NOON)
    market.apply([quote("ORCL", 110.0, 100.0)])
    assert "ORCL +10.00 % Oracle as recipient" in " ".join(record_text("C033", market=market).split())
    assert "waiting" in record_text("C033")


def test_ones_own_record_and_what_it_takes_the_place_of() -> None:
    old = whole().commitments["C033"]
    new = replace(old, id="mine-1", mark=Mark.YOURS, amount=Decimal(250), supersedes="C033")
    commitments = {id: item for id, item in whole().commitments.items() if id != "C033"} | {"mine-1": new}
    ledger = replace(whole(), commitments=commitments, superseded={"C033": old})
    text = record_text("mine-1", read=context(ledger=ledger))
    assert "✎ yours" in text
    assert "was C033: $300 bn, contracted, per Pyuncut" in text
    past = find(ledger, "C033")
    assert past is not None
    assert title_of(ledger, "C033", past) == "C033 compute contract, superseded"
    assert "superseded by mine-1" in record_text("C033", read=context(ledger=ledger))


def test_an_old_source_is_said_to_be_old() -> None:
    read = replace(context(), today=datetime.date(2026, 5, 1))
    assert "259 days old: verify again" in record_text("C001", read=read)
    assert "verify again" not in record_text("C001")


def test_a_stock_is_touched_by_commitments_signals_and_claims() -> None:
    rows = mention_rows(whole(), parse_symbol("002837.SZ"))
    text = "\n".join(row.content.plain + row.after.plain for row in rows)
    assert [title for title in MENTION_HEADINGS if title in text] == list(MENTION_HEADINGS[1:])
    keys = [row.target.key for row in rows if row.target]
    assert {"C021", "C023", "S012", "S023", "R02", "R06"} <= set(keys)
    assert "value chain: liquid cooling" in text
    named = mention_rows(whole(), parse_symbol("ORCL"))
    assert "  C003 Stargate UAE (Abu Dhabi)  not stated" in [row.content.plain for row in named], "nobody pays itself"
    assert MENTION_HEADINGS[0] in named[0].content.plain
    assert mention_rows(whole(), parse_symbol("600406.SS")) == []


@pytest.mark.parametrize("width", range(30, 121, 6))
def test_a_sum_of_a_commitment_that_touches_a_stock_is_whole(width: int) -> None:
    for symbol in ("603308.SS", "ORCL"):
        rows = laid_out(mention_rows(whole(), parse_symbol(symbol)), width)
        for content, target in rows:
            assert content.cell_length <= width
            record = whole().commitments.get(target.id) if target else None
            if record is not None and record.amount is not None:
                assert any(f" {form}" in content.plain for form in amount_forms(record)), content.plain


@pytest.mark.parametrize(
    ("caps", "words"),
    [
        ({"AMZN": 2.4e12, "GOOGL": 4.5e12}, "does not hold by these market values"),
        ({"AMZN": 0.8e12, "GOOGL": 0.7e12}, "holds by these market values"),
        ({"AMZN": 2.4e12}, ""),
        ({}, ""),
    ],
)
def test_a_claim_about_market_values_is_held_against_those_of_now(caps: dict[str, float], words: str) -> None:
    quotes = [replace(quote(symbol, 200.0), market_cap=cap) for symbol, cap in caps.items()]
    text = record_text("R13", read=context(*quotes))
    assert "printed     > $852 bn" in text
    assert words in text
    assert ("by these market values" in text) == bool(words)
    if "GOOGL" in caps and caps["GOOGL"] > 1e12:
        assert "GOOGL $4.5 trn" in text


def test_a_claim_may_carry_a_sum_and_names_its_closes() -> None:
    assert "printed     $319 bn" in record_text("R09")
    text = record_text("R04")
    assert "closes by   stockidea, a public store of daily closes" in text
    assert "fits        8 pairs of closes within 60 sessions" in text
    assert "fits many" in text


def test_since_then_is_adjusted_where_history_says_so() -> None:
    read = replace(context(quote("603757.SS", 51.854)), claim_history=ClaimHistory({"R01": 25.927}))
    assert "since then  +100.00 %  from 47.14 to the last price, adjusted since" in record_text("R01", read=read)


def test_a_record_says_its_trust_what_verified_it_and_what_it_came_to() -> None:
    text = record_text("C022")
    assert "trust       ●●○ 3 sources" in text
    assert "2026-05-06: it is to draw 1.4 GW (named press)" in text
    assert "https://fortune.com/" in text
    assert "2026-06-01 building" in text
    assert "totals      counted where what it repeats is not: perhaps part of C001" in text
    assert {"source:prnewswire-2025-10-30", "source:completeaitraining-2026-06-06"} <= set(targets("C022"))
    assert "goes to     construction, server power" in record_text("C011")
    assert "binding     guarantee" in record_text("C040")
    assert "period      since 2019" in record_text("C038")


def test_an_entity_in_full() -> None:
    text = record_text("entity:E013")
    for said in (
        "printed as  NVIDIA, Nvidia",
        "gets        $40 bn",
        "pays        $100 bn + ?",
        "named in    000:22,23",
    ):
        assert said in text
    assert "supplies" in text
    assert {"C041", "C037", "stock:NVDA", "K17"} <= set(targets("entity:E013"))
    assert "stays off every watchlist" in record_text("entity:E030")


def test_a_source_in_full() -> None:
    text = record_text("source:002")
    for said in (
        "kind        unnamed",
        "known by    No date printed",
        "confidence  low",
        "because     Rests on insiders",
    ):
        assert said in text
    assert "C025" in targets("source:002")
    assert "$299: advert" in record_text("source:000")


def test_of_thousands_of_records_the_first_are_listed_and_the_rest_counted() -> None:
    like = whole().commitments["C041"]
    more = {f"m{at}": replace(like, id=f"m{at}", part_of="", source="elysee-2025-02-11") for at in range(5000)}
    read = context(ledger=replace(whole(), commitments={**whole().commitments, **more}))
    for key in ("total:kind:chip purchase", "entity:E013", "source:elysee-2025-02-11", "gets:E013", "pays:E012"):
        record = find(read.ledger, key)
        assert record is not None
        rows = text_of(read, MarketState(lambda: NOON), record)
        assert len(rows) < 250, key
        assert any(re.search(r"and 4,90\d more", row.content.plain) for row in rows), key
