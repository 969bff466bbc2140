"""Symbols: what follows from each spelling, and what is no spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from aiwatch.errors import AiwatchError, SymbolError
from aiwatch.market.calendar.session import Phase, session_at
from aiwatch.market.exchanges import SUFFIXES, TRADED_IN
from aiwatch.market.symbol import EXCHANGES, US, parse_symbol

KNOWN = """
603757.SS   SSE    main      CNY  10    100
600000.SS   SSE    main      CNY  10    100
605060.SS   SSE    main      CNY  10    100
688981.SS   SSE    STAR      CNY  20    100
689009.SS   SSE    STAR      CNY  20    100
900901.SS   SSE    main      USD  10    100
510300.SS   SSE    fund      CNY  10    100
508000.SS   SSE    REIT      CNY  None  100
000001.SS   SSE    index     CNY  None  None
932000.SS   SSE    index     CNY  None  None
204001.SS   SSE    repo      CNY  None  None
019547.SS   SSE    bond      CNY  None  None
000001.SZ   SZSE   main      CNY  10    100
002837.SZ   SZSE   main      CNY  10    100
003816.SZ   SZSE   main      CNY  10    100
200011.SZ   SZSE   main      HKD  10    100
300308.SZ   SZSE   ChiNext   CNY  20    100
301236.SZ   SZSE   ChiNext   CNY  20    100
302132.SZ   SZSE   ChiNext   CNY  20    100
201872.SZ   SZSE   main      HKD  10    100
159915.SZ   SZSE   fund      CNY  None  100
399006.SZ   SZSE   index     CNY  None  None
980017.SZ   SZSE   index     CNY  None  None
131810.SZ   SZSE   repo      CNY  None  None
920819.BJ   BSE    Beijing   CNY  30    100
0700.HK     HKEX   main      HKD  None  None
899050.BJ   BSE    index     CNY  None  None
80700.HK    HKEX   main      CNY  None  None
NVDA        US     main      USD  None  1
BRK-B       US     main      USD  None  1
F           US     main      USD  None  1
9984.T      TSE    main      JPY  None  100
285A.T      TSE    main      JPY  None  100
2330.TW     TWSE   main      TWD  None  1000
00631L.TW   TWSE   main      TWD  None  1000
SAP.DE      XETRA  main      EUR  None  1
ASML.AS     XAMS   main      EUR  None  1
MC.PA       XPAR   main      EUR  None  1
SHEL.L      LSE    main      GBP  None  1
^HSI        HKEX   index     HKD  None  None
^N225       TSE    index     JPY  None  None
^GSPC       US     index     USD  None  None
USDCNY=X    FX     currency  CNY  None  None
CNY=X       FX     currency  CNY  None  None
3324.TWO    TPEX   main      TWD  None  1000
000660.KS   KRX    main      KRW  None  1
0009K0.KS   KRX    main      KRW  None  1
247540.KQ   KOSDAQ main      KRW  None  1
HSTECH.HK   HKEX   index     HKD  None  None
^HSTECH     HKEX   index     HKD  None  None
^HSCE       HKEX   index     HKD  None  None
^KS11       KRX    index     KRW  None  None
^TWOII      TPEX   index     TWD  None  None
BTC-USD     CRYPTO crypto-currency USD None None
ETH-EUR     CRYPTO crypto-currency EUR None None
"""


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_what_follows_from_a_spelling(line: str) -> None:
    text, exchange, board, currency, limit, lot = line.split()
    symbol = parse_symbol(text)
    assert (symbol.text, str(symbol)) == (text, text)
    assert symbol.exchange is EXCHANGES[exchange]
    assert (symbol.board.value, symbol.currency) == (board, currency)
    assert (str(symbol.daily_limit), str(symbol.lot)) == (limit, lot)
    assert symbol.zone == EXCHANGES[exchange].zone
    assert symbol.is_china is (exchange in ("SSE", "SZSE", "BSE"))


NOT_KNOWN = """
VOLV-B.ST     XSTO  main     M&M.NS        NSE   main     BAJAJ-AUTO.NS NSE   main     A1MD34.SA    B3    main
BY6.F         XFRA  main     2K6B.F        XFRA  main     XU100.IS      BIST  main     CBA.AX       ASX   main
BEP-UN.TO     TSX   main     LU1681043599.SG XSTU main    0P0000VHOL.F  XFRA  main     0P0000VHOL   YAHOO fund
DX-Y.NYB      ICEUS main     CLF27.NYM     NYMEX main     ES=F          FUT   future   6E=F         FUT   future
IBV=F         FUT   future   ^NSEI         NSE   index    ^BVSP         B3    index    ^J203.JO     JSE   index
^STOXX50E     YAHOO index    ^VIX          YAHOO index    ^TNX          YAHOO index    ^SP500-45    YAHOO index
^XYZ123       YAHOO index    ^V2TX         YAHOO index    ^125904-USD-STRD YAHOO index
"""
"""What Yahoo prices and of which no rule gives currency, lot, limit and hours."""
YAHOO_SUFFIXES = (
    "AE AQ AS AT AX BA BD BE BJ BK BM BO BR CA CBT CL CME CMX CN CO CR DE DU F HA HE HK HM IC IL IR IS JK JO KL KQ KS "
    "KW L LS MA MC MI MU MX NE NS NX NYB NYM NZ OL PA PR PS QA RG RO SA SG SI SN SR SS ST SW SZ T TA TI TL TO TW TWO V "
    "VI VN VS WA XA XC XD"
)


def test_every_suffix_that_yahoo_has_is_an_exchange_with_a_zone() -> None:
    assert set(YAHOO_SUFFIXES.split()) - SUFFIXES.keys() == set()
    assert len({exchange.code for exchange in SUFFIXES.values()}) == len(SUFFIXES)
    for exchange in EXCHANGES.values():
        assert ZoneInfo(exchange.zone).key == exchange.zone
        assert exchange.title
        assert exchange.city


@pytest.mark.parametrize("text", NOT_KNOWN.split()[::3])
def test_nothing_is_claimed_of_what_no_rule_covers(text: str) -> None:
    words = NOT_KNOWN.split()
    exchange, board = words[words.index(text) + 1 : words.index(text) + 3]
    symbol = parse_symbol(text)
    assert (symbol.text, symbol.exchange.code, symbol.board.value) == (text, exchange, board)
    assert (symbol.currency, symbol.daily_limit, symbol.lot) == ("", None, None)
    session = session_at(symbol.exchange, datetime(2026, 11, 25, 15, tzinfo=UTC))
    assert (session.phase, session.opens, session.closes) == (Phase.UNKNOWN, None, None)
    assert not session.holidays_known


def test_the_currency_worth_a_rate_is_a_known_one_and_no_symbols() -> None:
    assert set(TRADED_IN) <= set(EXCHANGES)
    assert len(TRADED_IN["XSTO"]) == 3
    assert (TRADED_IN["XSTO"], TRADED_IN["B3"], parse_symbol("VOLV-B.ST").currency) == ("SEK", "BRL", "")


def test_no_index_outside_the_list_is_new_yorks() -> None:
    for name in ("^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT", "^SOX"):
        assert parse_symbol(name).exchange is US
    for name in ("^KS11", "^HSCE", "^STOXX50E", "^VIX", "^ABCDE", "^MOVE"):
        assert parse_symbol(name).exchange is not US


def test_the_code_is_the_part_before_the_suffix() -> None:
    assert [parse_symbol(text).code for text in ("002837.SZ", "NVDA", "BRK-B")] == ["002837", "NVDA", "BRK-B"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not known"),
        (" NVDA", "write 'NVDA'"),
        ("nvda", "write 'NVDA'"),
        ("002837.sz", "write '002837.SZ'"),
        ("2837.SZ", "six digits"),
        ("0028371.SZ", "six digits"),
        ("00283A.SZ", "six digits"),
        ("603757.SH", "no exchange with the suffix .SH"),
        ("603757.", "no exchange with the suffix ."),
        (".SZ", "six digits"),
        ("700.HK", "four digits, padded: 0700.HK"),
        ("00700.HK", "four digits, padded: 0700.HK"),
        ("99840.T", "four characters: 9984.T"),
        ("BRK.B", "no exchange with the suffix .B"),
        ("BRK-BBB", "is not known"),
        ("NVDA;AMD", "is not known"),
        ("NV DA", "is not known"),
        ("NVDA\n", "write 'NVDA'"),
        ("英维克", "is not known"),
        ("００２８３７.SZ", "six digits"),
        ("233.TW", "four to six digits"),
        ("A-VERY-LONG-TICKER-INDEED.DE", "up to 24 capitals and digits"),
        ("VOLV_B.ST", "up to 24 capitals and digits"),
        ("-B.ST", "up to 24 capitals and digits"),
        ("660.KS", "six characters: 005930.KS"),
        ("SAP.DE.F", "up to 24 capitals and digits"),
        ("^^HSI", "is not known"),
        ("=F", "is not known"),
        ("TENCENT.HK", "four digits, padded: 0700.HK"),
        ("USD=X=X", "is not known"),
        ("^", "is not known"),
        ("-", "is not known"),
        ("sh603757", "write 'SH603757'"),
    ],
)
def test_anything_else_is_refused_with_the_accepted_forms(text: str, words: str) -> None:
    with pytest.raises(SymbolError, match=words.replace(".", r"\.")) as caught:
        parse_symbol(text)
    assert isinstance(caught.value, AiwatchError)
    assert repr(text) in str(caught.value)
    assert "002837.SZ" in caught.value.hint


def test_a_symbol_is_known_by_its_text_and_sorts_by_it() -> None:
    item, second = parse_symbol("NVDA"), parse_symbol("AMD")
    assert item == parse_symbol("NVDA")
    assert item != second
    text: object = "NVDA"
    assert item != text
    assert hash(item) == hash(parse_symbol("NVDA"))
    assert sorted([item, second]) == [second, item]
