"""Tencent's lines field by field, by positions written down here once more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.listings import synthetic, universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.wire.tencent import NONE_MATCH, TencentWire, code_of
from tests.simulator.clock import NOON, SteppingClock

CODES = ("sz002837", "sh603757", "hk00700", "usNVDA", "us.IXIC", "sh000001", "sh688256", "hkHSI", "usBRK.B", "bj920001")
LENGTHS = {"sz": 88, "sh": 88, "bj": 87, "hk": 78, "us": 73}


@pytest.fixture
def market() -> Market:
    clock = SteppingClock()
    market = Market((*universe(), synthetic(parse_symbol("920001.BJ"))), seed=5, rate=50.0, clock=clock)
    clock.advance(30)
    market.advance()
    return market


@pytest.fixture
def wire(market: Market) -> TencentWire:
    return TencentWire(market)


def lines(wire: TencentWire, *codes: str) -> dict[str, list[str]]:
    text = wire.body(wire.parts(codes, NOON)).decode("gbk")
    result = re.findall(r'v_([\w.]+)="([^"]*)";\n', text)
    assert "".join(f'v_{code}="{content}";\n' for code, content in result) == text
    return {code: content.split("~") for code, content in result}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("002837.SZ", "sz002837"),
        ("603757.SS", "sh603757"),
        ("920001.BJ", "bj920001"),
        ("0700.HK", "hk00700"),
        ("80737.HK", "hk80737"),
        ("NVDA", "usNVDA"),
        ("BRK-B", "usBRK.B"),
        ("000001.SS", "sh000001"),
        ("^HSI", "hkHSI"),
        ("^IXIC", "us.IXIC"),
        ("^GSPC", "us.INX"),
        ("^N225", None),
        ("9984.T", None),
        ("SAP.DE", None),
        ("EURUSD=X", None),
    ],
)
def test_codes(text: str, code: str | None) -> None:
    assert code_of(parse_symbol(text)) == code


def test_a_request_asks_in_its_path(wire: TencentWire) -> None:
    assert wire.asked("/q=sz002837,us.IXIC,") == ("sz002837", "us.IXIC")
    assert wire.asked("/q%3Dsz002837%2ChkHSI") == ("sz002837", "hkHSI")
    assert wire.asked("/?q=sz002837") is None


def test_lines_come_in_the_order_asked_with_their_number_of_fields(wire: TencentWire) -> None:
    result = lines(wire, *CODES)
    assert tuple(result) == CODES
    for code, fields in result.items():
        assert len(fields) == LENGTHS[code[:2]], code


def test_what_is_unknown_is_left_out_and_alone_it_is_none_match(wire: TencentWire) -> None:
    assert tuple(lines(wire, "sz999999", "sz002837", "xx1")) == ("sz002837",)
    assert wire.body(wire.parts(["sz999999"], NOON)) == NONE_MATCH == b'v_pv_none_match="1";\n'


def test_fields_that_mean_the_same_in_every_market_agree(wire: TencentWire) -> None:
    for code, fields in lines(wire, *CODES).items():
        last, previous, opened, high, low = (float(fields[index]) for index in (3, 4, 5, 33, 34))
        assert low <= min(opened, last) <= max(opened, last) <= high, code
        assert float(fields[31]) == pytest.approx(last - previous, abs=1e-6)
        assert float(fields[32]) == pytest.approx((last - previous) / previous * 100, abs=0.0051)
        assert float(fields[43]) == pytest.approx((high - low) / previous * 100, abs=0.0051)
        assert fields[36] == fields[6]
        assert "-0.00" not in (fields[31], fields[32])


def test_a_main_board_line_is_in_lots_and_its_sums_fit(wire: TencentWire, market: Market) -> None:
    fields, stock = lines(wire, "sz002837")["sz002837"], market.stocks["002837.SZ"]
    assert fields[0:3] == ["51", "英维克", "002837"]
    assert int(fields[6]) * 100 == stock.volume
    assert abs(int(fields[7]) + int(fields[8]) - int(fields[6])) <= 1
    price, volume, amount = fields[35].split("/")
    assert (price, volume) == (fields[3], fields[6])
    assert int(amount) == pytest.approx(stock.turnover / 100, abs=1)
    assert float(fields[57]) * 1e4 == pytest.approx(int(amount), abs=1)
    assert int(fields[37]) == round(float(fields[57]))
    assert float(fields[38]) == pytest.approx(int(volume) * 100 / float(fields[72]) * 100, abs=0.0051)
    assert fields[47:49] == ["70.20", "57.44"]
    assert float(fields[34]) <= float(fields[51]) <= float(fields[33])
    assert float(fields[51]) == pytest.approx(int(amount) / int(volume) / 100, abs=0.0051)
    assert float(fields[45]) == pytest.approx(float(fields[3]) * float(fields[73]) / 1e8, abs=0.0051)
    assert fields[60:62] == [" A", "GP-A"]
    assert (fields[29], fields[40], fields[82], fields[87]) == ("", "", "CNY", "")
    assert float(fields[68]) <= float(fields[34]) <= float(fields[33]) <= float(fields[67])


def test_the_book_of_a_line_falls_away_from_the_last_price(wire: TencentWire) -> None:
    fields = lines(wire, "sz002837")["sz002837"]
    bids, asks = [float(price) for price in fields[9:19:2]], [float(price) for price in fields[19:29:2]]
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] <= float(fields[3]) <= asks[0]
    assert bids[0] < asks[0]
    assert all(size.isdigit() and int(size) > 0 for size in fields[10:29:2])
    assert int(fields[50]) == sum(map(int, fields[10:19:2])) - sum(map(int, fields[20:29:2]))


def test_at_a_limit_one_side_of_the_book_is_empty(wire: TencentWire, market: Market) -> None:
    market.trade("002837.SZ", 70.20)
    fields = lines(wire, "sz002837")["sz002837"]
    assert fields[3] == fields[9] == fields[47] == fields[33] == "70.20"
    assert fields[19:29] == ["0.00", "0"] * 5
    market.trade("002837.SZ", 57.44)
    fields = lines(wire, "sz002837")["sz002837"]
    assert fields[3] == fields[19] == fields[48] == fields[34] == "57.44"
    assert fields[9:19] == ["0.00", "0"] * 5


def test_star_lines_are_in_shares_and_chinext_ones_are_named_so(wire: TencentWire, market: Market) -> None:
    star = lines(wire, "sh688256")["sh688256"]
    assert (star[0], star[60], star[61], star[87]) == ("1", "   A", "GP-A-KCB", "100")
    assert int(star[6]) == market.stocks["688256.SS"].volume
    growth = lines(wire, "sz300308")["sz300308"]
    assert (growth[61], growth[87]) == ("GP-A-CYB", "")
    assert float(growth[47]) == pytest.approx(235.0 * 1.2)
    assert lines(wire, "bj920001")["bj920001"][0] == "62"


def test_an_index_has_no_limits_and_no_book(wire: TencentWire) -> None:
    fields = lines(wire, "sh000001")["sh000001"]
    assert fields[47:49] == ["-1", "-1"]
    assert fields[9:29] == ["0.00", "0"] * 10
    assert fields[61] == "ZS"


def test_a_hong_kong_line(wire: TencentWire, market: Market) -> None:
    fields, stock = lines(wire, "hk00700")["hk00700"], market.stocks["0700.HK"]
    assert fields[0:3] == ["100", "腾讯控股", "00700"]
    assert fields[6] == fields[29] == f"{stock.volume}.0"
    assert fields[9] == fields[19] == fields[35] == fields[3]
    assert fields[10] == fields[20] == "0"
    assert float(fields[37]) == pytest.approx(stock.turnover / 1000)
    assert (fields[46], fields[60], fields[63], fields[75]) == ("TENCENT", "100", "GP", "HKD")
    assert float(fields[59]) == pytest.approx(stock.volume / float(fields[70]) * 100, abs=0.0051)
    assert float(fields[34]) <= float(fields[73]) <= float(fields[33])
    assert float(fields[49]) < float(fields[34]) <= float(fields[33]) < float(fields[48])
    assert re.fullmatch(r"\d+\.\d{3}", fields[3])
    assert lines(wire, "hk03988")["hk03988"][60] == "1000"
    index = lines(wire, "hkHSI")["hkHSI"]
    assert (index[2], index[60], index[63]) == ("HSI", "0", "ZS")


def test_a_new_york_line(wire: TencentWire, market: Market) -> None:
    fields, stock = lines(wire, "usNVDA")["usNVDA"], market.stocks["NVDA"]
    assert fields[0:3] == ["200", "英伟达", "NVDA.OQ"]
    assert fields[6] == str(stock.volume)
    assert fields[35] == "USD"
    assert float(fields[9]) < float(fields[19])
    assert int(fields[37]) == pytest.approx(stock.turnover / 100, abs=1)
    assert (fields[46], fields[56]) == ("NVIDIA Corporation", "GP")
    assert float(fields[45]) == pytest.approx(float(fields[3]) * float(fields[63]) / 1e8, rel=1e-6)
    assert float(fields[34]) <= float(fields[67]) <= float(fields[33])
    assert float(fields[49]) < float(fields[34]) <= float(fields[33]) < float(fields[48])
    assert lines(wire, "usBRK.B")["usBRK.B"][2] == "BRK.B.N"
    index = lines(wire, "us.IXIC")["us.IXIC"]
    assert (index[2], index[9], index[38], index[56]) == (".IXIC", "0", "", "ZS")


def test_times_are_now_in_the_zone_and_the_writing_of_each_market(market: Market) -> None:
    prompt, delayed = TencentWire(market), TencentWire(market, delayed=True)
    codes = ("sz002837", "hk00700", "usNVDA")
    assert [fields[30] for fields in lines(prompt, *codes).values()] == [
        "20260715120000",
        "2026/07/15 12:00:00",
        "2026-07-15 00:00:00",
    ]
    assert [fields[30] for fields in lines(delayed, *codes).values()] == [
        "20260715120000",
        "2026/07/15 11:45:00",
        "2026-07-15 00:00:00",
    ]
    winter = prompt.parts(["usNVDA"], NOON + timedelta(days=180))
    assert b"~2027-01-10 23:00:00~" in winter[0]


def test_a_line_changes_with_its_stock_and_its_time_alone(wire: TencentWire, market: Market) -> None:
    before = wire.parts(["sz002837"], NOON)
    assert wire.parts(["sz002837"], NOON) == before
    assert wire.parts(["sz002837"], NOON + timedelta(seconds=1)) != before
    market.trade("603757.SS", 47.00)
    assert wire.parts(["sz002837"], NOON) == before
    market.trade("002837.SZ", 64.99)
    assert b"~64.99~" in wire.parts(["sz002837"], NOON)[0]


@pytest.mark.parametrize(
    ("code", "empty"),
    [
        ("sh603757", {29, 40, 54, 55, 77, 78, 81, 87}),
        ("sz002837", {29, 40, 54, 55, 77, 78, 81, 84, 87}),
        ("hk00700", {40}),
        ("usNVDA", {29, 40, 42, 68, 69, 70, 71, 72}),
    ],
)
def test_the_fields_that_recorded_lines_leave_empty_are_empty(wire: TencentWire, code: str, empty: set[int]) -> None:
    assert {index for index, text in enumerate(lines(wire, code)[code]) if not text} == empty


def test_a_suspended_stock_shows_its_previous_close(wire: TencentWire, market: Market) -> None:
    market.suspend("002837.SZ")
    fields = lines(wire, "sz002837")["sz002837"]
    assert (fields[3], fields[4], fields[5], fields[33], fields[34]) == ("63.82", "63.82", "0.00", "0.00", "0.00")
    assert (fields[6], fields[31], fields[32], fields[40]) == ("0", "0.00", "0.00", "S")
    assert fields[30] == "20260715090000"
    market.suspend("002837.SZ", False)
    assert lines(wire, "sz002837")["sz002837"][40] == ""
