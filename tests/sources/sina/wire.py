"""Sina lines made up for the tests: invented stocks, the host's format."""

from __future__ import annotations

from collections.abc import Mapping

CHINA = [
    *("测试股份", "50.100", "50.000", "50.250", "50.600", "49.900", "50.240", "50.260", "1200000", "60240000.000"),
    *("1700", "50.240", "300", "50.230", "500", "50.220", "700", "50.210", "900", "50.200"),
    *("800", "50.260", "200", "50.270", "400", "50.280", "600", "50.290", "100", "50.300"),
    *("2026-03-02", "10:30:00", "00", ""),
]
HONG_KONG = [
    *("MADE UP LTD", "虚构集团", "89.000", "90.000", "90.100", "88.000", "88.500", "-1.500", "-1.667", "88.45000"),
    *("88.50000", "26700000", "300000", "0.000", "0.000", "120.000", "70.000", "2026/03/02", "10:30:09"),
]
UNITED_STATES = [
    *("虚构公司", "101.5000", "1.50", "2026-03-03 00:30:00", "1.5000", "100.2000", "102.0000", "99.8000", "130.0000"),
    *("80.0000", "2000000", "3000000", "50025000000", "4.06", "25.000000", "0.00", "0.00", "0.00", "0.00", "500000000"),
    *("63", "101.9000", "0.39", "0.40", "", "Mar 02 11:30AM EST", "100.0000", "0", "1", "2026", "0.0000"),
]
RATE = [
    *("03:00:00", "7.1999000000", "7.2001000000", "7.1900000000", "51.0000", "7.1910000000", "7.2100000000"),
    *("7.1900000000", "7.2000000000", "虚构汇率", "0.0000", "0.0000", "0.0200", "虚构", "0.0000", "0.0000", ""),
    "2026-03-02",
]


def fields(code: str, changes: Mapping[int, str] | None = None) -> list[str]:
    """The fields of ``code``, with ``changes`` by index."""
    bases = {"rt": HONG_KONG, "gb": UNITED_STATES, "fx": RATE}
    row = list(bases.get(code[:2], CHINA))
    for index, text in (changes or {}).items():
        if -len(row) <= index < len(row):
            row[index] = text
    return row


def line(code: str, changes: Mapping[int, str] | None = None, *, length: int = 99, encoding: str = "gb18030") -> bytes:
    """One line as the host sends it."""
    return f'var hq_str_{code}="{",".join(fields(code, changes)[:length])}";\n'.encode(encoding)
