from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from aiwatch.errors import Garbled, Refused
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources import Answer
from aiwatch.sources.sina.codes import code_of
from aiwatch.sources.sina.source import Sina, parse
from tests.sources.loopback import NOW, clock, settings
from tests.sources.sina.wire import fields, line

CODES = {
    "603308.SS": "sh603308",
    "002837.SZ": "sz002837",
    "830799.BJ": "bj830799",
    "000001.SS": "sh000001",
    "0700.HK": "rt_hk00700",
    "80737.HK": "rt_hk80737",
    "^HSI": "rt_hkHSI",
    "NVDA": "gb_nvda",
    "BRK-B": "gb_brk$b",
    "^HSTECH": "rt_hkHSTECH",
    "HSTECH.HK": "rt_hkHSTECH",
    "^IXIC": "gb_ixic",
    "^GSPC": "gb_inx",
    "CNY=X": "fx_susdcny",
    "HKDCNY=X": "fx_shkdcny",
}
NO_TRADE = {1: "0.000", 3: "0.000", 4: "0.000", 5: "0.000", 8: "0", 9: "0.000", 31: "09:10:00"}


def symbols(*texts: str) -> list[Symbol]:
    return [parse_symbol(text) for text in texts]


def answer(body: bytes, *texts: str) -> Answer:
    return parse(body, symbols(*texts), NOW, "host")


def quote(text: str, changes: dict[int, str] | None = None) -> Quote:
    result = answer(line(CODES[text], changes), text)
    assert (result.refused, result.unknown) == ((), frozenset())
    return result.quotes[0]


def refusal(text: str, changes: dict[int, str]) -> str:
    result = answer(line(CODES[text], changes), text)
    assert not result.quotes
    assert not result.unknown
    return result.refused[0].reason


@pytest.mark.parametrize(("text", "code"), CODES.items())
def test_codes(text: str, code: str) -> None:
    assert code_of(parse_symbol(text)) == code


@pytest.mark.parametrize("text", ["9984.T", "SAP.DE", "^N225", "^VIX"])
def test_what_sina_does_not_carry(text: str) -> None:
    assert code_of(parse_symbol(text)) is None


def test_a_mainland_line_is_in_shares_with_size_before_price() -> None:
    parsed = quote("603308.SS")
    assert (parsed.last, parsed.previous_close, parsed.open, parsed.high, parsed.low) == (50.25, 50.0, 50.1, 50.6, 49.9)
    assert (parsed.volume, parsed.turnover, parsed.decimals, parsed.change) == (1_200_000, 60_240_000.0, 2, 0.25)
    assert parsed.bids == ((50.24, 1700), (50.23, 300), (50.22, 500), (50.21, 700), (50.20, 900))
    assert parsed.asks == ((50.26, 800), (50.27, 200), (50.28, 400), (50.29, 600), (50.30, 100))
    assert (parsed.bid, parsed.bid_size, parsed.ask, parsed.ask_size) == (50.24, 1700, 50.26, 800)
    assert parsed.as_of == datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    assert (parsed.name, parsed.source, parsed.delay_minutes, parsed.currency) == ("测试股份", "sina", 0, "CNY")


@pytest.mark.parametrize("tail", [[], ["00"], ["00", ""], ["00", "D|1900|2363372.00"], ["00", "", "later", "more"]])
def test_mainland_lines_end_after_the_time_or_later(tail: list[str]) -> None:
    content = ",".join([*fields("sh603308")[:32], *tail])
    for text, code in (("603308.SS", "sh603308"), ("920799.BJ", "bj920799")):
        (parsed,) = answer(f'var hq_str_{code}="{content}";\n'.encode("gb18030"), text).quotes
        assert (parsed.last, parsed.volume, parsed.trading) == (50.25, 1_200_000, Trading.TRADED)


def test_an_index_counts_lots_and_has_no_book() -> None:
    parsed = quote("000001.SS")
    assert (parsed.volume, parsed.turnover, parsed.bids, parsed.bid) == (None, 60_240_000.0, (), None)


def test_a_bond_or_other_unit_leaves_the_volume_out() -> None:
    assert quote("603308.SS", {8: "12000"}).volume is None


def test_before_the_open_the_last_is_zero_and_the_previous_close_stands() -> None:
    parsed = quote("603308.SS", NO_TRADE)
    assert (parsed.trading, parsed.last, parsed.open, parsed.high, parsed.change) == (
        Trading.UNTRADED,
        50.0,
        None,
        None,
        0.0,
    )


def test_in_the_call_auction_a_price_is_indicative() -> None:
    parsed = quote("603308.SS", NO_TRADE | {3: "51.000", 31: "09:20:00"})
    assert (parsed.trading, parsed.last) == (Trading.AUCTION, 51.0)


def test_another_state_without_trade_is_a_suspension() -> None:
    parsed = quote("603308.SS", NO_TRADE | {32: "03"})
    assert (parsed.trading, parsed.last, parsed.change) == (Trading.SUSPENDED, 50.0, None)


def test_a_limit_up_has_no_asks() -> None:
    empty = {index: "0" if index % 2 == 0 else "0.000" for index in range(20, 30)}
    parsed = quote("603308.SS", empty | {3: "55.000", 4: "55.000"})
    assert (parsed.asks, parsed.ask, parsed.at_limit) == ((), None, 1)


def test_a_book_out_of_order_is_left_out() -> None:
    assert quote("603308.SS", {13: "50.300"}).bids == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({3: "0.000"}, "no price of a share that has traded"),
        ({3: "60.000"}, "outside the day's"),
        ({3: "-1"}, "no figures where figures belong"),
        ({3: "nan"}, "no figures where figures belong"),
        ({3: "1e308"}, "no figures where figures belong"),
        ({2: "x"}, "no figures where figures belong"),
        ({30: "2026-03-09"}, "a time in the future"),
        ({31: "25:00:00"}, "no time"),
        ({30: ""}, "no time"),
        (NO_TRADE | {3: "51.000"}, "the price moved without a trade"),
    ],
)
def test_a_mainland_line_that_does_not_fit_is_refused(changes: dict[int, str], reason: str) -> None:
    assert reason in refusal("603308.SS", changes)


def test_hong_kong() -> None:
    parsed = quote("0700.HK")
    assert (parsed.last, parsed.previous_close, parsed.open, parsed.high, parsed.low) == (88.5, 90.0, 89.0, 90.1, 88.0)
    assert (parsed.volume, parsed.turnover, parsed.bid, parsed.ask, parsed.decimals) == (
        300_000,
        26_700_000.0,
        88.45,
        88.5,
        3,
    )
    assert (parsed.high_52w, parsed.low_52w, parsed.name, parsed.delay_minutes) == (120.0, 70.0, "虚构集团", 0)
    assert parsed.as_of == datetime(2026, 3, 2, 2, 30, 9, tzinfo=UTC)
    assert quote("0700.HK", {18: "16:08"}).as_of == datetime(2026, 3, 2, 8, 8, tzinfo=UTC)
    assert (quote("^HSI").volume, quote("^HSI").bid) == (None, None)


def test_a_delayed_line_of_hong_kong_stands_for_one_in_real_time_and_says_so() -> None:
    body = line("rt_hk00700").replace(b"hq_str_rt_hk", b"hq_str_hk") + line("rt_hkHSI").replace(b"rt_hk", b"hk")
    result = answer(body, "0700.HK", "^HSI")
    assert [(quote.symbol.text, quote.last, quote.delay_minutes) for quote in result.quotes] == [
        ("0700.HK", 88.5, 22),
        ("^HSI", 88.5, 22),
    ]
    stub = line("rt_hk00700", {3: "0.000", 6: "0.000"}).replace(b"rt_hk", b"hk")
    assert answer(stub, "0700.HK").unknown == set(symbols("0700.HK"))


def test_the_us_in_beijing_and_new_york_time() -> None:
    parsed = quote("NVDA")
    assert (parsed.last, parsed.previous_close, parsed.open, parsed.high, parsed.low) == (
        101.5,
        100.0,
        100.2,
        102.0,
        99.8,
    )
    assert (parsed.volume, parsed.pe, parsed.market_cap, parsed.decimals) == (2_000_000, 25.0, 50_025_000_000.0, 2)
    assert parsed.as_of == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    closed = quote("BRK-B", {3: "2026-03-03 00:50:00"})
    assert closed.as_of == datetime(2026, 3, 2, 16, 30, tzinfo=UTC), "field 3 moves on after the close"
    assert quote("NVDA", {25: "", 3: "2026-03-03 00:10:00"}).as_of == datetime(2026, 3, 2, 16, 10, tzinfo=UTC)


@pytest.mark.parametrize("length", [27, 28, 29, 30, 36])
def test_lines_of_the_us_may_end_after_the_previous_close(length: int) -> None:
    row = fields("gb_nvda") + ["0.0000"] * 6
    (parsed,) = answer(f'var hq_str_gb_nvda="{",".join(row[:length])}";'.encode("gb18030"), "NVDA").quotes
    assert (parsed.last, parsed.previous_close, parsed.as_of) == (
        101.5,
        100.0,
        datetime(2026, 3, 2, 16, 30, tzinfo=UTC),
    )


def test_what_hong_kong_sends_after_the_time_is_passed_over() -> None:
    row = [*fields("rt_hk00700"), "30|3", "N|Y|Y", "88.500|80.000|90.0", "0|||0.000|0.000|0.000, |0", "Y"]
    (parsed,) = answer(f'var hq_str_rt_hk00700="{",".join(row)}";'.encode("gb18030"), "0700.HK").quotes
    assert (parsed.last, parsed.as_of) == (88.5, datetime(2026, 3, 2, 2, 30, 9, tzinfo=UTC))


def test_a_summer_year_and_an_afternoon_in_new_york() -> None:
    parsed = quote("NVDA", {3: "2025-09-29 05:00:00", 25: "Sep 28 12:08PM EDT", 29: "2025"})
    assert parsed.as_of == datetime(2025, 9, 28, 16, 8, tzinfo=UTC)


def test_a_rate_is_read_at_beijing_time_without_its_orders() -> None:
    parsed = quote("CNY=X")
    assert (parsed.last, parsed.previous_close, parsed.bid, parsed.ask, parsed.decimals) == (7.2, 7.19, None, None, 4)
    assert parsed.as_of == datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    assert (parsed.currency, parsed.name) == ("CNY", "USD/CNY")


@pytest.mark.parametrize(
    ("text", "changes", "reason"),
    [
        ("0700.HK", {7: "1.500"}, "does not fit"),
        ("0700.HK", {7: ""}, "does not fit"),
        ("0700.HK", {6: "99.000", 7: "9.000"}, "outside the day's"),
        ("NVDA", {4: "0.5000"}, "does not fit"),
        ("NVDA", {2: "3.00"}, "does not fit"),
        ("NVDA", {26: "--"}, "no figures where figures belong"),
        ("CNY=X", {8: "8.0000", 6: "8.1000"}, "outside its bid"),
        ("CNY=X", {-1: "2026-03-04"}, "a time in the future"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(text: str, changes: dict[int, str], reason: str) -> None:
    assert reason in refusal(text, changes)


@pytest.mark.parametrize(("text", "length"), [("603308.SS", 31), ("0700.HK", 18), ("NVDA", 26), ("CNY=X", 9)])
def test_a_line_of_too_few_fields_is_refused(text: str, length: int) -> None:
    result = answer(line(CODES[text], length=length), text)
    assert f"{length} fields, fewer than {length + 1}" == result.refused[0].reason


def test_nothing_and_a_stub_without_a_price_are_unknown() -> None:
    body = b'var hq_str_sh603308="";\n' + line("gb_nvda", {1: "0.0000", 26: "0.0000"})
    body += line("rt_hk00700", {3: "0.000", 6: "0.000"})
    body += line("sz002837", NO_TRADE | {2: "0.000"})
    texts = "603308.SS", "NVDA", "0700.HK", "002837.SZ"
    assert answer(body, *texts).unknown == set(symbols(*texts))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_both_encodings_are_read(encoding: str) -> None:
    body = line("sh603308", encoding=encoding) + line("gb_nvda", encoding=encoding)
    assert [quote.name for quote in answer(body, "603308.SS", "NVDA").quotes] == ["测试股份", "虚构公司"]


def test_lines_are_matched_by_code_and_strange_ones_told() -> None:
    body = line("gb_nvda") + line("sz000002") + b"what?\n" + line("sh603308")[:-9]
    result = answer(body, "603308.SS", "NVDA", "0700.HK")
    assert [str(quote.symbol) for quote in result.quotes] == ["NVDA"]
    assert {(item.symbol, item.reason) for item in result.refused} == {
        ("603308.SS", "a line cut short"),
        ("0700.HK", "its line may be among the unreadable ones"),
        ("sz000002", "was not asked for"),
        ("", "no quote line: what?"),
    }


@pytest.mark.parametrize("body", [b"", b"Forbidden", b"Kinsoku jikou desu!", b"<html></html>", line("sz000002")])
def test_no_line_of_what_was_asked_is_an_outage(body: bytes) -> None:
    with pytest.raises(Garbled, match="no line of what was asked for"):
        answer(body, "603308.SS")


async def test_one_request_with_the_referer() -> None:
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=line("sh603308") + line("gb_brk$b") + line("rt_hk00700"))

    async with Sina(settings("http://data.test"), clock, transport=httpx.MockTransport(handle)) as source:
        result = await source.fetch(symbols("603308.SS", "BRK-B", "0700.HK", "9984.T"))
        assert (await source.fetch(symbols("9984.T"))).unknown == set(symbols("9984.T"))
    (request,) = requests
    assert request.url.raw_path == b"/list=sh603308,gb_brk$b,rt_hk00700"
    assert request.headers["Referer"] == "https://finance.sina.com.cn/"
    assert request.headers["User-Agent"].startswith("Mozilla/5.0 (compatible; aiwatch/")
    assert len(result.quotes) == 3
    assert result.unknown == set(symbols("9984.T"))
    assert NOW - result.quotes[0].received_at == timedelta(0)


@pytest.mark.parametrize("body", [b"Forbidden", b"Kinsoku jikou desu!"])
async def test_forbidden_is_told_with_what_to_do(body: bytes) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(403, content=body))
    async with Sina(settings("http://data.test"), clock, transport=transport) as source:
        with pytest.raises(Refused, match=f"HTTP 403: {body.decode()}") as caught:
            await source.fetch(symbols("603308.SS"))
    assert caught.value.status == 403
    assert "Referer" in caught.value.hint


async def test_a_full_batch_fits_an_address() -> None:
    paths: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(500)

    full = symbols(*(f"{10_000 + number}.HK" for number in range(Sina.batch_limit)))
    async with Sina(settings("http://data.test"), clock, transport=httpx.MockTransport(handle)) as source:
        with pytest.raises(Refused):
            await source.fetch(full)
    assert len(paths[0]) < 8000


@pytest.mark.parametrize(
    ("text", "price", "decimals"),
    [
        ("603308.SS", "50.250", 2),
        ("603308.SS", "50.255", 3),
        ("510300.SS", "50.250", 3),
        ("113991.SS", "146.337", 3),
        ("113991.SS", "146.300", 3),
        ("019547.SS", "101.120", 3),
        ("204001.SS", "1.835", 3),
        ("508056.SS", "3.100", 3),
        ("900901.SS", "0.838", 3),
        ("200011.SZ", "4.180", 2),
        ("000001.SS", "3823.6206", 2),
    ],
)
def test_decimals_are_those_written_unless_the_last_is_nought_else_of_the_kind(
    text: str, price: str, decimals: int
) -> None:
    code = code_of(parse_symbol(text))
    assert code
    changes = {1: price, 2: price, 3: price, 4: price, 5: price, 9: "0.000"}
    (parsed,) = answer(line(code, changes), text).quotes
    assert parsed.decimals == decimals
    assert parsed.last == float(price)


@pytest.mark.parametrize("text", ["113991.SS", "019547.SS", "204001.SS"])
def test_what_is_not_bought_in_shares_has_neither_volume_nor_sizes(text: str) -> None:
    code = code_of(parse_symbol(text))
    assert code
    (parsed,) = answer(line(code), text).quotes
    assert (parsed.volume, parsed.lot, parsed.bid_size, parsed.ask_size, parsed.bids) == (None, None, None, None, ())
    assert (parsed.bid, parsed.ask, parsed.turnover) == (50.24, 50.26, 60_240_000.0)


@pytest.mark.parametrize(
    ("text", "english", "name", "currency"),
    [
        ("0700.HK", "TENCENT", "腾讯控股", "HKD"),
        ("80700.HK", "TENCENT-R", "腾讯控股－Ｒ", "CNY"),
        ("89988.HK", "BABA-WR", "阿里巴巴-WR", "CNY"),
        ("9988.HK", "BABA-W", "阿里巴巴-W", "HKD"),
        ("3010.HK", "ISHARES ASIA-U", "测试基金", "USD"),
        ("9067.HK", "MADE UP-U", "测试基金-U", "USD"),
        ("9067.HK", "MADE UP", "测试基金", ""),
    ],
)
def test_the_currency_of_hong_kong_is_the_counters(text: str, english: str, name: str, currency: str) -> None:
    code = code_of(parse_symbol(text))
    assert code
    (parsed,) = answer(line(code, {0: english, 1: name}), text).quotes
    assert parsed.currency == currency


def test_a_price_of_nought_beside_a_volume_is_refused() -> None:
    assert refusal("0700.HK", {6: "0.000"}) == "no price of a share that has traded"
    assert refusal("NVDA", {1: "0.0000"}) == "no price of a share that has traded"
