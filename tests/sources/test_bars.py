"""The readers of price history: what is believed of an answer, what is refused, and that nothing else happens."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.market.bars import Bar, BarsQuery, Event, EventKind, Interval, Series
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources.bars import Draft, believed
from aiwatch.sources.sina import bars as sina
from aiwatch.sources.tencent import bars as tencent
from aiwatch.sources.tencent.history import TencentBars
from aiwatch.sources.yahoo import bars as yahoo
from tests.sources.loopback import host, response, settings

NOW = datetime(2026, 9, 28, 8, 30, tzinfo=UTC)
MAOTAI, STAR, TENCENT, APPLE = map(parse_symbol, ("600519.SS", "688256.SS", "0700.HK", "AAPL"))
DAY = Interval.DAY


def rows(*closes: float, first: date = date(2026, 9, 21)) -> list[list[Any]]:
    """Tencent's daily rows, a day apart, with a volume of 100 lots."""
    days = [first + timedelta(days=at) for at in range(len(closes))]
    return [
        [str(day), f"{close:.3f}", f"{close:.3f}", f"{close + 0.5:.3f}", f"{close - 0.5:.3f}", "100.000"]
        for day, close in zip(days, closes, strict=True)
    ]


def klines(sent: Any, symbol: Symbol = MAOTAI, code: str = "sh600519", quote: list[str] | None = None) -> Series:
    body = {"code": 0, "msg": "", "data": {code: {"day": sent, "qt": {code: quote or []}}}}
    return tencent.parse_klines(json.dumps(body).encode(), BarsQuery(symbol, DAY), 2000, NOW, "host")


def minutes(*days: Any, symbol: Symbol = TENCENT, code: str = "hk00700", quote: list[str] | None = None) -> Series:
    data = {"data": days[0] if len(days) == 1 else list(days), "qt": {code: quote or []}}
    body = json.dumps({"code": 0, "data": {code: data}}).encode()
    return tencent.parse_minutes(body, BarsQuery(symbol, Interval.MINUTE), NOW, "host")


def chart(stamps: list[Any], events: Any = None, symbol: Symbol = APPLE, **columns: Any) -> Series:
    meta = {"currency": "USD", "symbol": symbol.text, "exchangeTimezoneName": symbol.zone, "priceHint": 2}
    quote = {"open": [], "high": [], "low": [], "close": [], "volume": []} | columns
    result = {"meta": meta | columns.pop("meta", {}), "timestamp": stamps, "indicators": {"quote": [quote]}}
    body = json.dumps({"chart": {"result": [result | ({"events": events} if events else {})], "error": None}})
    return yahoo.parse_chart(body.encode(), BarsQuery(symbol, DAY), date(2026, 9, 1), NOW, "host")


def reasons(series: Series) -> list[str]:
    return [refused.reason for refused in series.refused]


def test_close_stands_third_and_volume_is_in_lots() -> None:
    # As recorded: 2026-09-18 opened at 1262.99, closed at 1257.12, between 1256.10 and 1265.88, 24891 lots.
    series = klines([["2026-09-18", "1262.990", "1257.120", "1265.880", "1256.100", "24891.000"]])
    assert series.bars == (Bar(date(2026, 9, 18), 1262.99, 1265.88, 1256.1, 1257.12, 2_489_100),)
    assert (series.source, series.basis, series.currency, series.complete_from) == (
        *("tencent", "unadjusted", "CNY"),
        None,
    )


@pytest.mark.parametrize(
    ("of_row", "of_quote", "volume"),
    [("24891.000", "2489100", 2_489_100), ("2489100.000", "2489100", 2_489_100), ("24891.000", "7", None)],
)
def test_the_unit_of_star_is_what_the_quote_in_the_answer_says(of_row: str, of_quote: str, volume: int | None) -> None:
    quote = [""] * 88
    quote[6] = of_quote
    series = klines([["2026-09-28", "9.0", "9.1", "9.2", "8.9", of_row]], STAR, "sh688256", quote)
    assert series.bars[0].volume == volume
    assert klines([["2026-09-28", "9.0", "9.1", "9.2", "8.9", of_row]], STAR, "sh688256").bars[0].volume is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["2026-09-26", "10", "10", "9", "11", "1"], "low above high"),
        (["2026-09-26", "10", "12", "11", "9", "1"], "open or close outside low and high"),
        (["2026-09-24", "10", "10", "11", "9", "1"], "not after the bar before it"),
        (["2026-09-26", "10", "10", "11", "9"], "a row of 5 fields"),
        (["2026-09-26", "10", "10", "11", "9", "1", {}, "x"], "a row of 8 fields"),
        (["2026-09-26", "10", "10", "11", "9", "1", "x"], "a row of 7 fields"),
        (["2026-09-26", "10", "x", "11", "9", "1"], "no numbers where prices belong"),
        (["2026-09-26", "", "10", "", "", ""], "a close without open, high and low"),
        (["2026-09-26", "", "", "", "", ""], "a row without figures"),
        (["2026-09-26", "10", "10", "11", "9", "-5"], "no number where the volume belongs"),
        (["2026-09-26", "0", "0", "0", "0", "0"], "a price that is none"),
        (["2026-09-36", "10", "10", "11", "9", "1"], "no date"),
        (["2026-09-30", "10", "10", "11", "9", "1"], "a date in the future"),
        (["2026-09-26", "11.5", "11.5", "12", "11", "1"], "+15.0 % in a day, beyond the limit, and no dividend"),
        ("2026-09-26", "a row of no fields"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_hurts_no_other(row: Any, reason: str) -> None:
    before = rows(*[10] * 10, first=date(2026, 9, 15))
    series = klines([*before, row, *rows(10, first=date(2026, 9, 28))])
    assert [bar.close for bar in series.bars] == [10] * 11
    (why,) = reasons(series)
    assert why.startswith(reason)


def test_a_marked_ex_date_explains_a_jump_and_without_the_mark_only_its_row_is_lost() -> None:
    jump = rows(*[10] * 6, 7, 7, first=date(2026, 9, 15))
    assert [bar.close for bar in klines(jump).bars] == [*[10] * 6, 7]
    assert reasons(klines(jump))[0].startswith("-30.0 %")
    jump[6].append({"FHcontent": "10转4"})
    assert [bar.close for bar in klines(jump).bars] == [*[10] * 6, 7, 7]
    outlier = rows(*[10] * 6, 100, 10, first=date(2026, 9, 15))
    assert [bar.close for bar in klines(outlier).bars] == [10] * 7


def test_a_host_that_tells_no_events_loses_a_wrong_price_but_not_a_split() -> None:
    def closes_of(*closes: float) -> list[float]:
        sent = [
            {"day": row[0], "open": row[1], "close": row[2], "high": row[3], "low": row[4], "volume": "5"}
            for row in rows(*closes)
        ]
        return [bar.close for bar in sina.parse_bars(json.dumps(sent).encode(), query, 1023, NOW, "host").bars]

    query = BarsQuery(MAOTAI, DAY, date(2026, 1, 1))
    assert closes_of(10, 10, 10, 10, 10, 10, 7, 7) == [10, 10, 10, 10, 10, 10, 7, 7]
    assert closes_of(10, 10, 10, 10, 10, 10, 100, 10) == [10] * 7
    assert closes_of(10, 10, 10, 10, 10, 10, 10, 7) == [10] * 7, "the last has nothing that bears it out"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"code":0,"msg":"param error","data":[]}', Refused),
        (b'{"code":-1,"msg":"bad params","data":{}}', Refused),
        (b'{"code":0,"data":{"sh600000":{"day":[]}}}', Refused),
        (b'{"code":0,"data":{"sh600519":{"day":[]}}}', Garbled),
        (b'{"code":0,"data":{"sh600519":{"version":"16"}}}', Garbled),
        (b'{"code":0,"data":{"sh600519":[]}}', Garbled),
        (b"", Garbled),
        (b"<html>", Garbled),
        (b"[]", Garbled),
        (b'{"code":0,"data":{"sh600519":{"day":[[],[],[],[],[]]}}}', Garbled),
    ],
)
def test_what_is_no_answer_of_tencents_is_an_error(body: bytes, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        tencent.parse_klines(body, BarsQuery(MAOTAI, DAY), 2000, NOW, "host")


def test_minutes_are_differences_of_what_was_traded_since_the_open() -> None:
    # As recorded on 28 September 2026 of 0700.HK.
    day = {"data": ["0930 441.400 380150 167797970.000", "0931 443.400 982872 434286946.200"], "date": "20260928"}
    series = minutes(day)
    assert [(bar.when, bar.close, bar.volume, bar.amount) for bar in series.bars] == [
        (datetime(2026, 9, 28, 1, 30, tzinfo=UTC), 441.4, 380150, 167797970.0),
        (datetime(2026, 9, 28, 1, 31, tzinfo=UTC), 443.4, 602722, 266488976.2),
    ]


def test_five_days_come_as_a_list_newest_first_and_the_us_without_turnover() -> None:
    days = [{"date": f"2026092{at}", "data": ["0930 341.58 303686", "0931 341.58 1392198"]} for at in (5, 4)]
    series = minutes(*days, symbol=APPLE, code="usAAPL.OQ")
    assert [(f"{bar.when:%d}", bar.volume, bar.amount) for bar in series.bars] == [
        *(("24", 303686, None), ("24", 1088512, None)),
        *(("25", 303686, None), ("25", 1088512, None)),
    ]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (["0930 10 5 50", "0931 10 4 60", "0932 10 6 70"], "less traded since the open than a minute before"),
        (["0930 10 5 50", "0930 10 6 60", "0931 10 7 70"], "not after the bar before it"),
        (["0930 10 5 50", "0975 10 6 60", "0931 10 7 70"], "a minute of 4 fields"),
        (["0930 10 5 50", "0931 x 6 60", "0932 10 7 70"], "no numbers where they belong"),
        (["0930 10 5 50", "0931 0 6 60", "0932 10 7 70"], "a price that is none"),
        (["0930 10 5 50", "0931 10 6 60", "2359 10 7 70"], "a time in the future"),
    ],
)
def test_a_minute_that_cannot_be_is_refused(points: list[str], reason: str) -> None:
    series = minutes({"date": "20260928", "data": points})
    assert len(series.bars) == 2
    assert reasons(series) == [reason]


def test_before_the_open_there_are_no_minutes() -> None:
    with pytest.raises(Garbled, match="empty list"):
        minutes({"data": ["  0"], "date": ""}, symbol=APPLE, code="usAAPL.OQ")


def test_bars_of_minutes_are_stamped_with_their_start() -> None:
    row = ["202609281430", "10.0", "10.2", "10.3", "9.9", "12.0", {}, "0.01"]
    body = json.dumps({"code": 0, "data": {"sh600519": {"m5": [row]}}}).encode()
    (bar,) = tencent.parse_bars(body, BarsQuery(MAOTAI, Interval.FIVE_MINUTES), NOW, "host").bars
    assert bar[:6] == (datetime(2026, 9, 28, 6, 25, tzinfo=UTC), 10.0, 10.3, 9.9, 10.2, 1200)
    day = json.dumps(
        [{"day": "2026-09-28 14:30:00", "open": "10", "high": "11", "low": "9", "close": "10", "volume": "12"}]
    )
    query = BarsQuery(MAOTAI, Interval.FIVE_MINUTES)
    (bar,) = sina.parse_bars(day.encode(), query, 1023, NOW, "host").bars
    assert (bar.when, bar.volume) == (datetime(2026, 9, 28, 6, 25, tzinfo=UTC), 12)


def test_null_is_what_sina_sends_for_a_symbol_that_it_does_not_know() -> None:
    with pytest.raises(Refused) as caught:
        sina.parse_bars(b"null", BarsQuery(MAOTAI, DAY), 1023, NOW, "host")
    assert caught.value.status == 404
    with pytest.raises(Garbled):
        sina.parse_bars(b"[]", BarsQuery(MAOTAI, DAY), 1023, NOW, "host")


OPENS = [int(datetime(2026, 9, day, 13, 30, tzinfo=UTC).timestamp()) for day in (21, 22, 23, 24)]
FLAT: dict[str, Any] = {"open": [5.0] * 4, "high": [6.0] * 4, "low": [4.0] * 4, "close": [5.0] * 4, "volume": [100] * 4}


def test_yahoos_splits_are_undone_and_its_dividends_with_them() -> None:
    stamps = [str(OPENS[2]), str(OPENS[1])]
    split = {"date": OPENS[2], "numerator": 4, "denominator": 1, "splitRatio": "4:1"}
    events = {"splits": {stamps[0]: split}, "dividends": {stamps[1]: {"amount": 0.25, "date": OPENS[1]}}}
    series = chart(OPENS, events, **FLAT)
    assert [bar.close for bar in series.bars] == [20.0, 20.0, 5.0, 5.0]
    assert [bar.volume for bar in series.bars] == [25, 25, 100, 100]
    assert series.events == (
        Event(date(2026, 9, 22), EventKind.DIVIDEND, 1.0, "yahoo"),
        Event(date(2026, 9, 23), EventKind.SPLIT, 4.0, "yahoo"),
    )


def test_a_price_in_pence_becomes_pounds() -> None:
    symbol = parse_symbol("BARC.L")
    series = chart(OPENS, symbol=symbol, meta={"currency": "GBp", "exchangeTimezoneName": "Europe/London"}, **FLAT)
    assert (series.currency, series.bars[0].close) == ("GBP", 0.05)


def test_the_live_row_sent_twice_is_the_newer_one() -> None:
    stamps = [*OPENS[:3], OPENS[2] + 9000]
    series = chart(stamps, **FLAT | {"close": [5.0, 5.0, 5.0, 5.5]})
    assert [bar.close for bar in series.bars] == [5.0, 5.0, 5.5]
    assert reasons(series) == ["sent twice; the newer one counts"]


@pytest.mark.parametrize(
    ("column", "values", "left", "reason"),
    [
        ("close", [5.0, None, 5.0, 5.0], 3, "no numbers where prices belong"),
        ("low", [4.0, 7.0, 4.0, 4.0], 3, "low above high"),
        ("volume", [100, -1, 100, 100], 3, "a negative volume"),
        ("high", [6.0, True, 6.0, 6.0], 3, "no numbers where prices belong"),
    ],
)
def test_a_row_of_yahoos_that_cannot_be_is_refused(column: str, values: list[Any], left: int, reason: str) -> None:
    series = chart(OPENS, **FLAT | {column: values})
    assert len(series.bars) == left
    assert [why.startswith(reason) for why in reasons(series)] == [True]


def test_a_chart_that_does_not_fit_together_is_refused_whole() -> None:
    for broken in ({"close": [5.0] * 3}, {"close": None}):
        with pytest.raises(Garbled):
            chart(OPENS, **FLAT | broken)
    with pytest.raises(Garbled, match="not of AAPL"):
        chart(OPENS, meta={"symbol": "MSFT"}, **FLAT)
    with pytest.raises(Garbled, match="empty list"):
        chart([])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}', Refused),
        (b'{"chart":{"result":null,"error":{"code":"Unprocessable Entity","description":"x"}}}', Refused),
        (b"Edge: Too Many Requests", RateLimited),
        (b"Will be right back...", Garbled),
        (b'{"chart":{"result":[],"error":null}}', Garbled),
        (b'{"finance":{}}', Garbled),
    ],
)
def test_what_is_no_chart_is_an_error(body: bytes, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        yahoo.parse_chart(body, BarsQuery(APPLE, DAY), date(2026, 9, 1), NOW, "host")


def test_an_answer_most_of_which_is_refused_is_none() -> None:
    drafts = [Draft("x", None)] * 6 + [Draft("2026-09-24", Bar(date(2026, 9, 24), 1, 1, 1, 1))]
    with pytest.raises(Garbled, match="cannot be believed: a row without figures"):
        believed(BarsQuery(APPLE, DAY), drafts, NOW, "host")


async def test_history_that_goes_on_for_ever_is_cut_and_that_is_said() -> None:
    sent = [0]

    async def answer(reader: Any, writer: Any) -> None:
        page = rows(*([10.0] * 640), first=date(2024, 12, 1) - timedelta(days=640 * sent[0]))
        sent[0] += 1
        writer.write(response(json.dumps({"code": 0, "data": {"sh600519": {"day": page}}}).encode()))
        await writer.drain()

    async with host(answer) as url, TencentBars(settings(url), lambda: NOW) as source:
        series = await source.bars(BarsQuery(MAOTAI, DAY, date(1990, 1, 1)))
    assert sent == [5]
    assert len(series.bars) == 3200
    assert series.complete_from == series.days[0]
    assert reasons(series) == ["no more than 3200 rows came"]


async def test_the_us_is_asked_for_with_the_place_that_the_quote_tells() -> None:
    asked: list[str] = []

    async def answer(reader: Any, writer: Any) -> None:
        line = asked[-1]
        body = (
            b'v_usAAPL="200~Apple~AAPL.OQ~1~";'
            if "/q=" in line
            else json.dumps({"code": 0, "data": {"usAAPL.OQ": {"day": rows(10.0)}}}).encode()
        )
        writer.write(response(body))
        await writer.drain()

    async def heard(reader: Any, writer: Any) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split()[1])
        await answer(reader, writer)

    async with host(heard, after_head=False) as url, TencentBars(settings(url), lambda: NOW) as source:
        for _ in range(2):
            assert len((await source.bars(BarsQuery(APPLE, DAY))).bars) == 1
    assert [line.partition("?")[0] for line in asked] == ["/q=usAAPL", *["/appstock/app/fqkline/get"] * 2]
    assert "usAAPL.OQ" in asked[1]
