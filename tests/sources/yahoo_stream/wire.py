"""Frames of the stream written by hand, apart from the encoder of the exchange and from the decoder under test."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from datetime import UTC, datetime
from random import Random

from aiwatch.simulator.faults import FaultKind

REFUSED = (
    (FaultKind.BAD_BASE64, "a message that is no base64"),
    (FaultKind.BAD_PROTOBUF, "a frame that is cut short"),
    (FaultKind.BAD_JSON, "JSON of another format"),
    (FaultKind.ZERO_PRICE, "a price of 0"),
    (FaultKind.NEGATIVE_PRICE, "a price of -1"),
    (FaultKind.HUGE_PRICE, "a price of 1e+30"),
    (FaultKind.NAN_PRICE, "a price of nan"),
    (FaultKind.FUTURE, "a time in the future"),
)
"""Messages that are not believed, and why."""
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon in New York."""
MILLISECONDS = int(NOW.timestamp()) * 1000


def varint(number: int) -> bytes:
    """A number of at most 64 bits, seven a byte, lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def whole(field: int, number: int) -> bytes:
    """A field that is a plain number."""
    return varint(field << 3) + varint(number)


def signed(field: int, number: int) -> bytes:
    """A field that is a number in zigzag."""
    return whole(field, number * 2 if number >= 0 else -number * 2 - 1)


def text(field: int, words: str | bytes) -> bytes:
    """A field that is a text."""
    data = words.encode() if isinstance(words, str) else words
    return varint(field << 3 | 2) + varint(len(data)) + data


def single(field: int, number: float) -> bytes:
    """A field of single precision."""
    return varint(field << 3 | 5) + struct.pack("<f", number)


def double(field: int, number: float) -> bytes:
    """A field of double precision."""
    return varint(field << 3 | 1) + struct.pack("<d", number)


def envelope(payload: bytes, kind: str = "pricing") -> bytes:
    """A message as the second version of the stream sends it."""
    return json.dumps({"type": kind, "message": b64encode(payload).decode()}).encode()


def frame(
    symbol: str = "AAPL",
    price: float = 305.76,
    change: float | None = 0.77,
    percent: float | None = None,
    *,
    time: int = MILLISECONDS,
    hours: int | None = 1,
    hint: int | None = 2,
    more: bytes = b"",
) -> bytes:
    """The payload of a frame; the change in percent fits unless it is given."""
    parts = [text(1, symbol), single(2, price), signed(3, time), text(5, "NMS"), whole(6, 8)]
    if hours is not None:
        parts.append(whole(7, hours))
    if change is not None:
        fitting = change / (price - change) * 100 if price != change else 0.0
        parts += [single(8, fitting if percent is None else percent), single(12, change)]
    if hint is not None:
        parts.append(signed(27, hint))
    return b"".join(parts) + more


def usual_frame(dice: Random, symbol: str) -> bytes:
    """A frame as the host mostly sends it, its fields in the order of their numbers; some are left out."""
    price = dice.choice([dice.uniform(0.01, 1e4), dice.randrange(1, 10**6) / 8000])
    change = dice.uniform(-0.1, 0.1) * price
    fields = [
        text(1, symbol),
        single(2, price),
        signed(3, MILLISECONDS - dice.choice([0, dice.randrange(10**9), dice.randrange(10**12)])),
        text(5, "NMS"),
        whole(6, 8),
        whole(7, dice.choice([1, 1, 1, 2])),
        single(8, change / (price - change) * 100),
        signed(9, dice.choice([dice.randrange(2**7), dice.randrange(2**50), -dice.randrange(2**20)])),
        single(10, price * dice.uniform(1.0, 1.1)),
        single(11, price * dice.uniform(0.9, 1.0)),
        single(12, change),
        signed(27, dice.choice([2, 2, 4, 9, -1])),
        single(46, 0.77),
        single(47, 0.25),
    ]
    return b"".join(field for number, field in enumerate(fields) if number < 3 or dice.random() < 0.9)
