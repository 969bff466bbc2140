"""Yahoo's ``PricingData`` protobuf message, read field by field. Pure: bytes in, a table of fields out.

The field table is that of the stream's own schema (proto3), as open clients carry it: numbers, names and kinds. A field
that is zero is not on the wire. Fields that are not in the table, or come with another wire type than theirs, are
skipped, as protobuf asks for: numbers 46 and 47 are sent and have no published name.

Nearly all frames are of one shape, which one pattern takes apart in a quarter of the time (`usual`).
"""

from __future__ import annotations

import re
from struct import Struct
from struct import error as StructError  # noqa: N812 (a class, whatever its name)
from typing import TypedDict, cast

from aiwatch.sources.parsing import InvalidLine

LONGEST_FRAME = 1024
"""Bytes of one message; the longest recorded is about 150."""


class PricingData(TypedDict, total=False):
    """The fields of one frame that were on the wire.

    ``time`` is in milliseconds since 1970 UTC, ``market_hours`` 0 (absent) before the session, 1 in it, 2 after it and
    3 in extended trading, ``change_percent`` in percent, ``price_hint`` a number of decimals. The floats are as wide
    as single precision made them.
    """

    id: str
    price: float
    time: int
    currency: str
    exchange: str
    quote_type: int
    market_hours: int
    change_percent: float
    day_volume: int
    day_high: float
    day_low: float
    change: float
    short_name: str
    expire_date: int
    open_price: float
    previous_close: float
    strike_price: float
    underlying_symbol: str
    open_interest: int
    options_type: int
    mini_option: int
    last_size: int
    bid: float
    bid_size: int
    ask: float
    ask_size: int
    price_hint: int
    vol_24hr: int
    vol_all_currencies: int
    from_currency: str
    last_market: str
    circulating_supply: float
    market_cap: float


_VARINT, _FIXED64, _BYTES, _GROUP, _END_GROUP, _FIXED32 = range(6)
_TEXT, _SINGLE, _DOUBLE, _SIGNED, _WHOLE = range(5)
_TEXTS = """1 id, 4 currency, 5 exchange, 13 short_name, 18 underlying_symbol, 30 from_currency, 31 last_market"""
_SINGLES = """2 price, 8 change_percent, 10 day_high, 11 day_low, 12 change, 15 open_price, 16 previous_close,
17 strike_price, 23 bid, 25 ask"""
_DOUBLES = """32 circulating_supply, 33 market_cap"""
_SIGNEDS = """3 time, 9 day_volume, 14 expire_date, 19 open_interest, 20 options_type, 21 mini_option, 22 last_size,
24 bid_size, 26 ask_size, 27 price_hint, 28 vol_24hr, 29 vol_all_currencies"""
_WHOLES = """6 quote_type, 7 market_hours"""
_KINDS = {
    _TEXT: (_BYTES, _TEXTS),
    _SINGLE: (_FIXED32, _SINGLES),
    _DOUBLE: (_FIXED64, _DOUBLES),
    _SIGNED: (_VARINT, _SIGNEDS),
    _WHOLE: (_VARINT, _WHOLES),
}


def _table() -> dict[int, tuple[str, int]]:
    """The name and kind of each field, by its tag: the number, and the wire type in the three lowest bits."""
    fields = {}
    for kind, (wire, listed) in _KINDS.items():
        for field in listed.split(","):
            number, name = field.split()
            fields[int(number) << 3 | wire] = (name, kind)
    return fields


FIELDS = _table()
"""The name and kind of each field, by its tag."""
_single = Struct("<f").unpack_from
_double = Struct("<d").unpack_from


UsualFrame = tuple[str, float, int, int, int | None, float | None, float | None, int | None, float | None, float | None]
"""The id, price, time, market_hours, price_hint, change_percent, change, day_volume, day_high and day_low of a
`PricingData`, ``None`` where that has none."""

_ONE_BYTE = rb"([\x00-\x7f])"
_NUMBER = rb"([\x80-\xff]{0,7}[\x00-\x7f])"
_FLOAT = rb"(....)"
_SHAPE = (
    rb"\x0a(.)([!-~]+)",  # 1 id
    rb"\x15" + _FLOAT,  # 2 price
    rb"\x18" + _NUMBER,  # 3 time
    rb"(?:\x2a\x03[!-~]{3})?",  # 5 exchange
    rb"(?:\x30[\x00-\x7f])?",  # 6 quote_type
    rb"(?:\x38" + _ONE_BYTE + rb")?",  # 7 market_hours
    rb"(?:\x45" + _FLOAT + rb")?",  # 8 change_percent
    rb"(?:\x48" + _NUMBER + rb")?",  # 9 day_volume
    rb"(?:\x55" + _FLOAT + rb")?",  # 10 day_high
    rb"(?:\x5d" + _FLOAT + rb")?",  # 11 day_low
    rb"(?:\x65" + _FLOAT + rb")?",  # 12 change
    rb"(?:\xd8\x01" + _ONE_BYTE + rb")?",  # 27 price_hint
    rb"(?:\xf5\x02....)?",  # 46
    rb"(?:\xfd\x02....)?",  # 47
)
"""The fields in the order of their numbers, as protobuf writes them: each with its tag, and none of them twice. So
there is one way to read what matches, the one of `decode`."""
_usual = re.compile(b"".join(_SHAPE), re.DOTALL).fullmatch
_five_singles = Struct("<5f").unpack
_NOTHING = bytes(4)


def usual(data: bytes) -> UsualFrame | None:
    """The figures of a frame of the usual shape: those that `decode` reads. ``None`` for any other."""
    match = _usual(data)
    if match is None:
        return None
    length, name, price, time, hours, percent, volume, high, low, change, hint = match.groups()
    if length[0] != len(name):
        return None
    floats = price, percent or _NOTHING, high or _NOTHING, low or _NOTHING, change or _NOTHING
    price, percent_sent, day_high, day_low, change_sent = _five_singles(b"".join(floats))
    return (
        name.decode("ascii"),
        price,
        _signed(_number(time)),
        0 if hours is None else hours[0],
        None if hint is None else _signed(hint[0]),
        None if percent is None else percent_sent,
        None if change is None else change_sent,
        None if volume is None else _signed(_number(volume)),
        None if high is None else day_high,
        None if low is None else day_low,
    )


def _signed(value: int) -> int:
    """The number that ``value`` is in zigzag."""
    return value >> 1 ^ -(value & 1)


def _number(data: bytes) -> int:
    """The number of at most eight bytes, seven bits each, lowest first: their upper bits are cut out of pairs, of pairs
    of pairs, and of both halves."""
    value = int.from_bytes(data, "little") & 0x7F7F7F7F7F7F7F7F
    value = value & 0x007F007F007F007F | (value & 0x7F007F007F007F00) >> 1
    value = value & 0x00003FFF00003FFF | (value & 0x3FFF00003FFF0000) >> 2
    return value & 0x0FFFFFFF | (value & 0x0FFFFFFF00000000) >> 4


def decode(data: bytes) -> PricingData:
    """The fields of one message. Raises `InvalidLine` when it is cut short, too long, or no protobuf at all."""
    if len(data) > LONGEST_FRAME:
        raise InvalidLine(f"a frame of {len(data)} bytes")
    try:
        return cast(PricingData, _walk(data))
    except (IndexError, StructError):
        raise InvalidLine("a frame that is cut short") from None
    except UnicodeDecodeError:
        raise InvalidLine("a frame with a text that is not UTF-8") from None


def _walk(data: bytes) -> dict[str, str | int | float]:
    fields: dict[str, str | int | float] = {}
    position, end = 0, len(data)
    while position < end:
        tag = data[position]
        position += 1
        if tag >= 0x80:
            following = data[position]
            if following < 0x80:  # the tags of all fields above 15 are two bytes long
                tag, position = tag & 0x7F | following << 7, position + 1
            else:
                tag, position = _varint(data, position - 1)
        field = FIELDS.get(tag)
        if field is None:
            position = _skipped(data, position, tag)
            continue
        name, kind = field
        if kind == _SINGLE:
            fields[name] = _single(data, position)[0]
            position += 4
        elif kind == _DOUBLE:
            fields[name] = _double(data, position)[0]
            position += 8
        else:
            value = data[position]
            position += 1
            if value >= 0x80:
                value, position = _varint(data, position - 1)
            if kind == _TEXT:
                start, position = position, position + value
                if position > end:
                    raise IndexError
                fields[name] = data[start:position].decode()
            else:
                fields[name] = _signed(value) if kind == _SIGNED else value
    return fields


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """The number that begins at ``position`` and where it ends: seven bits a byte, lowest first, at most 64."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
        if shift > 63:
            raise InvalidLine("a frame with an endless number")
    if value >= 1 << 64:
        raise InvalidLine("a frame with a number of more than 64 bits")
    return value, position


def _skipped(data: bytes, position: int, tag: int) -> int:
    """The position after the value of a field that is not ours."""
    depth = 0
    while True:
        wire = tag & 7
        if not tag >> 3 or wire > _FIXED32:
            raise InvalidLine("a frame that is no protobuf")
        if wire == _VARINT:
            position = _varint(data, position)[1]
        elif wire == _BYTES:
            length, position = _varint(data, position)
            position += length
        elif wire in (_FIXED32, _FIXED64):
            position += 4 if wire == _FIXED32 else 8
        else:
            depth += 1 if wire == _GROUP else -1
            if depth < 0:
                raise InvalidLine("a frame that is no protobuf")
        if position > len(data):
            raise IndexError
        if not depth:
            return position
        tag, position = _varint(data, position)
