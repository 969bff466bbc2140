"""Spellings: every form people write is brought to Yahoo's, and what is in doubt is told."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.config.paths import bundled
from aiwatch.errors import SymbolError
from aiwatch.market.spelling import hint_of_unknown, symbol_of
from aiwatch.market.spelling.written_forms import CURRENCIES
from aiwatch.market.symbol import AmbiguousSymbol, parse_symbol
from aiwatch.watchlist.reader import read_watchlists

FORMS = {
    "002837.SZ": "002837 sz002837 SZ002837 Sz.002837 002837.SZ 002837.sz SZ:002837 SZSE:002837 002837.XSHE"
    " ００２８３７ ＳＺ００２８３７",
    "600519.SS": "600519 sh600519 SH600519 600519.SH 600519.ss SSE:600519 SH.600519 600519.XSHG SHA:600519",
    "688981.SS": "688981 sh688981",
    "900901.SS": "900901",
    "510300.SS": "510300 sh510300",
    "000300.SS": "000300 sh000300",
    "000001.SS": "sh000001 000001.SH SSE:000001",
    "000001.SZ": "sz000001 000001.SZ SZSE:000001",
    "000811.SZ": "000811 sz000811",
    "159915.SZ": "159915",
    "161725.SZ": "161725",
    "184801.SZ": "184801",
    "300750.SZ": "300750 SZSE:300750 SHE:300750",
    "399006.SZ": "399006",
    "200011.SZ": "200011",
    "204001.SS": "204001 sh204001",
    "204182.SS": "204182",
    "899050.BJ": "899050 bj899050",
    "830799.BJ": "830799 bj830799 BJ:830799 830799.bj",
    "430047.BJ": "430047",
    "920819.BJ": "920819 BSE:920819 bj920819",
    "0700.HK": "00700 hk700 hk00700 HK0700 HK:0700 HK:700 0700.HK 00700.HK 700.HK 700.hk HKEX:700 HKG:0700 HK.00700",
    "80700.HK": "80700 hk80700 80700.HK HKEX:80700",
    "0005.HK": "00005 hk5 5.HK HKEX:5",
    "NVDA": "NVDA nvda NASDAQ:NVDA nasdaq:nvda usNVDA US:NVDA US.NVDA us.nvda NVDA.US NVDA.O ＮＶＤＡ",
    "USB": "USB usb usUSB NYSE:USB",
    "T": "T t NYSE:T US.T usT T.US",
    "SPNV-UN": "SPNV-UN SPNV.U spnv/u NYSE:SPNV.U",
    "ACHR-WT": "ACHR-WT ACHR.WS ACHR/WS NYSE:ACHR.WS",
    "BAC-PL": "BAC-PL BAC.PRL BAC/PL bac^l NYSE:BAC/PL",
    "BRK-B": "BRK.B BRK-B brk-b brk.b brk/b NYSE:BRK.B usBRK.B BRK.B.US US:BRK-B US.BRK.B",
    "9984.T": "9984.T 9984.t TSE:9984 TYO:9984",
    "285A.T": "285a.t TSE:285A",
    "25935.T": "25935.t",
    "2330.TW": "2330.TW TWSE:2330 TPE:2330",
    "SAP.DE": "sap.de XETR:SAP ETR:SAP",
    "ASML.AS": "asml.as AMS:ASML",
    "MC.PA": "mc.pa EPA:MC",
    "SHEL.L": "shel.l LSE:SHEL LON:SHEL",
    "US.L": "US.L",
    "RELIANCE.NS": "RELIANCE.NS reliance.ns NSE:RELIANCE",
    "500325.BO": "500325.BO BOM:500325",
    "APC.F": "APC.F apc.f FWB:APC",
    "PETR4.SA": "petr4.sa BMFBOVESPA:PETR4",
    "VOLV-B.ST": "volv-b.st OMXSTO:VOLV_B STO:VOLV.B",
    "BBD-B.TO": "bbd-b.to TSX:BBD.B",
    "000660.KS": "000660.KS KOSPI:000660",
    "247540.KQ": "247540.kq KOSDAQ:247540",
    "3324.TWO": "3324.two TPEX:3324",
    "M&M.NS": "m&m.ns NSE:M&M",
    "BTC-USD": "BTC-USD btc-usd",
    "ES=F": "es=f ES=F",
    "^STOXX50E": "^stoxx50e",
    "^HSI": "^hsi ^HSI HSI:HSI hkHSI",
    "^HSCE": "hkHSCEI",
    "^IXIC": "us.IXIC",
    "^DJI": "us.DJI",
    "^HSTECH": "HSTECH hstech hkHSTECH HSI:HSTECH ^hstech ＨＳＴＥＣＨ",
    "HSTECH.HK": "HSTECH.HK hstech.hk",
    "^GSPC": "SP:SPX ^gspc us.INX",
    "CNY=X": "CNY=X cny=x USDCNY=X usdcny=x USD/CNY usd-cny USDCNY FX:USDCNY FX_IDC:USDCNY",
    "EURUSD=X": "eurusd=x EUR/USD EURUSD",
}
SPACED = [
    ("brk b", "BRK-B"),
    (" nvda ", "NVDA"),
    ("002837 SZ", "002837.SZ"),
    ("700 HK", "0700.HK"),
    ("USD CNY", "CNY=X"),
]
SPACED += [("\u3000002837\n", "002837.SZ"), ("SZ : 002837", "002837.SZ"), ("sz 002837", "002837.SZ")]


@pytest.mark.parametrize(
    ("form", "text"), [(form, text) for text, forms in FORMS.items() for form in forms.split()] + SPACED
)
def test_every_form_people_write_is_brought_to_yahoos(form: str, text: str) -> None:
    assert symbol_of(form) == parse_symbol(text)


@pytest.mark.parametrize("text", FORMS)
def test_yahoos_spelling_stays(text: str) -> None:
    assert symbol_of(text).text == text


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("000001", "000001.SZ 000001.SS"),
        ("000016", "000016.SZ 000016.SS"),
        ("000905", "000905.SZ 000905.SS"),
        ("７００", "0700.HK 000700.SZ"),
        ("700", "0700.HK 000700.SZ"),
        ("1", "0001.HK 000001.SZ"),
        ("0700", "0700.HK 0700.TW"),
        ("2837", "2837.HK 2837.T 2837.TW 002837.SZ"),
        ("9984", "9984.HK 9984.T 9984.TW"),
        ("110059", "110059.SS 110059.SZ"),
        ("113050", "113050.SS 113050.SZ"),
        ("123121", "123121.SS 123121.SZ"),
        ("131810", "131810.SS 131810.SZ"),
        ("932000", "932000.SS 932000.SZ"),
        ("980017", "980017.SS 980017.SZ"),
        ("970001", "970001.SS 970001.SZ"),
        ("730001", "730001.SS 730001.SZ"),
        ("010107", "010107.SS 010107.SZ"),
        ("005930", "005930.KS 005930.KQ 005930.SZ"),
        ("009150", "009150.KS 009150.KQ 009150.SZ"),
    ],
)
def test_what_may_be_two_things_is_told_with_both(text: str, candidates: str) -> None:
    with pytest.raises(AmbiguousSymbol) as caught:
        symbol_of(text)
    error = caught.value
    assert [symbol.text for symbol in error.candidates] == candidates.split()
    assert str(error).startswith(f"symbol {text!r} may be ")
    for candidate in candidates.split():
        assert candidate in str(error)
        assert symbol_of(candidate).text == candidate
    assert "write" in error.hint


@pytest.mark.parametrize(
    ("text", "instead"),
    [("430047.BJ", "920047.BJ"), ("830799.BJ", "920799.BJ"), ("873169.BJ", "920169.BJ"), ("920799.BJ", "")]
    + [(text, "") for text in ("899050.BJ", "810011.BJ", "430047.KQ", "830799.SS", "0700.HK", "NVDA")],
)
def test_of_beijings_old_codes_the_new_one_is_told(text: str, instead: str) -> None:
    hint = hint_of_unknown(parse_symbol(text))
    assert hint.endswith(f"try {instead}") if instead else hint == ""


def test_the_index_and_the_share_of_one_number_are_both_explained() -> None:
    with pytest.raises(AmbiguousSymbol) as caught:
        symbol_of("000001")
    assert str(caught.value) == (
        "symbol '000001' may be 000001.SZ, a share in Shenzhen, or 000001.SS, the SSE Composite index"
    )
    assert caught.value.hint == ("write 000001.SZ or sz000001 for the share, 000001.SS or sh000001 for the index")


CSI_INDICES = ("H30184", "h30184", "Ｈ30184", "H30184.CSI", "H30184.SH", "H30184.SS", "csi:H30184", "SSE:H30184")
"""CSI's code of its semiconductor index, in the forms in which it is written."""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not known"),
        ("  ", "is not known"),
        ("NV DA", "is not known"),
        ("NV\nDA", "is not known"),
        ("NVDA;AMD", "is not known"),
        ("英维克", "is not known"),
        ("ß", "is not known"),
        ("0", "is not known"),
        ("0028371", "is not known"),
        ("²00837", "is not known"),
        ("sz2837", "the code before .SZ has six digits"),
        ("2837.SZ", "the code before .SZ has six digits"),
        ("HKEX:TENCENT", "four digits, padded"),
        ("hk123456", "four digits, padded"),
        ("BTC.X", "no exchange with the suffix .X"),
        ("APC F", "is not known"),
        ("BTC/USD", "is no pair of currencies"),
        ("USD/USD", "is not known"),
        ("EURONEXT:", "is not known"),
        (":", "no exchange called ''"),
        *((text, "an index of China Securities Index, which no source prices") for text in CSI_INDICES),
    ],
)
def test_anything_else_is_refused_by_its_own_text(text: str, words: str) -> None:
    with pytest.raises(SymbolError, match=re.escape(words)) as caught:
        symbol_of(text)
    assert not isinstance(caught.value, AmbiguousSymbol)
    assert f"symbol {text!r}" in str(caught.value)
    assert "write" in caught.value.hint


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(SymbolError) as caught:
        symbol_of("9" * 100_000)
    assert len(str(caught.value)) < 80


def test_no_stock_of_the_bundled_lists_needs_its_exchange_said() -> None:
    mainland = [
        stock.symbol
        for watchlist in read_watchlists(bundled("watchlists")).lists
        for stock in watchlist.stocks
        if stock.symbol.is_china
    ]
    assert len(mainland) > 10
    assert [symbol_of(symbol.code) for symbol in mainland] == mainland


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _digits(count: int, first: str) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count - len(first), max_size=count - len(first)).map(
        lambda rest: first + rest
    )


def _canonical() -> st.SearchStrategy[str]:
    """Symbols in Yahoo's spelling. Tickers of six letters that are two currencies are none."""
    shanghai = st.sampled_from(("60", "68", "90", "51", "58")).flatmap(lambda first: _digits(6, first))
    shenzhen = st.sampled_from(("002", "003", "30", "200", "39", "159", "161")).flatmap(lambda first: _digits(6, first))
    beijing = st.sampled_from(("43", "83", "87", "92")).flatmap(lambda first: _digits(6, first))
    ticker = st.text(LETTERS, min_size=1, max_size=5)
    currencies = st.sampled_from(sorted(CURRENCIES - {"USD"}))
    return st.one_of(
        shanghai.map("{}.SS".format),
        shenzhen.map("{}.SZ".format),
        beijing.map("{}.BJ".format),
        st.integers(1, 99_999).map("{:04d}.HK".format),
        ticker,
        st.tuples(ticker, st.sampled_from("ABC")).map("-".join),
        _digits(4, "9").map("{}.T".format),
        _digits(4, "2").map("{}.TW".format),
        st.tuples(ticker, st.sampled_from(("DE", "AS", "PA", "L"))).map(".".join),
        st.text(LETTERS, min_size=2, max_size=5).map("^{}".format),
        currencies.map("{}=X".format),
        currencies.map("{}USD=X".format),
    )


@given(_canonical())
def test_every_canonical_symbol_round_trips(text: str) -> None:
    assert symbol_of(text) == parse_symbol(text)
    assert symbol_of(symbol_of(text).text).text == text


def _decorated(text: str) -> list[str]:
    code, _, suffix = text.partition(".")
    forms = [text.lower(), f" {text}\t", "".join(chr(ord(mark) + 0xFEE0) for mark in text)]
    if suffix in ("SS", "SZ", "BJ"):
        own = "sh" if suffix == "SS" else suffix.lower()
        forms += [
            code,
            own + code,
            own.upper() + code,
            f"{own}:{code}",
            f"{own}.{code}",
            f"{code}.{own}",
            f"{code} {own}",
        ]
    elif suffix == "HK":
        forms += [f"{code:0>5}", f"hk{code}", f"hk{code:0>5}", f"HKEX:{code.lstrip('0')}", f"{code.lstrip('0')}.hk"]
    elif not suffix and text.replace("-", "").isalpha():
        dotted = text.replace("-", ".")
        forms += [f"NYSE:{dotted}", f"us{dotted}", f"{dotted}.US", f"US:{dotted}", text.replace("-", "/")]
        forms += [dotted, text.replace("-", " ")]
    elif suffix in ("T", "TW"):
        forms.append(f"{'TYO' if suffix == 'T' else 'TPE'}:{code}")
    return forms


@given(_canonical())
def test_every_decorated_form_comes_to_the_same(text: str) -> None:
    for form in _decorated(text):
        assert symbol_of(form).text == text, form


@given(st.text(max_size=60))
def test_any_text_is_a_symbol_or_a_symbol_error(text: str) -> None:
    with suppress(SymbolError):
        assert symbol_of(symbol_of(text).text) == symbol_of(text)
