"""The European Central Bank's reference rates, one fixing a working day, through frankfurter's public address.

``GET /v1/latest?base=USD&symbols=CNY,HKD`` answers ``{"amount", "base", "date", "rates": {"CNY": 6.7045}}``; on a
weekend it is Friday's. Rates between two other currencies are crossed through the dollar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from aiwatch.errors import Garbled, Refused
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import FX, Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.answer_guard import decode_json, raises_garbled
from aiwatch.sources.contract import CURRENCY, NUMBER, OBJECT, Field, object_departures, pattern
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine

PATH = "/v1/latest"
_PAGE = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
BASE = "USD"
PUBLISHED = time(16)
"""When the bank publishes, by Frankfurt's clock."""
DAILY = 24 * 60
"""The delay in minutes: a fixing is up to a day old by its nature."""
_ZONE = "Europe/Berlin"
_MISSING = 404
_CURRENCIES = frozenset(
    {
        *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK"),
        *("JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR"),
    }
)
"""What the bank fixes rates of in 2026."""
_SHAPE = (
    Field("base", "base", CURRENCY),
    Field("amount", "amount", NUMBER, optional=True),
    Field("date", "date", pattern("a date as YYYY-MM-DD", r"\d{4}-\d\d-\d\d")),
    Field("rates", "rates", OBJECT),
)


class Ecb(HttpSource):
    """The `Source` of the reference rates; see `HttpSource` for how it is made, opened and closed."""

    name = "ecb"
    batch_limit = 40

    def covers(self, symbol: Symbol) -> bool:
        """Whether ``symbol`` is a rate between two different currencies that the bank fixes."""
        if symbol.exchange != FX:
            return False
        base, quoted = symbol.pair
        return base != quoted and {base, quoted} <= _CURRENCIES

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``; see `Source.fetch`."""
        covered = [symbol for symbol in symbols if self.covers(symbol)]
        if not covered:
            return Answer((), unknown=frozenset(symbols))
        codes = dict.fromkeys(code for symbol in covered for code in symbol.pair if code != BASE)
        try:
            body = await self.get(PATH, {"base": BASE, "symbols": ",".join(codes)})
        except Refused as refused:
            # It says so when it has none of the currencies; that is an answer, not an outage.
            if refused.status == _MISSING and str(refused).lower().endswith(": not found"):
                return Answer((), unknown=frozenset(symbols))
            raise
        return parse(body, symbols, self.clock(), self.host)


@raises_garbled
def parse(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The answer ``body`` to a request for ``asked``. Raises `Garbled` when it is not of the host's format."""
    symbols = tuple(asked)
    try:
        value: Any = decode_json(body)
        sent, codes = value["rates"], {code for symbol in symbols for code in symbol.pair}
        rates = {code: _rate(sent[code]) for code in sent.keys() & codes}
        if value["base"] != BASE or value.get("amount", 1) != 1:
            raise Garbled(host, "rates of another currency or amount than asked for")
        as_of = fixing_time(value["date"])
        parsing.check_time(as_of, received_at)
    except InvalidLine as doubt:
        raise Garbled(host, str(doubt)) from None
    except (RecursionError, ValueError, KeyError, TypeError, AttributeError):
        start = parsing.plain(body[:200].decode("utf-8", "replace"), 60)
        raise Garbled(host, f"no rates: {start}" if start else "an empty answer") from None
    quotes: list[Quote] = []
    unknown: list[Symbol] = []
    refused: list[Refusal] = []
    for symbol in symbols:
        base, quoted = ({BASE: 1.0, **rates}.get(code) for code in symbol.pair)
        if symbol.exchange != FX or base is None or quoted is None:
            unknown.append(symbol)
            continue
        try:
            quotes.append(_quote(symbol, base, quoted, as_of, received_at))
        except InvalidLine as doubt:
            refused.append(Refusal(symbol.text, str(doubt)))
    return Answer(tuple(quotes), frozenset(unknown), tuple(refused))


def departures(body: bytes, symbols: Sequence[Symbol]) -> dict[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`."""
    try:
        answer = decode_json(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return {"": ("an answer that is no JSON object",)}
    if changed := object_departures(answer, _SHAPE):
        return {"": changed}
    changes = {}
    for symbol in symbols:
        expected = tuple(Field(f"rate of {code}", code, NUMBER) for code in symbol.pair if code != BASE)
        changes[symbol.text] = object_departures(answer["rates"], expected)
    return changes


def page_of(symbol: Symbol) -> str:
    """The address of the one page that has all rates."""
    return _PAGE


def fixing_time(text: Any) -> datetime:
    """The moment, aware UTC, at which the fixing of the date ``text`` is published. Raises `InvalidLine`."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day, PUBLISHED, ZoneInfo(_ZONE)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise InvalidLine(f"no date: {parsing.plain(str(text), 30)}") from None


def _rate(value: Any) -> float:
    """A rate as a number; 0 for what is none, which is then refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(value) if abs(value) < parsing.ABSURD_PRICE else 0.0


def _quote(symbol: Symbol, base: float, quoted: float, as_of: datetime, received_at: datetime) -> Quote:
    """One unit of the first currency in the second, from what a dollar costs in each."""
    if base <= 0 or quoted <= 0:
        raise InvalidLine(f"a rate of {min(base, quoted):g}")
    last = round(quoted / base, parsing.MOST_DECIMALS)
    parsing.check_price(last)
    return Quote(
        symbol=symbol,
        source="ecb",
        last=last,
        previous_close=None,
        as_of=as_of,
        received_at=received_at,
        currency=symbol.currency,
        decimals=4,
        delay_minutes=DAILY,
        name="/".join(symbol.pair),
    )
