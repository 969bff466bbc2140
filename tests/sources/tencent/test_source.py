from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aiwatch.errors import Garbled
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.tencent.codes import symbol_of
from aiwatch.sources.tencent.source import parse
from tests.sources.tencent.wire import NO_TRADE, line

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def answer(body: bytes, *codes: str, now: datetime = NOW) -> Answer:
    symbols = [symbol for code in codes if (symbol := symbol_of(code))]
    assert len(symbols) == len(codes)
    return parse(body, symbols, now, "host")


def quote(code: str, changes: dict[int, str] | None = None, *, length: int = 0) -> Quote:
    result = answer(line(code, changes, length=length), code)
    assert not result.refused
    assert not result.unknown
    return result.quotes[0]


def refusal(code: str, changes: dict[int, str] | None = None, *, length: int = 0) -> str:
    result = answer(line(code, changes, length=length), code)
    assert not result.quotes
    assert not result.unknown
    (refused,) = result.refused
    assert refused.symbol == str(symbol_of(code))
    return refused.reason


def test_a_mainland_line_is_read_field_by_field() -> None:
    assert quote("sz002837") == Quote(
        symbol=parse_symbol("002837.SZ"),
        source="tencent",
        last=50.25,
        previous_close=50.0,
        as_of=datetime(2026, 3, 2, 2, 30, tzinfo=UTC),
        received_at=NOW,
        currency="CNY",
        decimals=2,
        open=50.1,
        high=50.6,
        low=49.9,
        volume=1_200_000,
        turnover=60_240_000.0,
        bid=50.24,
        ask=50.26,
        bid_size=1700,
        ask_size=800,
        limit_up=55.0,
        limit_down=45.0,
        turnover_rate=1.2,
        volume_ratio=0.9,
        vwap=50.2,
        amplitude=1.4,
        pe=30.5,
        market_cap=8_040_000_000.0,
        high_52w=70.0,
        low_52w=30.0,
        lot=100,
        name="测试股份",
    )


def test_a_hong_kong_line_is_late_in_shares_and_has_its_own_lot() -> None:
    assert quote("hk00700") == Quote(
        symbol=parse_symbol("0700.HK"),
        source="tencent",
        last=88.5,
        previous_close=90.0,
        as_of=datetime(2026, 3, 2, 2, 15, 9, tzinfo=UTC),
        received_at=NOW,
        currency="HKD",
        decimals=3,
        open=89.0,
        high=90.1,
        low=88.0,
        volume=300_000,
        turnover=26_700_000.0,
        turnover_rate=0.3,
        vwap=89.0,
        amplitude=2.33,
        pe=12.4,
        market_cap=100_050_000_000.0,
        high_52w=120.0,
        low_52w=70.0,
        lot=500,
        delay_minutes=15,
        name="测试股份",
    )


def test_a_us_line_is_in_new_york_time() -> None:
    read = quote("usNVDA")
    assert read.as_of == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert (read.volume, read.turnover, read.bid_size, read.ask_size) == (2_000_000, 202_000_000.0, 200, 300)
    assert (read.currency, read.decimals, read.delay_minutes) == ("USD", 2, 0)
    assert (read.vwap, read.market_cap, read.high_52w, read.low_52w) == (101.0, 50_025_000_000.0, 130.0, 80.0)
    assert (read.turnover_rate, read.pe, read.amplitude, read.volume_ratio) == (0.4, 25.0, 2.2, None)
    assert (read.limit_up, read.limit_down, read.limits) == (None, None, None)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-06 15:00:00", datetime(2026, 3, 6, 20, 0, tzinfo=UTC)),
        ("2026-03-09 15:00:00", datetime(2026, 3, 9, 19, 0, tzinfo=UTC)),
    ],
)
def test_new_york_time_knows_summer_time(local: str, utc: datetime) -> None:
    result = answer(line("usNVDA", {30: local}), "usNVDA", now=utc)
    assert result.quotes[0].as_of == utc


def test_a_share_class_is_matched_by_the_dot() -> None:
    result = answer(line("usBRK.B", {2: "BRK.B.N"}) + line("us.IXIC", {56: "ZS"}), "usBRK.B", "us.IXIC")
    assert [str(read.symbol) for read in result.quotes] == ["BRK-B", "^IXIC"]


def test_star_volumes_are_shares_already() -> None:
    shares = {6: "1200000", 61: "GP-A-KCB", 10: "340", 20: "1", 87: "100"}
    read = quote("sh688256", shares)
    assert (read.volume, read.bid_size, read.ask_size) == (1_200_000, 340, 1)
    assert quote("sh688256", shares, length=60).volume == 1_200_000


def test_a_unit_that_turnover_contradicts_gives_no_volume() -> None:
    bond = quote("sh600000", {57: "602.4000", 37: "602", 61: "ZQ-KZZ"})
    assert (bond.volume, bond.bid_size, bond.bid) == (None, None, 50.24)
    assert quote("sh688256", {6: "1200000", 61: "GP-A"}).volume is None


@pytest.mark.parametrize("code", ["sh000001", "sz399001", "hkHSI", "us.IXIC"])
def test_an_index_has_no_volume_of_its_own(code: str) -> None:
    read = quote(code, {47: "-1", 48: "-1"} if code.startswith("s") else None)
    assert (read.volume, read.bid, read.bid_size, read.vwap, read.market_cap) == (None, None, None, None, None)
    assert read.limits is None
    assert (read.turnover is not None) == code.startswith("s")


def test_limits_of_minus_one_are_none_at_all() -> None:
    read = quote("sh600000", {47: "-1", 48: "-1"})
    assert (read.limit_up, read.limit_down) == (None, None)


def test_a_fund_has_three_decimals() -> None:
    fund = {3: "4.582", 4: "4.532", 5: "4.556", 31: "0.050", 33: "4.596", 34: "4.548", 61: "ETF", 57: "549.84"}
    read = quote("sh510300", fund)
    assert (read.last, read.decimals, read.change) == (4.582, 3, 0.05)


@pytest.mark.parametrize(("length", "limit_up"), [(86, 55.0), (87, 55.0), (88, 55.0), (85, None)])
def test_beijing_lines_lack_a_field_or_two(length: int, limit_up: float | None) -> None:
    assert quote("bj830799", length=length).limit_up == limit_up


@pytest.mark.parametrize("length", [86, 87, 88])
def test_a_share_of_beijing_that_does_not_trade_says_so(length: int) -> None:
    read = quote("bj430090", {**NO_TRADE, 0: "62", 30: "20260302090000", 40: "C", 47: "-1", 48: "-1"}, length=length)
    assert (read.trading, read.last, read.change, read.limit_up) == (Trading.SUSPENDED, 50.0, None, None)


@pytest.mark.parametrize("suffix", ["OQ", "N", "AM", "PS"])
def test_a_us_line_names_the_market_after_the_ticker(suffix: str) -> None:
    assert quote("usVOO", {2: f"VOO.{suffix}", 56: "GP-ETF"}).last == 101.5


@pytest.mark.parametrize(("code", "length"), [("sz002837", 87), ("hk00700", 60), ("usNVDA", 66)])
def test_of_a_line_too_short_only_the_first_fields_count(code: str, length: int) -> None:
    read = quote(code, length=length)
    full = quote(code)
    assert (read.last, read.change, read.volume, read.pe) == (full.last, full.change, full.volume, full.pe)
    assert (read.vwap, read.market_cap, read.high_52w, read.amplitude) == (None, None, None, None)
    assert read.turnover == full.turnover
    assert (read.limit_up, read.volume_ratio) == (None, None)
    assert read.currency == full.currency


def test_a_line_under_41_fields_is_refused() -> None:
    assert refusal("sz002837", length=40) == "40 fields, fewer than 41"
    assert quote("sz002837", length=41).last == 50.25


@pytest.mark.parametrize(("letter", "trading"), [("D", "delisted"), ("S", "suspended"), ("C", "suspended")])
def test_a_status_letter_is_heard(letter: str, trading: str) -> None:
    read = quote("sz002837", {**NO_TRADE, 40: letter})
    assert (read.trading, read.change, read.open, read.high, read.last) == (trading, None, None, None, 50.0)


def test_a_delisted_share_without_a_price_keeps_its_previous_close() -> None:
    read = quote("sz002837", {**NO_TRADE, 3: "0.00", 40: "D", 31: "-50.00"})
    assert (read.last, read.change, read.change_percent) == (50.0, None, None)


def test_no_trade_yet_shows_the_previous_close_as_such() -> None:
    read = quote("sz002837", {**NO_TRADE, 30: "20260302090000"})
    assert read.trading is Trading.UNTRADED
    assert (read.last, read.change, read.open, read.high, read.low, read.volume) == (50.0, 0.0, None, None, None, 0)


@pytest.mark.parametrize(("clock", "trading"), [("091500", "auction"), ("092959", "auction"), ("091459", "untraded")])
def test_the_call_auction_is_told_by_the_time_of_day(clock: str, trading: str) -> None:
    assert quote("sz002837", {**NO_TRADE, 30: f"20260302{clock}"}).trading == trading


def test_an_auction_price_is_indicative() -> None:
    read = quote("sz002837", {**NO_TRADE, 3: "51.00", 31: "1.00", 33: "51.00", 34: "51.00", 30: "20260302092000"})
    assert (read.trading, read.last, read.change, read.high, read.low) == (Trading.AUCTION, 51.0, 1.0, None, None)


def test_a_price_that_moved_without_a_trade_is_refused_but_in_hong_kong() -> None:
    moved = {**NO_TRADE, 3: "51.00", 31: "1.00"}
    assert refusal("sz002837", moved) == "the price moved without a trade"
    nominal = quote("hk00700", {5: "0", 6: "0.0", 33: "0", 34: "0", 37: "0"})
    assert (nominal.trading, nominal.last) == (Trading.UNTRADED, 88.5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({3: "0.00", 31: "-50.00"}, "a price of 0"),
        ({3: "-1.00", 31: "-51.00"}, "a price of -1"),
        ({3: "nan"}, "no numbers where prices belong"),
        ({3: "1e3"}, "no numbers where prices belong"),
        ({3: "5_0.25"}, "no numbers where prices belong"),
        ({3: "٥٠"}, "no numbers where prices belong"),
        ({3: "1000000000", 31: "999999950"}, "a price of 1e+09"),
        ({4: ""}, "no numbers where prices belong"),
        ({4: "-3.00"}, "a price or volume that cannot be"),
        ({6: "9" * 17}, "a price or volume that cannot be"),
        ({31: "0.27"}, "a change of 0.27 does not fit 50.25 after 50"),
        ({31: "x"}, "no numbers where prices belong"),
        ({4: "0.00"}, "a change of 0.25 does not fit 50.25 after 0"),
        ({33: "49.00"}, "high 49 below low 49.9"),
        ({33: "50.10"}, "last 50.25 outside the day's 49.9 to 50.1"),
        ({34: "50.40"}, "last 50.25 outside the day's 50.4 to 50.6"),
        ({30: ""}, "no time: ''"),
        ({30: "20260230103000"}, "no time: '20260230103000'"),
        ({30: "2026/03-02 10:30:00"}, "no time: '2026/03-02 10:30:00'"),
        ({30: "20260303010201"}, "a time in the future: 2026-03-02 17:02:01 UTC"),
        ({2: "002838"}, "its line is about another code"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_the_reason(changes: dict[int, str], reason: str) -> None:
    assert refusal("sz002837", changes).startswith(reason)


def test_a_feed_clock_two_minutes_ahead_is_forgiven() -> None:
    assert quote("sz002837", {30: "20260303010200"}).as_of == NOW + timedelta(minutes=2)


def test_a_change_may_be_a_tick_off() -> None:
    assert quote("sz002837", {31: "0.26"}).change == 0.25


def test_a_bad_line_hurts_no_other() -> None:
    body = line("sz002837") + line("sz300308", {3: "0"}) + b"\xff\xfe~~~\n" + line("sh600519")
    result = answer(body, "sz002837", "sz300308", "sh600519")
    assert {str(read.symbol) for read in result.quotes} == {"002837.SZ", "600519.SS"}
    assert [refused.symbol for refused in result.refused] == ["300308.SZ", ""]


def test_lines_are_matched_by_code_and_the_later_wins() -> None:
    twice = line("sz002837") + line("sh600519") + line("sz002837", {3: "50.30", 31: "0.30"})
    result = answer(twice, "sh600519", "sz002837")
    assert {str(read.symbol): read.last for read in result.quotes} == {"600519.SS": 50.25, "002837.SZ": 50.3}


def test_the_same_digits_in_two_cities_are_two_symbols() -> None:
    result = answer(line("sz000001", {3: "50.26", 31: "0.26"}) + line("sh000001"), "sh000001", "sz000001")
    assert {str(read.symbol): read.last for read in result.quotes} == {"000001.SS": 50.25, "000001.SZ": 50.26}


def test_what_is_missing_is_unknown() -> None:
    result = answer(line("sz002837"), "sz002837", "sz999999")
    assert result.unknown == {parse_symbol("999999.SZ")}


def test_what_is_missing_among_unreadable_lines_is_not_called_unknown() -> None:
    result = answer(line("sz002837") + b"oops\n", "sz002837", "sz999999")
    assert not result.unknown
    assert [refused.symbol for refused in result.refused] == ["", "999999.SZ"]


@pytest.mark.parametrize("body", [b'v_pv_none_match="1";\n', b"v_pv_none_match=1;", b'v_pv_none_match="1"'])
def test_none_match_makes_all_unknown(body: bytes) -> None:
    result = answer(body, "sz999999", "sh999999")
    assert result.unknown == {parse_symbol("999999.SZ"), parse_symbol("999999.SS")}
    assert not result.quotes
    assert not result.refused


@pytest.mark.parametrize("body", [b"", b"\n", b"<html>no</html>", b"\x00\xff", line("sh600000")])
def test_an_answer_about_nothing_that_was_asked_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled, match="no line of what was asked for"):
        answer(body, "sz002837", "sz300308")


def test_a_line_that_nobody_asked_for_is_counted() -> None:
    result = answer(line("sz002837") + line("sh600519"), "sz002837")
    assert [(refused.symbol, refused.reason) for refused in result.refused] == [("600519.SS", "was not asked for")]


def test_the_older_variants_of_a_line_are_recognised() -> None:
    body = line("hk00700", variable="r_hk00700") + line("sh600519", length=12, variable="s_sh600519")
    result = answer(body, "hk00700", "sh600519")
    assert (result.quotes[0].last, result.quotes[0].delay_minutes) == (88.5, 15)
    assert result.refused[0].reason == "a short line, which carries too little"


def test_lines_need_no_line_break_between_them() -> None:
    body = line("sz002837").rstrip() + line("sh600519").rstrip()
    assert len(answer(body, "sz002837", "sh600519").quotes) == 2


def test_a_line_cut_short_is_refused() -> None:
    body = line("sz002837") + line("sh600519")[:-30]
    assert answer(body, "sz002837", "sh600519").refused[0].reason == "a line cut short"


@pytest.mark.parametrize("tail", [b"\xb9", b"\x81\x30", b"\xff"])
def test_half_a_character_in_a_name_harms_no_number(tail: bytes) -> None:
    body = line("sz002837", name="甲").replace("甲".encode("gb18030"), "甲".encode("gb18030") + tail)
    (read,) = answer(body, "sz002837").quotes
    assert (read.last, read.vwap, read.name[0]) == (50.25, 50.2, "甲")


def test_a_tilde_byte_inside_a_character_is_no_separator() -> None:
    tilde = b"\x81\x7e".decode("gb18030")
    (read,) = answer(line("sz002837", name=f"股{tilde}"), "sz002837").quotes
    assert (read.name, read.last) == (f"股{tilde}", 50.25)


def test_control_characters_in_a_name_are_taken_out() -> None:
    (read,) = answer(line("sz002837", name="股\x1b[31m份\u202e"), "sz002837").quotes
    assert read.name == "股 [31m份"


@pytest.mark.parametrize(
    ("code", "price", "decimals"),
    [
        ("sh600519", "50.25", 2),
        ("sh600519", "50.250", 2),
        ("sh113991", "134.773", 3),
        ("sh113991", "134.77", 3),
        ("sz131810", "1.8", 3),
        ("sh510300", "4.58", 3),
        ("sh900901", "0.83", 3),
        ("hk00700", "88.5", 3),
        ("hkHSI", "24642.510", 2),
    ],
)
def test_decimals_are_those_written_unless_the_last_is_nought_else_of_the_kind(
    code: str, price: str, decimals: int
) -> None:
    changes = dict.fromkeys((3, 4, 5, 33, 34), price) | {31: "0.00", 32: "0.00", 61: "", 63: ""}
    read = quote(code, changes)
    assert (read.last, read.decimals) == (float(price), decimals)


def test_figures_that_contradict_others_are_dropped() -> None:
    read = quote("sz002837", {5: "60.00", 47: "1.00", 48: "0.50", 51: "99.00", 67: "30.00", 68: "70.00"})
    assert (read.last, read.change, read.high, read.low) == (50.25, 0.25, 50.6, 49.9)
    assert (read.open, read.vwap, read.high_52w, read.low_52w) == (None, None, None, None)
    assert (read.limit_up, read.limits, read.at_limit) == (None, None, 0)
