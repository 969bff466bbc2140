"""One message of Yahoo's stream, believed or refused. Pure: bytes in, a quote, a refusal or nothing out.

A message is ``{"type": "pricing", "message": "<base64>"}``, or the base64 alone as the older version of the stream
sends it. Within is a `pricing_data.PricingData`.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from aiwatch.files.bounded import reason_of
from aiwatch.market.quote import Extended, Quote, Trading, coherent
from aiwatch.market.security import SHARELESS
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.yahoo.meta import DELAY_MINUTES, usual_decimals
from aiwatch.sources.yahoo_stream.protobuf import PricingData, UsualFrame, decode, usual

SOURCE = "stream"
"""The source's name in its quotes."""

_PRICING = "pricing"
_REGULAR = 1
_EXTENDED = {0: "pre", 2: "post"}
"""What Yahoo's ``market_hours`` calls before and after the session; 3 is overnight trading, which is both."""
_PERCENT_SLACK = 0.05
"""Percentage points between the change in percent sent and ours that rounding explains."""
_SINGLE_PRECISION = 2.0**-21
"""How far a difference of two numbers of single precision may be off, as a part of the greater."""
_SCALES = tuple(10.0**decimals for decimals in range(parsing.MOST_DECIMALS + 1))
_TRADED = Trading.TRADED


class _Envelope(msgspec.Struct):
    type: str
    message: str


_MESSAGE = re.compile(rb'"message"\s*:\s*"')
_HEAD_BYTES = 64
_SUBJECT_LETTERS = 44
"""Letters of base64 in which any symbol has room: 33 bytes."""
_SYMBOL_TAG = 0x0A
"""Field 1 of the message, with a length before it."""

_envelope = msgspec.json.Decoder(_Envelope).decode
_BEFORE, _AFTER = b'{"type":"pricing","message":"', b'"}'
"""What stands around the base64 of nearly every message."""


def read(message: bytes, symbols: Mapping[str, Symbol], received_at: datetime) -> Quote | Refusal | None:
    """What ``message`` says of one of ``symbols`` (by Yahoo's spelling); ``None`` when it is about another."""
    name = ""
    try:
        data = payload(message)
        frame = usual(data)
        if frame is not None:
            name = frame[0]
            symbol = symbols.get(name)
            return None if symbol is None else _quote(symbol, received_at, frame, _NO_MORE)
        fields = decode(data)
        name = fields.get("id", "")
        symbol = symbols.get(name)
        if symbol is None:
            if not name:
                raise InvalidLine("a frame without a symbol")
            return None
        return quote_of(fields, symbol, received_at)
    except Exception as error:  # a `InvalidLine`, or a field that nobody has thought of
        return Refusal(parsing.plain(name, 20), reason_of(error))


def subject_of(message: bytes) -> bytes | None:
    """The symbol that ``message`` is about, by its first bytes alone: the first field of the protobuf is the symbol.
    ``None`` where they do not show it."""
    start = 0
    if message[:1] == b"{":
        match = _MESSAGE.search(message, 0, _HEAD_BYTES)
        if match is None:
            return None
        start = match.end()
    try:
        head = a2b_base64(message[start : start + _SUBJECT_LETTERS].rstrip(b'"} '))
    except (Base64Error, ValueError):
        return None
    if len(head) < 2 or head[0] != _SYMBOL_TAG or not 0 < head[1] <= len(head) - 2:
        return None
    return head[2 : 2 + head[1]]


def parse(body: bytes, symbols: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """One recorded message, which answers no question: ``symbols`` is what was followed."""
    result = read(body, {symbol.text: symbol for symbol in symbols}, received_at)
    if isinstance(result, Quote):
        return Answer((result,))
    return Answer((), refused=(result,) if isinstance(result, Refusal) else ())


def payload(message: bytes) -> bytes:
    """The protobuf bytes within ``message``. Raises `InvalidLine`."""
    if message.startswith(_BEFORE) and message.endswith(_AFTER):
        try:
            return a2b_base64(message[len(_BEFORE) : -len(_AFTER)], strict_mode=True)
        except ValueError:
            pass  # JSON that is written in another way, or none
    text: bytes | str = message
    if message[:1] in (b"{", b"[", b'"'):
        try:
            envelope = _envelope(message)
        except msgspec.ValidationError:
            raise InvalidLine("JSON of another format") from None
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise InvalidLine("no JSON: " + parsing.plain(message[:200].decode("utf-8", "replace"), 30)) from None
        if envelope.type != _PRICING:
            raise InvalidLine(f"a message of the type {parsing.plain(envelope.type, 20)!r}")
        text = envelope.message
    try:
        return a2b_base64(text, strict_mode=True)
    except (Base64Error, ValueError):
        raise InvalidLine("a message that is no base64") from None


def quote_of(fields: PricingData, symbol: Symbol, received_at: datetime) -> Quote:
    """The quote that a frame makes of ``symbol``. Raises `InvalidLine` with the reason when it is not believed."""
    frame = (
        symbol.text,
        fields.get("price", 0.0),
        fields.get("time", 0),
        fields.get("market_hours", 0),
        fields.get("price_hint"),
        fields.get("change_percent"),
        fields.get("change"),
        fields.get("day_volume"),
        fields.get("day_high"),
        fields.get("day_low"),
    )
    further = _Further(
        fields.get("previous_close"),
        fields.get("open_price"),
        fields.get("bid"),
        fields.get("ask"),
        fields.get("currency"),
        fields.get("short_name", ""),
    )
    return _quote(symbol, received_at, frame, further)


class _Further(NamedTuple):
    """What few frames have; the texts are not cleaned yet."""

    previous_close: float | None = None
    open_price: float | None = None
    bid: float | None = None
    ask: float | None = None
    currency: str | None = None
    name: str = ""


_NO_MORE = _Further()


class _Facts(NamedTuple):
    """What a symbol itself says of its quotes: looked at with every frame, and always the same."""

    currency: str
    lot: int | None
    delay_minutes: int | None
    has_volume: bool
    """Whether its volume is in shares; an index and a currency have none of their own."""
    has_book: bool
    """Whether bid and ask are taken: those of a currency were seen to cross."""


@lru_cache(maxsize=16_384)
def _facts(symbol: Symbol) -> _Facts:
    delay, board = DELAY_MINUTES.get(symbol.exchange.code), symbol.board
    return _Facts(symbol.currency, symbol.lot, delay, board not in SHARELESS, board is not Board.CURRENCY)


def _quote(symbol: Symbol, received_at: datetime, frame: UsualFrame, further: _Further) -> Quote:
    """The quote that the figures of a ``frame`` make of ``symbol``. Raises `InvalidLine`.

    Outside the regular session the frame's price is an `Extended` one and its change counts from the last regular
    close, so ``last`` is that close: price less change.
    """
    _, sent, milliseconds, hours, hint, percent, change, volume, day_high, day_low = frame
    decimals = usual_decimals(symbol, sent) if hint is None else min(parsing.MOST_DECIMALS, max(0, hint))
    price = _rounded(sent, decimals) if abs(sent) < parsing.ABSURD_PRICE else sent
    parsing.check_price(price)
    if not 0 < milliseconds < 1e14:
        raise InvalidLine("no time")
    as_of = datetime.fromtimestamp(milliseconds / 1000, UTC)
    parsing.check_time(as_of, received_at)
    if hours != _REGULAR:
        close = _reference(sent, change, percent, None, decimals)
        return _extended(
            symbol, received_at, Extended(_when(hours, as_of, symbol), price, as_of), close, decimals, further
        )
    stated = _positive(further.previous_close, decimals)
    previous_close = _reference(sent, change, percent, stated, decimals)
    high, low = _positive(day_high, decimals), _positive(day_low, decimals)
    parsing.check_range(price, low, high, 10.0**-decimals)
    currency, lot, delay, has_volume, has_book = _facts(symbol)
    if volume is not None and not (has_volume and 0 <= volume < parsing.ABSURD_AMOUNT):
        volume = None
    if further is _NO_MORE:
        return Quote(  # by place, as in `sources.tencent.quote`
            symbol, SOURCE, price, previous_close, as_of, received_at, currency, decimals, _TRADED, None, high, low,
            volume, lot=lot, delay_minutes=delay,
        )  # fmt: skip
    bid, ask = (further.bid, further.ask) if has_book else (None, None)
    quote = Quote(
        symbol, SOURCE, price, previous_close, as_of, received_at, _currency(currency, further.currency), decimals,
        _TRADED, _positive(further.open_price, decimals), high, low, volume, None,
        _positive(bid, decimals), _positive(ask, decimals), lot=lot, delay_minutes=delay,
        name=parsing.plain(further.name),
    )  # fmt: skip
    return coherent(quote)


def _extended(
    symbol: Symbol, received_at: datetime, extended: Extended, close: float | None, decimals: int, further: _Further
) -> Quote:
    """The quote of a price outside the session, after the regular ``close``. Raises `InvalidLine`."""
    if close is None:
        raise InvalidLine("a price outside the session without a change")
    currency, lot, delay, _, _ = _facts(symbol)
    before = extended.when == "pre"
    return Quote(
        symbol, SOURCE, close, close if before else None, extended.as_of, received_at,
        _currency(currency, further.currency), decimals, Trading.UNTRADED if before else _TRADED,
        lot=lot, delay_minutes=delay, extended=extended,
    )  # fmt: skip


def _reference(
    price: float, change: float | None, percent: float | None, stated: float | None, decimals: int
) -> float | None:
    """What the change counts from: the previous close, outside the session the last regular one; the one that is
    ``stated`` where it is.

    The schema leaves out what is zero, so of change and change in percent either may be missing, but then the other
    must be nothing as well. With neither, nothing is claimed. Raises `InvalidLine` when the figures do not agree.
    """
    if change is None and percent is None:
        return stated
    change, percent = change or 0.0, percent or 0.0
    reference = price - change
    if not 0 < reference < parsing.ABSURD_PRICE:
        raise InvalidLine(f"a change of {change:g} does not fit {price:g}")
    if not abs(change / reference * 100 - percent) <= _PERCENT_SLACK:
        raise InvalidLine(f"a change of {percent:.2f} % does not fit {price:g} after {reference:g}")
    rounded = round(reference, decimals)
    if stated is None:
        return rounded or None
    if abs(stated - rounded) > 10.0**-decimals * 1.01 + price * _SINGLE_PRECISION:
        raise InvalidLine(f"a change of {change:g} does not fit {price:g} after {stated:g}")
    return stated


def _positive(value: float | None, decimals: int) -> float | None:
    if value is None or not 0 < value < parsing.ABSURD_PRICE:
        return None
    return _rounded(value, decimals) or None


def _rounded(single: float, decimals: int) -> float:
    """A number of single precision with so many decimals: its product with a power of ten is exact in double precision,
    so that this is what ``round`` gives, in a third of the time."""
    scale = _SCALES[decimals]
    return round(single * scale) / scale


def _currency(own: str, sent: str | None) -> str:
    """The symbol's ``own``: the stream mostly sends none. Raises `InvalidLine` for another than that."""
    if sent and own and sent != own:
        raise InvalidLine(f"a price in {parsing.plain(sent, 10)} instead of {own}")
    return own or sent or ""


def _when(hours: int, as_of: datetime, symbol: Symbol) -> str:
    """Before or after the session. Overnight trading belongs to the day before until midnight, and after it to the day
    that comes."""
    return _EXTENDED.get(hours) or ("pre" if as_of.astimezone(ZoneInfo(symbol.zone)).hour < 12 else "post")
