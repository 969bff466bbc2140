"""Tencent lines made up for the tests: invented stocks, the host's format."""

from __future__ import annotations

from collections.abc import Mapping

LENGTHS = {"sh": 88, "sz": 88, "bj": 86, "hk": 78, "us": 73}
_MARKETS = {"sh": "1", "sz": "51", "bj": "62", "hk": "100", "us": "200"}

CHINA = {
    3: "50.25", 4: "50.00", 5: "50.10", 6: "12000", 9: "50.24", 10: "17", 19: "50.26", 20: "8",
    30: "20260302103000", 31: "0.25", 32: "0.50", 33: "50.60", 34: "49.90", 35: "50.25/12000/60240000",
    36: "12000", 37: "6024", 38: "1.20", 39: "30.50", 43: "1.40", 44: "60.00", 45: "80.40", 47: "55.00", 48: "45.00",
    49: "0.90", 51: "50.20", 57: "6024.0000", 61: "GP-A", 67: "70.00", 68: "30.00", 82: "CNY",
}  # fmt: skip
HONG_KONG = {
    3: "88.500", 4: "90.000", 5: "89.000", 6: "300000.0", 9: "88.500", 19: "88.500", 30: "2026/03/02 10:15:09",
    31: "-1.500", 32: "-1.67", 33: "90.100", 34: "88.000", 35: "88.500", 36: "300000.0", 37: "26700000.000",
    39: "12.40", 43: "2.33", 44: "900.5", 45: "1000.5", 46: "MADE UP LTD", 47: "1.10", 48: "120.000", 49: "70.000",
    59: "0.30", 60: "500", 63: "GP", 73: "89.000", 75: "HKD",
}  # fmt: skip
UNITED_STATES = {
    3: "101.50", 4: "100.00", 5: "100.20", 6: "2000000", 9: "101.49", 10: "200", 19: "101.52", 20: "300",
    30: "2026-03-02 11:30:00", 31: "1.50", 32: "1.50", 33: "102.00", 34: "99.80", 35: "USD", 36: "2000000",
    37: "202000000", 38: "0.40", 39: "25.00", 43: "2.20", 44: "490.0", 45: "500.25", 46: "Made Up Inc.", 47: "4.06",
    48: "130.00", 49: "80.00", 56: "GP", 67: "101.00",
}  # fmt: skip
_BASES = {"sh": CHINA, "sz": CHINA, "bj": CHINA, "hk": HONG_KONG, "us": UNITED_STATES}
NO_TRADE = {3: "50.00", 5: "0.00", 6: "0", 31: "0.00", 32: "0.00", 33: "0.00", 34: "0.00", 37: "0", 57: "0.0000"}
"""Changes that make a mainland line one of a stock that has not traded."""


def fields(
    code: str, changes: Mapping[int, str] | None = None, *, length: int = 0, name: str = "测试股份"
) -> list[str]:
    """The fields of ``code``, with ``changes`` by index."""
    prefix = code[:2]
    row = [""] * (length or LENGTHS[prefix])
    for index, text in {**_BASES[prefix], **(changes or {})}.items():
        if index < len(row):
            row[index] = text
    own = code[2:]
    row[:3] = [_MARKETS[prefix], name, own if prefix != "us" or own.startswith(".") else f"{own}.OQ"]
    if changes and 2 in changes:
        row[2] = changes[2]
    return row


def line(
    code: str,
    changes: Mapping[int, str] | None = None,
    *,
    length: int = 0,
    name: str = "测试股份",
    variable: str = "",
) -> bytes:
    """One line as the host sends it; ``variable`` is what stands after ``v_``, else the code."""
    content = "~".join(fields(code, changes, length=length, name=name))
    return f'v_{variable or code}="{content}";\n'.encode("gb18030")
