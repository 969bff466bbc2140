from __future__ import annotations

import pytest

from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.tencent.codes import code_of, symbol_of

CODES = {
    "002837.SZ": "sz002837",
    "603757.SS": "sh603757",
    "688256.SS": "sh688256",
    "830799.BJ": "bj830799",
    "510300.SS": "sh510300",
    "0700.HK": "hk00700",
    "80737.HK": "hk80737",
    "NVDA": "usNVDA",
    "BRK-B": "usBRK.B",
    "000001.SS": "sh000001",
    "000001.SZ": "sz000001",
    "399001.SZ": "sz399001",
    "^HSI": "hkHSI",
    "^HSCE": "hkHSCEI",
    "^HSTECH": "hkHSTECH",
    "^IXIC": "us.IXIC",
    "^GSPC": "us.INX",
    "^DJI": "us.DJI",
}


@pytest.mark.parametrize(("text", "code"), CODES.items())
def test_a_code_and_its_symbol_are_each_others_image(text: str, code: str) -> None:
    assert code_of(parse_symbol(text)) == code
    assert symbol_of(code) == parse_symbol(text)


@pytest.mark.parametrize("text", ["9984.T", "2330.TW", "SIE.DE", "ASML.AS", "HSBA.L", "EURUSD=X", "^N225", "^RUT"])
def test_what_the_host_does_not_carry_has_no_code(text: str) -> None:
    assert code_of(parse_symbol(text)) is None


@pytest.mark.parametrize("code", ["", "xx", "hk700", "hkABCDE", "us.NOPE", "ussmall", "sh12", "jp9984", "hk٠٠٧٠٠"])
def test_a_code_that_is_none_has_no_symbol(code: str) -> None:
    assert symbol_of(code) is None
