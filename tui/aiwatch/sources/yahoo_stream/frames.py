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
from zoneinfo import ZoneInfo

import msgspec

from aiwatch.files.bounded import reason_of
from aiwatch.market.quote import Extended, Quote, Trading, coherent
from aiwatch.market.security import SHARELESS
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.yahoo.meta import DELAY_MINUTES, usual_decimals
from aiwatch.sources.yahoo_stream.protobuf import PricingData, decode

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


def read(message: bytes, symbols: Mapping[str, Symbol], received_at: datetime) -> Quote | Refusal | None:
    """What ``message`` says of one of ``symbols`` (by Yahoo's spelling); ``None`` when it is about another."""
    name = ""
    try:
        fields = decode(payload(message))
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
    """The quote that a frame makes of ``symbol``. Raises `InvalidLine` with the reason when it is not believed.

    Outside the regular session the frame's price is an `Extended` one and its change counts from the last regular
    close, so ``last`` is that close: price less change.
    """
    sent = fields.get("price", 0.0)
    decimals = _decimals(fields, symbol, sent)
    price = round(sent, decimals) if abs(sent) < parsing.ABSURD_PRICE else sent
    parsing.check_price(price)
    as_of = _time(fields.get("time", 0))
    parsing.check_time(as_of, received_at)
    reference = _reference(fields, sent, decimals)
    hours = fields.get("market_hours", 0)
    if hours == _REGULAR:
        return _regular(fields, symbol, price, reference, as_of, received_at, decimals)
    if reference is None:
        raise InvalidLine("a price outside the session without a change")
    when = _EXTENDED.get(hours) or _half_of_the_day(as_of, symbol)
    before = when == "pre"
    return Quote(
        symbol=symbol,
        source=SOURCE,
        last=reference,
        previous_close=reference if before else None,
        as_of=as_of,
        received_at=received_at,
        currency=_currency(fields, symbol),
        decimals=decimals,
        trading=Trading.UNTRADED if before else Trading.TRADED,
        lot=symbol.lot,
        delay_minutes=DELAY_MINUTES.get(symbol.exchange.code),
        extended=Extended(when, price, as_of),
    )


def _regular(
    fields: PricingData,
    symbol: Symbol,
    price: float,
    previous_close: float | None,
    as_of: datetime,
    received_at: datetime,
    decimals: int,
) -> Quote:
    """A price of the regular session. A currency's bid and ask are not taken: they were seen to cross."""
    high, low = _positive(fields.get("day_high"), decimals), _positive(fields.get("day_low"), decimals)
    parsing.check_range(price, low, high, 10.0**-decimals)
    is_currency = symbol.board is Board.CURRENCY
    currency = _currency(fields, symbol)
    quote = Quote(  # by place, as in `sources.tencent.quote`
        symbol, SOURCE, price, previous_close, as_of, received_at, currency, decimals, Trading.TRADED,
        _positive(fields.get("open_price"), decimals), high, low, _volume(fields, symbol), None,
        None if is_currency else _positive(fields.get("bid"), decimals),
        None if is_currency else _positive(fields.get("ask"), decimals),
        lot=symbol.lot, delay_minutes=DELAY_MINUTES.get(symbol.exchange.code),
        name=parsing.plain(fields.get("short_name", "")),
    )  # fmt: skip
    return coherent(quote)


def _decimals(fields: PricingData, symbol: Symbol, price: float) -> int:
    hint = fields.get("price_hint")
    if hint is None:
        return usual_decimals(symbol, price)
    return min(parsing.MOST_DECIMALS, max(0, hint))


def _time(milliseconds: int) -> datetime:
    if not 0 < milliseconds < 1e14:
        raise InvalidLine("no time")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _reference(fields: PricingData, price: float, decimals: int) -> float | None:
    """What the change counts from: the previous close, outside the session the last regular one.

    The schema leaves out what is zero, so of change and change in percent either may be missing, but then the other
    must be nothing as well. With neither, nothing is claimed. Raises `InvalidLine` when the figures do not agree.
    """
    in_session = fields.get("market_hours", 0) == _REGULAR
    stated = _positive(fields.get("previous_close"), decimals) if in_session else None
    if "change" not in fields and "change_percent" not in fields:
        return stated
    change, percent = fields.get("change", 0.0), fields.get("change_percent", 0.0)
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
    return round(value, decimals) or None


def _volume(fields: PricingData, symbol: Symbol) -> int | None:
    """Volume in shares; an index and a currency have none of their own."""
    volume = fields.get("day_volume")
    if volume is None or not 0 <= volume < parsing.ABSURD_AMOUNT or symbol.board in SHARELESS:
        return None
    return volume


def _currency(fields: PricingData, symbol: Symbol) -> str:
    """The symbol's own: the stream mostly sends none. Raises `InvalidLine` for another than the symbol's."""
    sent = fields.get("currency")
    if sent and symbol.currency and sent != symbol.currency:
        raise InvalidLine(f"a price in {parsing.plain(sent, 10)} instead of {symbol.currency}")
    return symbol.currency or sent or ""


def _half_of_the_day(as_of: datetime, symbol: Symbol) -> str:
    """Overnight trading belongs to the day before until midnight, and after it to the day that comes."""
    return "pre" if as_of.astimezone(ZoneInfo(symbol.zone)).hour < 12 else "post"
