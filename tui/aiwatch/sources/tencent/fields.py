"""Where Tencent puts what: the fields of a quote line, by market, counted from 0.

Every line is ``v_CODE="field~field~…";`` in GBK. The fields 0 to 36 mean the same in all markets; of the rest each
market has its own order, which is only relied on in a line of full length. The maps were checked by arithmetic on
recorded lines of 2026.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from aiwatch.market.symbol import HKEX, SSE, US

MARKET, NAME, CODE = 0, 1, 2
LAST, PREVIOUS_CLOSE, OPEN = 3, 4, 5
VOLUME = 6
"""Lots of 100 shares in mainland China, shares on STAR, in Hong Kong and in the US."""
BID, BID_SIZE = 9, 10
ASK, ASK_SIZE = 19, 20
BOOK_END = 29
"""Five bids and five asks of a mainland line stand from `BID` up to here, each a price and its size."""
TIME = 30
"""Local to the exchange: ``YYYYMMDDHHMMSS`` in mainland China, ``YYYY/MM/DD HH:MM:SS`` in Hong Kong and
``YYYY-MM-DD HH:MM:SS`` in the US."""
CHANGE, CHANGE_PERCENT = 31, 32
HIGH, LOW = 33, 34
STATUS = 40
"""Empty, or ``D`` delisted, ``S`` suspended, ``C`` not trading."""
LEAST = 41
"""Fields of the shortest line that is a quote; those up to 40 are trusted then."""

ABSENT = -1
"""A field that a market has not: it points at the empty text that the parser puts after the last field."""

STAR_SHARE = "GP-A-KCB"
"""The kind of a STAR share, whose volume and order sizes are in shares."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one market beyond the common ones, and its units.

    ``length`` is how many a full line has, ``board_lot`` the shares in a unit of volume and of order size, ``delay``
    the minutes the feed lags behind. ``turnover`` counts in units of ``turnover_unit`` of the currency.
    ``market_cap`` is the total one, in units of 100 million. ``coarse_turnover`` stands in where ``turnover`` is
    missing, in the same unit. ``has_book`` says that a line has five bids and asks.
    """

    length: int
    zone: str
    delay: int
    board_lot: int
    turnover: int
    turnover_unit: float
    turnover_rate: int
    vwap: int
    high_52w: int
    low_52w: int
    kind: int
    currency: int
    coarse_turnover: int = 37
    pe: int = 39
    amplitude: int = 43
    market_cap: int = 45
    limit_up: int = ABSENT
    limit_down: int = ABSENT
    volume_ratio: int = ABSENT
    lot: int = ABSENT
    english_name: int = ABSENT
    has_book: bool = False


CHINA = Layout(
    length=88,
    zone=SSE.zone,
    delay=0,
    board_lot=100,
    turnover=57,
    turnover_unit=10_000,
    turnover_rate=38,
    vwap=51,
    high_52w=67,
    low_52w=68,
    kind=61,
    currency=82,
    limit_up=47,
    limit_down=48,
    volume_ratio=49,
    has_book=True,
)
BEIJING = replace(CHINA, length=86)
"""Beijing's lines lack the last field or two of the others, which nothing here reads."""
HONG_KONG = Layout(
    length=78,
    zone=HKEX.zone,
    delay=15,
    board_lot=1,
    turnover=37,
    turnover_unit=1,
    turnover_rate=59,
    vwap=73,
    high_52w=48,
    low_52w=49,
    kind=63,
    currency=75,
    lot=60,
    english_name=46,
)
UNITED_STATES = Layout(
    length=73,
    zone=US.zone,
    delay=0,
    board_lot=1,
    turnover=37,
    turnover_unit=1,
    turnover_rate=38,
    vwap=67,
    high_52w=48,
    low_52w=49,
    kind=56,
    currency=35,
)

LAYOUTS = {"sh": CHINA, "sz": CHINA, "bj": BEIJING, "hk": HONG_KONG, "us": UNITED_STATES}
"""By the prefix of the code."""


def shortened(layout: Layout) -> Layout:
    """``layout`` for a line that is not of full length: whatever is beyond field 40 is absent."""
    beyond: dict[str, Any] = {
        name: ABSENT
        for name in (
            "turnover",
            "turnover_rate",
            "vwap",
            "high_52w",
            "low_52w",
            "kind",
            "currency",
            "amplitude",
            "market_cap",
            "limit_up",
            "limit_down",
            "volume_ratio",
            "lot",
            "english_name",
        )
        if getattr(layout, name) >= LEAST
    }
    return replace(layout, **beyond)


SHORT_LAYOUTS = {prefix: shortened(layout) for prefix, layout in LAYOUTS.items()}
"""By the prefix of the code, for lines that are not of full length."""
