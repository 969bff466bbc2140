"""Yahoo's stream as its host sends it: a protobuf ``PricingData`` in base64, in JSON. Numbers and kinds of the fields
are those of the stream's schema; what is zero is left out, as the third version of protobuf does.
"""

from __future__ import annotations

import struct
from base64 import b64encode
from datetime import datetime
from typing import Any

from aiwatch.market.symbol import Board
from aiwatch.simulator.faults import FaultKind
from aiwatch.simulator.market import Stock

_KINDS = {Board.INDEX: 9, Board.CURRENCY: 14, Board.FUND: 20}
_EQUITY = 8
_REGULAR = 1
_HOURS = {"": _REGULAR, "pre": 0, "post": 2}
"""When a share trades; what is 0 is not on the wire."""
_FULL_DAY_CHANGE, _FULL_DAY_PERCENT = 46, 47
"""Two fields the real host sends and gives no name to."""
_DAY = 86_400_000
_PRICES = {
    FaultKind.ZERO_PRICE: 0.0,
    FaultKind.NEGATIVE_PRICE: -1.0,
    FaultKind.HUGE_PRICE: 1e30,
    FaultKind.NAN_PRICE: float("nan"),
}
NO_BASE64 = b'{"type":"pricing","message":"!this is no base64!"}'
NO_PRICING = b'[{"type":["pricing"]},null,12]'
NO_PROTOBUF = b'{"type":"pricing","message":"' + b64encode(b"\x0a\x04AAPL\x15\x00\x00\xff\xff\xff\xff\xff") + b'"}'


def envelope(payload: bytes) -> bytes:
    """The message around a frame."""
    return b'{"type":"pricing","message":"' + b64encode(payload) + b'"}'


def message(stock: Stock, now: datetime, fault: FaultKind | None = None, extended: str = "") -> bytes:
    """What the host sends of ``stock`` at ``now``, with one thing wrong if there is a ``fault``; ``extended`` is
    ``pre`` or ``post`` of a price outside the session."""
    if fault is FaultKind.BAD_BASE64:
        return NO_BASE64
    if fault is FaultKind.BAD_PROTOBUF:
        return NO_PROTOBUF
    if fault is FaultKind.BAD_JSON:
        return NO_PRICING
    return envelope(encode(fields_of(stock, now, fault, extended)))


def fields_of(
    stock: Stock, now: datetime, fault: FaultKind | None = None, extended: str = ""
) -> dict[int, tuple[str, Any]]:
    """The fields of a frame by number, each with its kind: ``text``, ``single``, ``signed`` or ``whole``."""
    listing = stock.listing
    scale = 10**listing.decimals
    price, change = stock.last / scale, (stock.last - listing.previous_close) / scale
    percent = change / listing.previous_close * scale * 100
    has_day = not extended
    has_volume = has_day and listing.symbol.board is not Board.CURRENCY
    milliseconds = int(now.timestamp() * 1000) + (_DAY if fault is FaultKind.FUTURE else 0)
    return {
        1: ("text", listing.symbol.text),
        2: ("single", price if fault is None else _PRICES.get(fault, price)),
        3: ("signed", milliseconds),
        5: ("text", listing.venue),
        6: ("whole", _KINDS.get(listing.symbol.board, _EQUITY)),
        7: ("whole", _HOURS[extended]),
        8: ("single", percent),
        9: ("signed", stock.volume if has_volume else 0),
        10: ("single", stock.high / scale if has_day else 0.0),
        11: ("single", stock.low / scale if has_day else 0.0),
        12: ("single", change),
        27: ("signed", listing.decimals),
        _FULL_DAY_CHANGE: ("single", change),
        _FULL_DAY_PERCENT: ("single", percent),
    }


def encode(fields: dict[int, tuple[str, Any]]) -> bytes:
    """The protobuf bytes of ``fields``, those that are zero left out."""
    out = bytearray()
    for number, (kind, value) in fields.items():
        if not value:
            continue
        if kind == "text":
            data = str(value).encode()
            out += _varint(number << 3 | 2) + _varint(len(data)) + data
        elif kind == "single":
            out += _varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            out += _varint(number << 3) + _varint(_zigzag(value) if kind == "signed" else value)
    return bytes(out)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else -number * 2 - 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
