"""The views of the ledger as rows: what each holds, in which order, and that it fits."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.ledger.amounts import plain, significant
from aiwatch.ledger.records import Mark
from aiwatch.widgets.ledger.panel import VIEWS, first_keys, view_of
from aiwatch.widgets.ledger.rows import SORTS, ViewQuery, parties
from tests.widgets.ledger.fixtures import DAY, USD_CNY, WIDTHS, context, lines, quote, row_of, shown, whole

COUNTS = {
    "all": 49,
    "pledges": 28,
    "deals": 16,
    "capacity": 20,
    "signals": 85,
    "claims": 14,
    "conflicts": 38,
    "projections": 5,
    "who": 51,
}
CUT_NUMBER = re.compile(r"[0-9]…")


def keys(view: str, **more: object) -> list[str]:
    return [row.key for row in shown(view, **more).rows if row.key]  # type: ignore[arg-type]


@pytest.mark.parametrize("view", COUNTS)
def test_every_record_has_a_row(view: str) -> None:
    result = [key for key in keys(view) if not key.startswith(("circle:", "gets:"))]
    assert len(result) == len(set(result)) == COUNTS[view]


def test_pledges_deals_and_projections_are_all_commitments() -> None:
    assert {
        key for view in ("pledges", "deals", "projections") for key in keys(view) if key in whole().commitments
    } == set(whole().commitments)


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("currency", ["", "CNY"])
@pytest.mark.parametrize("view", [key for key, _ in VIEWS])
def test_every_row_fits_and_no_number_is_cut(view: str, currency: str, mapped: bool) -> None:
    read = context(quote("603757.SS", 52.0), currency=currency)
    for width in WIDTHS:
        loaded = shown(view, width, ViewQuery(mapped=mapped), read)
        texts = [*lines(loaded), loaded.head.plain if loaded.head else ""]
        assert {text for text in texts if cell_len(text) > width} == set(), width
        if view != "conflicts":
            assert [text for text in texts if CUT_NUMBER.search(text)] == [], width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_view_has_the_rows_it_is_begun_with(width: int) -> None:
    assert [row.key for row in shown("all", width).rows] == first_keys(whole())


@pytest.mark.parametrize("width", WIDTHS)
def test_every_sum_is_shown_as_printed_or_shorter(width: int) -> None:
    result = shown("all", width)
    for record in whole().commitments.values():
        text = row_of(result, record.id)
        if record.amount is None:
            assert "not stated" in text or record.qualifier in text
        else:
            digits = {plain(significant(value, size)) for _, value in record.stated for size in (3, 12)}
            unscaled = {plain(Decimal(digit).scaleb(-power)) for digit in digits for power in (9, 12)}
            assert any(f"{item} " in text or f"{item}/" in text for item in unscaled), text


def test_a_yearly_rate_stays_one_however_narrow() -> None:
    for width in WIDTHS:
        for id in ("C002", "C045"):
            assert re.search(r"bn(\)| a year|/y)|trn( a year|/y)", row_of(shown("all", width), id))
            assert "a year" in row_of(shown("all", width), id) or "/y" in row_of(shown("all", width), id)


def test_a_date_that_does_not_fit_is_said_by_its_year() -> None:
    narrow = shown("all", 77)
    for id, words in (("C005", "2025"), ("C006", "4 years"), ("C030", "late 2025"), ("C032", "this year")):
        record = whole().commitments[id]
        assert record.announced or record.period_printed, id
        assert f" {words} " in row_of(narrow, id), id
    assert not any(re.search(r"since e…|late…", line) for line in lines(narrow))


def test_the_orders_of_commitments() -> None:
    by_amount = keys("all", asked=ViewQuery("amount"))
    assert by_amount[0] == "C032", "1 trn is the largest sum that somebody committed to"
    unknown = [id for id in by_amount if whole().commitments[id].amount is None and id != "C017"]
    assert by_amount[-len(unknown) :] == unknown
    ranked = shown("all", 110, ViewQuery("amount")).rows
    headings = [row.content.plain.split("  ")[0].strip() for row in ranked if not row.key]
    assert headings == ["Sums", "A year", "Forecasts and figures of speech", "No sum"]
    assert by_amount.index("C041") < by_amount.index("C002") < by_amount.index("C045") < by_amount.index("C003")
    turned = keys("pledges", asked=ViewQuery("amount", reverse=True))
    assert turned[0] == "C013", "24.6 bn yuan is the smallest"
    unknown = [id for id in turned if whole().commitments[id].amount is None]
    assert turned[-len(unknown) :] == unknown, "a sum that is not stated is last either way"
    payers = [parties(whole().commitments[id]) for id in keys("all", asked=ViewQuery("payer"))]
    assert payers == sorted(payers, key=str.casefold)
    statuses = [whole().commitments[id].status for id in keys("all", asked=ViewQuery("status"))]
    assert statuses == sorted(statuses, key=str.casefold)
    assert keys("all", asked=ViewQuery("date"))[:3] == ["C040", "C045", "C046"], "2032, then 2030"
    for sort in SORTS[1:]:
        assert sorted(keys("all", asked=ViewQuery(sort))) == sorted(whole().commitments)


def test_the_head_says_what_is_sorted_by() -> None:
    for sort, title in (("amount", "Amount"), ("payer", "Payer"), ("status", "Status"), ("date", "When")):
        for reverse in (False, True):
            arrow = "↓" if (sort in ("amount", "date")) != reverse else "↑"
            result = shown("all", 110, ViewQuery(sort, reverse))
            assert result.head is not None
            assert title + arrow in result.head.plain
            assert f"by {sort}" in result.summary


def test_the_filter_finds_kinds_names_and_ids() -> None:
    assert keys("all", asked=ViewQuery(text="sovereign pledge")) == ["C004", "C005", "C006", "C007", "C008"]
    assert keys("all", asked=ViewQuery(text="bank of china")) == ["C004"], "by the common name"
    assert keys("all", asked=ViewQuery(text="oracle nvidia")) == ["C003", "C041"], "by partners too"
    assert keys("signals", asked=ViewQuery(text="risks power")) == ["S013", "S044", "S070", "S076"]
    assert keys("conflicts", asked=ViewQuery(text="k04")) == ["K04"]
    assert keys("claims", asked=ViewQuery(text="英维克")) == ["R02", "R06"]
    assert keys("all", asked=ViewQuery(text="xyzzy")) == []


def test_capacity_stands_in_columns_of_its_own() -> None:
    result = shown("capacity", 120)
    assert result.head is not None
    titles = result.head.plain
    assert titles.split()[3:] == ["GW", "MW/site", "GPUs", "EFLOPS", "Sites", "Clusters", "kV", "Status", "⚑", "Src"]
    for id, title, figure in (
        ("C002", "GW", "4.5"),
        ("C022", "GPUs", ">2,000,000"),
        ("C022", "EFLOPS", "100"),
        ("C022", "kV", "220"),
        ("C029", "MW/site", "≥500"),
        ("C031", "MW/site", "≥500"),
        ("C031", "Sites", "15"),
        ("C023", "Clusters", "20"),
        ("S057", "MW/site", "≥500"),
        ("S002", "GPUs", "possible 100,000"),
        ("C003", "GPUs", "possible 100,000"),
    ):
        end = titles.index(title) + len(title)
        assert row_of(result, id)[:end].endswith(" " + figure), (id, title)
    assert "⚑" in row_of(result, "C022")


def test_signals_are_grouped_with_risks_last() -> None:
    result = shown("signals", 110)
    headings = [row.content.plain.split("  ")[0] for row in result.rows if not row.key]
    assert headings[:3] == ["Power", "Cooling", "Optics"]
    assert headings[-1] == "Risks"
    for said in ("Vertiv: market share gained in six months", "22 percentage points", "up", "Tubex"):
        assert said in row_of(result, "S037")
    assert "47 % (ambiguous: % or points)" in row_of(shown("signals", 196), "S023")
    assert "47 %?" in row_of(shown("signals", 58), "S023"), "the doubt stays, in one sign"


def test_claims_stand_beside_what_was_checked_and_what_came_since() -> None:
    read = context(quote("603757.SS", 51.854), quote("002837.SZ", 31.91))
    loaded = shown("claims", 110, read=read)
    dayuan = row_of(loaded, "R01")
    for said in ("大元泵业", "> +98 %", "half a month", "30 Jul → 15 Aug 2025 +98.48 %", "+10.00 %", "Fresh"):
        assert said in dayuan
    assert "-50.00 %" in row_of(loaded, "R02")
    assert "+" not in row_of(loaded, "R03").split("+82.52 %")[-1], "without a price nothing is said"
    assert "repeats R01" in row_of(loaded, "R05")
    assert "not checked, undated" in row_of(loaded, "R10")
    assert "not checkable, undated" in row_of(loaded, "R11")
    assert "unadjusted" in loaded.summary
    assert "+98.48 %" in row_of(shown("claims", 44, read=read), "R01")
    assert "+10.00 %" in row_of(shown("claims", 44, read=read), "R01")


def test_conflicts_show_every_side() -> None:
    text = row_of(shown("conflicts", 110), "K01")
    assert text.splitlines()[0].split() == ["K01", "Size", "of", "Stargate"]
    assert len(text.splitlines()) == 4
    assert "[Feishare:18]" in text
    assert "K01" in keys("conflicts", asked=ViewQuery(text="feishare:18"))
    assert "K01" in keys("conflicts", asked=ViewQuery(text="002:18"))
    assert "16 bn" in text


def test_a_contradiction_is_called_a_conflict_and_found_by_either_word() -> None:
    assert "contradiction" not in "\n".join(lines(shown("conflicts", 196)))
    assert any("· overlap" in line for line in lines(shown("conflicts", 196))), "any other kind is said"
    by_word = [keys("conflicts", asked=ViewQuery(text=word)) for word in ("contradiction", "conflict")]
    assert len(by_word[0]) == 24
    assert set(by_word[0]) <= set(by_word[1])


@pytest.mark.parametrize("day", [DAY, datetime.date(2026, 11, 27)])
@pytest.mark.parametrize("view", ["all", "pledges", "deals", "projections"])
def test_trust_stands_in_every_row_each_mark_below_the_other(view: str, day: datetime.date) -> None:
    read = replace(context(), today=day)
    own = {key for key in keys(view, read=read) if key in whole().commitments}
    for width in range(43, 121):
        result = shown(view, width, read=read)
        assert result.head is not None
        assert "Trust" in result.head.plain, width
        cells = [row.content.plain for row in result.rows if row.key in own]
        assert len(cells) == len(own), width
        dots = {re.search("[●○]", row).start() for row in cells}  # type: ignore[union-attr]
        assert len(dots) == 1, width
        for mark in "⚑◷":
            assert len({row.index(mark) for row in cells if mark in row}) <= 1, (width, mark)


def test_totals_say_what_they_count() -> None:
    result = shown("totals", 76)
    assert [row.content.plain.strip() for row in result.rows if not row.key] == [
        "By kind", "By payer", "By recipient", "By region",
    ]  # fmt: skip
    equity = row_of(result, "total:kind:equity investment")
    assert "$188 bn + ?" in equity
    assert "5/7" in equity
    assert "C018 C026" in equity
    assert "¥1 trn + €200 bn" in row_of(result, "total:kind:sovereign pledge")
    assert "$320 bn + ¥594.1 bn" in row_of(result, "total:kind:corporate capex")
    assert "not added: $500 bn, $200 bn, $1 trn" in row_of(shown("totals", 110), "total:kind:programme")
    assert "and jointly C011 C025" in row_of(shown("totals", 196), "total:payer:Amazon")
    assert "nothing to add" not in "\n".join(lines(shown("totals", 196)))


def test_a_currency_has_a_column_of_its_own_and_its_rate_is_named() -> None:
    read = context(currency="USD")
    loaded = shown("all", 110, read=read)
    assert loaded.head is not None
    assert "In USD" in loaded.head.plain
    assert "€109 bn" in row_of(loaded, "C008")
    assert "$123 bn*" in row_of(loaded, "C008"), "as the article prints it"
    assert "$3.51 bn" in row_of(loaded, "C013"), "converted, in the three digits of the source"
    assert ">$140 bn*" in row_of(loaded, "C004"), "the qualifier stays"
    assert "not stated" in row_of(loaded, "C003")
    assert " ? " in row_of(loaded, "C003")
    assert "1 USD = 7.0 CNY, implied by 000 line 19, 2025-08-15" in read.rate_words()
    assert "1 EUR = 1.125 USD, implied by 000 line 39" in read.rate_words()
    fed = context(currency="CNY", feed=[USD_CNY])
    assert fed.rate_words().startswith("1 USD = 7.1 CNY, Yahoo, 2025-12-01")
    assert "¥2.13 trn" in row_of(shown("deals", 110, read=fed), "C033")
    assert "no rate" in row_of(shown("all", 110, read=replace(read, rates=())), "C013")


def test_totals_are_converted_only_as_a_whole() -> None:
    assert "$402.1 bn" in row_of(shown("totals", 76, read=context(currency="USD")), "total:kind:corporate capex")
    bare = replace(context(currency="USD"), rates=())
    assert "no rate" in row_of(shown("totals", 76, read=bare), "total:kind:corporate capex")


def test_old_records_have_a_mark_and_are_listed_oldest_first() -> None:
    young = context()
    assert keys("verify", read=young) == []
    old = replace(young, today=datetime.date(2026, 5, 1))
    listed = keys("verify", read=old)
    assert {whole().commitments[id].source for id in listed} == {"000", "003"}
    assert listed[0] == "C001"
    assert "259 days" in row_of(shown("verify", 196, read=old), "C001")
    assert "259d" in row_of(shown("verify", 44, read=old), "C001")
    assert shown("verify", read=young).summary.startswith("0 to verify again")

    def styles(today: datetime.date) -> set[str]:
        row = next(row for row in shown("all", read=replace(young, today=today)).rows if row.key == "C001")
        return {str(span.style) for span in row.content.spans}

    assert styles(old.today) == styles(young.today), "age is a mark, nothing is dimmed"
    assert "◷" in row_of(shown("all", read=old), "C001")
    assert "◷" not in row_of(shown("all", read=young), "C001")
    assert "◷" not in row_of(shown("all", read=old), "C033"), "it was verified since"


def test_marks_of_doubt_and_of_ones_own() -> None:
    result = shown("all", 196)
    assert row_of(result, "C029").rstrip().endswith("Feishare~")
    assert row_of(result, "C033").rstrip().endswith("Pyuncut")
    mine = replace(whole().commitments["C033"], mark=Mark.YOURS)
    own = replace(whole(), commitments={**whole().commitments, "C033": mine})
    with_mine = shown("all", 196, read=context(ledger=own))
    assert row_of(with_mine, "C033").rstrip().endswith("✎Pyuncut")
    assert "1 yours" in with_mine.summary


def test_a_status_that_nobody_else_reports_says_who_does() -> None:
    result = shown("all", 196)
    assert "paused, per Feishare" in row_of(result, "C029")
    assert "phase 1 paused, per 002" in row_of(result, "C030"), "the name is too long for the column"
    assert "per Fresh" not in row_of(result, "C001")


def test_the_view_of_a_key() -> None:
    expected = {
        "C001": "all",
        "S001": "signals",
        "R01": "claims",
        "K01": "conflicts",
        "total:kind:programme": "totals",
        "entity:E011": "who",
        "source:000": "sources",
        "event:0:C001": "timeline",
        "year:C011": "years",
        "rate:C002": "years",
        "gets:E011": "deals",
    }
    assert {key: view_of(whole(), key) for key in expected} == expected
    assert view_of(whole(), "nothing") == ""


def test_who_is_who_has_everybody_with_money_in_and_out() -> None:
    result = shown("who", 196)
    openai = row_of(result, "entity:E011")
    for said in ("OpenAI", "not listed", "$164 bn + ?", "$322 bn + ?", "000:2+7 001:4+1 002:1+14 003:8+4"):
        assert said in openai
    assert "CBAK Energy Technology" in row_of(result, "entity:E030"), "as it is printed"
    assert keys("who", asked=ViewQuery(text="nvidia")) == ["entity:E013"]
    assert keys("who", asked=ViewQuery(text="301")) == []


def test_the_sources_say_how_sure_they_are_and_what_was_left_out() -> None:
    result = shown("sources", 110)
    assert "after 2025-08-15" in row_of(result, "source:000")
    assert "low ~" in row_of(result, "source:001")
    assert "low ~" not in row_of(result, "source:003")
    assert any("$299" in line for line in lines(result))


def test_years_have_bars_and_oracles_two_rates_share_a_row() -> None:
    result = shown("years", 76)
    oracle = row_of(result, "rate:C002").splitlines()
    assert oracle[0].strip() == "OpenAI → Oracle"
    assert [len(re.findall("█", text)) for text in oracle[1:]] == sorted(
        len(re.findall("█", text)) for text in oracle[1:]
    )
    assert "$30 bn" in oracle[1]
    assert "$60 bn" in oracle[2]
    assert "forecast" in row_of(result, "year:C009")
    assert "2025Q1" in row_of(result, "year:C013")


def test_the_timeline_goes_by_month_and_keeps_what_is_to_come_apart() -> None:
    result = shown("timeline", 110, read=replace(context(), today=datetime.date(2026, 11, 27)))
    headings = [row.content.plain.strip() for row in result.rows if not row.key]
    assert headings == [*sorted(headings[:-1]), "Still to come"]
    assert "building" in next(
        row.content.plain for row in result.rows if row.key.endswith(":C022") and "2026-06-01" in row.content.plain
    )
    assert "4 of them still to come" in result.summary


def test_conflicts_are_counted_by_what_they_are() -> None:
    assert shown("conflicts", 110).summary.startswith("38 conflicts, 16 between articles; 23 mark their records")


def test_the_summary_says_that_files_of_ones_own_are_being_read() -> None:
    waiting = replace(whole(), deferred=2, complete=False)
    assert "2 files of your own being read" in shown("all", read=context(ledger=waiting)).summary
    assert "being read" not in shown("all").summary


@pytest.mark.parametrize("width", WIDTHS)
def test_over_how_many_years_a_rate_is_an_average_is_never_cut(width: int) -> None:
    bars = [line for line in lines(shown("years", width)) if line.startswith("   C")]
    assert len([line for line in bars if " printed " in line]) == 1
    averages = [line for line in bars if " years " in line]
    assert len(averages) == len(bars) - 1 >= 2
    assert all("…" not in line for line in bars)
    assert all("averaged" in line for line in averages) == (width > 70)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_count_has_its_digits_grouped(width: int) -> None:
    for view in ("capacity", "signals"):
        assert not re.search(r"(?<![\w.,])\d{5,}", "\n".join(lines(shown(view, width))))
