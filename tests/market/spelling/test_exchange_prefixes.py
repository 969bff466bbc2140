"""An exchange that is written before a symbol is honoured or refused, never left out."""

from __future__ import annotations

import pytest

from aiwatch.errors import SymbolError
from aiwatch.market.spelling import symbol_of
from aiwatch.market.spelling.exchange_prefixes import INDICES, NOT_PRICED, SEVERAL, SUFFIXES
from aiwatch.market.spelling.written_forms import yahoo_spelling
from aiwatch.market.symbol import AmbiguousSymbol, parse_symbol


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("CBOE:VIX", "^VIX"),
        ("TVC:VIX", "^VIX"),
        ("INDEXCBOE:VIX", "^VIX"),
        ("CBOE:SPX", "^GSPC"),
        ("INDEXSP:.INX", "^GSPC"),
        ("INDEXDJX:.DJI", "^DJI"),
        ("NASDAQ:SOX", "^SOX"),
        ("NASDAQ:NVDA", "NVDA"),
        ("NYSE:BRK.B", "BRK-B"),
        ("XETR:SAP", "SAP.DE"),
        ("XETR:DAX", "^GDAXI"),
        ("TSE:7203", "7203.T"),
        ("BSE:920819", "920819.BJ"),
        ("OTCMKTS:TCEHY", "TCEHY"),
        ("LSE:BP.", "BP.L"),
        ("TVC:DXY", "DX-Y.NYB"),
        ("LSE:BT.A", "BT-A.L"),
        ("TSX:BIP.UN", "BIP-UN.TO"),
    ],
)
def test_the_exchange_decides(text: str, symbol: str) -> None:
    assert symbol_of(text) == parse_symbol(symbol)


@pytest.mark.parametrize(
    ("text", "yahoo"),
    [
        ("BMFBOVESPA:PETR4", "PETR4.SA"),
        ("NSE:RELIANCE", "RELIANCE.NS"),
        ("BSE:500325", "500325.BO"),
        ("BOM:RELIANCE", "RELIANCE.BO"),
        ("TSX:SHOP", "SHOP.TO"),
        ("TSE:SHOP", "SHOP.TO"),
        ("OMXSTO:VOLV_B", "VOLV-B.ST"),
        ("CME_MINI:ES1!", "ES=F"),
        ("NYMEX:CL1!", "CL=F"),
        ("XSWX:NESN", "NESN.SW"),
        ("FRA:APC", "APC.F"),
        ("ASX:BHP", "BHP.AX"),
        ("BIST:THYAO", "THYAO.IS"),
        ("KOSDAQ:035900", "035900.KQ"),
        ("TPEX:6488", "6488.TWO"),
        ("MIL:ENI", "ENI.MI"),
        ("NSE:M_M", "M&M.NS"),
        ("NSE:GMRP_UI", "GMRP&UI.NS"),
        ("NSE:L_TFH", "L&TFH.NS"),
        ("NSE:BAJAJ_AUTO", "BAJAJ-AUTO.NS"),
        ("NSE:MCDOWELL_N", "MCDOWELL-N.NS"),
    ],
)
def test_every_exchange_has_yahoos_suffix(text: str, yahoo: str) -> None:
    assert yahoo_spelling(text) == yahoo


@pytest.mark.parametrize("name", [*SUFFIXES, *NOT_PRICED, *SEVERAL, "XYZZY", "LUXSE"])
def test_no_exchange_becomes_a_share_of_the_united_states(name: str) -> None:
    try:
        symbol = symbol_of(f"{name}:GOLD")
    except SymbolError:
        return
    assert symbol.text.startswith("GOLD.")


def test_no_index_is_read_as_a_share() -> None:
    for name in INDICES:
        assert symbol_of(name).text == INDICES[name]


@pytest.mark.parametrize(
    ("text", "candidates"), [("CBOE:ITA", {"^ITA", "ITA"}), ("EURONEXT:ASML", {"ASML.AS", "ASML.PA"})]
)
def test_what_an_exchange_has_under_one_name_twice_is_asked_for(text: str, candidates: set[str]) -> None:
    with pytest.raises(AmbiguousSymbol) as caught:
        symbol_of(text)
    assert candidates <= {symbol.text for symbol in caught.value.candidates}


@pytest.mark.parametrize(
    ("text", "reason"), [("EUREX:FDAX1!", "a future"), ("NYMEX:CLZ2026", "futures"), ("FRED:GDP", "statistics")]
)
def test_what_no_source_prices_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(SymbolError, match=reason):
        symbol_of(text)


@pytest.mark.parametrize(
    "text",
    ["OANDA:XAUUSD", "FX_IDC:XAGEUR", "FX:BTCUSD", "XAUUSD", "xau/usd", "BTCUSD", "ETHEUR", "DOGEUSD", "BTC/USD"],
)
def test_what_is_no_pair_of_currencies_becomes_no_share(text: str) -> None:
    with pytest.raises(SymbolError):
        symbol_of(text)
