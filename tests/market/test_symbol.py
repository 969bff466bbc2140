"""Symbols: what follows from each spelling, and what is no spelling."""

from __future__ import annotations

import pytest

from aiwatch.errors import AiwatchError, SymbolError
from aiwatch.market.symbol import EXCHANGES, parse_symbol

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


def test_every_exchange_is_reached_by_a_spelling() -> None:
    assert {line.split()[1] for line in KNOWN.strip().splitlines()} == set(EXCHANGES)


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
        ("LONGTICKER.DE", "up to six capitals and digits"),
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
    one, other = parse_symbol("NVDA"), parse_symbol("AMD")
    assert one == parse_symbol("NVDA")
    assert one != other
    text: object = "NVDA"
    assert one != text
    assert hash(one) == hash(parse_symbol("NVDA"))
    assert sorted([one, other]) == [other, one]
