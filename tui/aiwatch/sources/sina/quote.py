"""One of Sina's quote lines, read and checked: fields in, a `Quote` out.

A line is ``var hq_str_CODE="field,field,…";``; each market has an order of its own, counted from 0 here. The maps were
checked by arithmetic on recorded lines of September 2026; ``rt_hk`` is said to begin as the recorded ``hk`` does.

When Sina's figures were made: three clocks, in three spellings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from aiwatch.market.quote import Level, Quote, Trading, coherent
from aiwatch.market.security import Board
from aiwatch.market.symbol import HKEX, SSE, US, Symbol, described
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine, number, positive

BEIJING, HONG_KONG, NEW_YORK = SSE.zone, HKEX.zone, US.zone
_TIME = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d) (\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_NEW_YORK_TIME = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}) (\d\d):(\d\d)(AM|PM) E[SD]T", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SAME_MINUTE = timedelta(seconds=90)


def moment(text: str, zone: str) -> datetime:
    """The UTC moment of a date and a time in ``zone``; seconds may be missing. Raises `InvalidLine`."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise InvalidLine(f"no time: {parsing.plain(text, 30)!r}")
    year, month, day, hour, minute = map(int, match.group(1, 2, 3, 4, 5))
    return _utc(year, month, day, hour, minute, int(match.group(6) or 0), zone)


def _utc(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: str) -> datetime:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidLine(f"no time: {year}-{month}-{day} {hour}:{minute}:{second}") from None


def regular_time(fields: Sequence[str]) -> datetime:
    """When the regular price was made: field 25 says it to the minute, and field 3, to the second, moves on after the
    close. Without a year or a time in 25, field 3 has to do."""
    moment_sent = moment(fields[3], BEIJING)
    match = _NEW_YORK_TIME.fullmatch(fields[25].strip())
    if match is None or match[1] not in _MONTHS:
        return moment_sent
    written = fields[29] if len(fields) > 29 else ""
    year = int(written) if written.isascii() and written.isdigit() and len(written) == 4 else moment_sent.year
    hour = int(match[3]) % 12 + (12 if match[5] == "PM" else 0)
    regular = _utc(year, _MONTHS.index(match[1]) + 1, int(match[2]), hour, int(match[4]), 0, NEW_YORK)
    return moment_sent if abs(moment_sent - regular) < _SAME_MINUTE or regular > moment_sent else regular


HONG_KONG_DELAY = 22
"""Minutes that the lines of Hong Kong which are not in real time are late at most: 15 to 22 are reported."""
_TRADING = "00"
"""The state of a share that trades; what the other states mean is not known for certain."""
_PERCENT_SLACK = 0.02
"""Percentage points between Sina's change and ours that rounding explains."""
_FX_SLACK = 0.005
"""How far a rate's last price may lie outside its bid and ask, as a share of it."""


def quote_of(symbol: Symbol, code: str, content: str, received_at: datetime) -> Quote | None:
    """The quote that the line ``content`` of ``code`` (the text between the quotation marks) makes of ``symbol``.

    ``None`` for what Sina sends for names it does not know: nothing, or a stub without a price. Raises `InvalidLine`
    with the reason when the line is rejected.
    """
    if not content.strip():
        return None
    fields = content.split(",")
    read, least = _READERS["gb_" if code.startswith("gb_") else code[:5] if code.startswith("rt_") else code[:2]]
    if len(fields) < least:
        raise InvalidLine(f"{len(fields)} fields, fewer than {least}")
    quote = read(symbol, fields, received_at)
    if quote is not None:
        parsing.check_time(quote.as_of, received_at)
        quote = coherent(quote)
    return quote


def _china(symbol: Symbol, fields: Sequence[str], received_at: datetime) -> Quote | None:
    """0 name, 1 open, 2 previous close, 3 last, 4 high, 5 low, 8 volume in shares (left out where there are none),
    9 turnover, 10-19 five bids and 20-29 five asks as size and price, 30 date, 31 time, 32 state."""
    opened, previous, last, high, low = _numbers(fields[1:6])
    volume, turnover = _numbers(fields[8:10], parsing.ABSURD_AMOUNT)
    if not last and not previous:
        return None
    name = parsing.plain(fields[0])
    security = described(symbol, "", name)
    index = security.board is Board.INDEX
    trading, last = _china_trading(fields, last=last, previous=previous, opened=opened, volume=volume, index=index)
    parsing.check_price(last)
    decimals = security.decimals if index else parsing.step_decimals(security.decimals, fields[3], fields[2])
    if trading is Trading.TRADED:
        parsing.check_range(last, low or None, high or None, 10.0**-decimals)
    else:
        opened = high = low = 0.0
    in_shares = security.has_shares and _worth_fits(volume, turnover, last)
    quote = Quote(
        symbol=symbol,
        source="sina",
        last=last,
        previous_close=previous or None,
        as_of=moment(f"{fields[30]} {fields[31]}", BEIJING),
        received_at=received_at,
        currency=security.currency,
        decimals=decimals,
        trading=trading,
        open=opened or None,
        high=high or None,
        low=low or None,
        volume=round(volume) if in_shares else None,
        turnover=turnover,
        daily_limit=parsing.ruled_limit(symbol, security),
        lot=security.lot,
        name=name,
    )
    if index:
        return quote
    return _with_book(quote, fields) if in_shares else _with_best_orders(quote, fields)


def _with_best_orders(quote: Quote, fields: Sequence[str]) -> Quote:
    """``quote`` of what is not counted in shares: the prices of its best bid and ask alone."""
    return replace(quote, bid=positive(fields[11]), ask=positive(fields[21]))


def _with_book(quote: Quote, fields: Sequence[str]) -> Quote:
    """``quote`` of a share with its five bids and asks, which stand as size and price."""
    bids, asks = _levels(fields[10:20], -1), _levels(fields[20:30], 1)
    bid, bid_size = bids[0] if bids else (None, None)
    ask, ask_size = asks[0] if asks else (None, None)
    return replace(quote, bid=bid, bid_size=bid_size, ask=ask, ask_size=ask_size, bids=bids, asks=asks)


def _hong_kong(symbol: Symbol, fields: Sequence[str], received_at: datetime) -> Quote | None:
    """0 English name, 1 name, 2 open, 3 previous close, 4 high, 5 low, 6 last, 7 change, 8 percent, 9 bid, 10 ask,
    11 turnover, 12 volume, 15 and 16 the extremes of 52 weeks, 17 date, 18 time in Hong Kong."""
    opened, previous, high, low, last = _numbers(fields[2:7])
    turnover, volume = _numbers(fields[11:13], parsing.ABSURD_AMOUNT)
    if not last and not previous:
        return None
    if _is_untraded(last, previous, volume):
        last, opened, high, low = previous, 0.0, 0.0, 0.0
    else:
        _check_change(last, previous, fields[7], 0.001)
    traded = bool(volume or opened)
    if traded:
        parsing.check_range(last, low or None, high or None, 0.001)
    security = described(symbol, "", parsing.plain(fields[1]), parsing.plain(fields[0]))
    index = security.board is Board.INDEX
    bid, ask = positive(fields[9]), positive(fields[10])
    has_orders = not (index or (bid and ask and bid >= ask))
    return Quote(
        symbol=symbol,
        source="sina",
        last=last,
        previous_close=previous or None,
        as_of=moment(f"{fields[17]} {fields[18]}", HONG_KONG),
        received_at=received_at,
        currency=security.currency,
        decimals=parsing.step_decimals(security.decimals, fields[6], fields[3]),
        trading=Trading.TRADED if traded else Trading.UNTRADED,
        open=opened or None,
        high=(high or None) if traded else None,
        low=(low or None) if traded else None,
        volume=None if index else round(volume),
        turnover=None if index else turnover,
        bid=_rounded(bid, 3) if has_orders else None,
        ask=_rounded(ask, 3) if has_orders else None,
        high_52w=positive(fields[15]),
        low_52w=positive(fields[16]),
        lot=symbol.lot,
        name=parsing.plain(fields[1] or fields[0]),
    )


def _hong_kong_late(symbol: Symbol, fields: Sequence[str], received_at: datetime) -> Quote | None:
    """The same fields as in real time, up to `HONG_KONG_DELAY` minutes late."""
    quote = _hong_kong(symbol, fields, received_at)
    return None if quote is None else replace(quote, delay_minutes=HONG_KONG_DELAY)


def _united_states(symbol: Symbol, fields: Sequence[str], received_at: datetime) -> Quote | None:
    """0 name, 1 last, 2 percent, 3 time in Beijing, 4 change, 5 open, 6 high, 7 low, 8 and 9 the extremes of 52 weeks,
    10 volume, 12 market value, 14 PE, 25 time of the regular session in New York, 26 previous close, 29 year."""
    (last,) = _numbers(fields[1:2])
    if not last and not number(fields[26]):
        return None
    opened, high, low, previous = _numbers([*fields[5:8], fields[26]])
    untraded = _is_untraded(last, previous, number(fields[10], parsing.ABSURD_AMOUNT) or 0.0)
    if untraded:
        last, opened, high, low = previous, 0.0, 0.0, 0.0
    else:
        _check_united_states(fields, last, previous)
    parsing.check_range(last, low or None, high or None, 0.01)
    index = symbol.board is Board.INDEX
    volume, cap = number(fields[10], parsing.ABSURD_AMOUNT), number(fields[12], parsing.ABSURD_AMOUNT)
    return Quote(
        symbol=symbol,
        source="sina",
        last=last,
        previous_close=previous or None,
        as_of=regular_time(fields),
        received_at=received_at,
        currency=symbol.currency,
        decimals=2 if last >= 1 else 4,
        trading=Trading.UNTRADED if untraded else Trading.TRADED,
        open=opened or None,
        high=high or None,
        low=low or None,
        volume=None if index or volume is None or volume < 0 else round(volume),
        pe=positive(fields[14]),
        market_cap=None if index else cap or None,
        high_52w=positive(fields[8]),
        low_52w=positive(fields[9]),
        lot=symbol.lot,
        name=parsing.plain(fields[0]),
    )


def _check_united_states(fields: Sequence[str], last: float, previous: float) -> None:
    """Raise `InvalidLine` unless change and change in percent fit the prices."""
    _check_change(last, previous, fields[4], 0.0001 if last < 1 else 0.01)
    percent = number(fields[2])
    if percent is None or (previous and abs((last / previous - 1) * 100 - percent) > _PERCENT_SLACK):
        raise InvalidLine(f"a change of {parsing.plain(fields[2], 20)} % does not fit {last:g} after {previous:g}")


def _rate(symbol: Symbol, fields: Sequence[str], received_at: datetime) -> Quote | None:
    """0 time, 1 bid, 2 ask, 3 previous close, 5 open, 6 high, 7 low, 8 last, and the date in the last field, in
    Beijing. Bid and ask only serve to check the price."""
    bid, ask, previous = _numbers(fields[1:4])
    opened, high, low, last = _numbers(fields[5:9])
    if not last and not previous:
        return None
    untraded = not last
    if untraded:
        last, bid, ask, opened, high, low = previous, 0.0, 0.0, 0.0, 0.0, 0.0
    parsing.check_range(last, low or None, high or None, 10.0**-4)
    if bid and ask and not bid * (1 - _FX_SLACK) <= last <= ask * (1 + _FX_SLACK):
        raise InvalidLine(f"a rate of {last:g} outside its bid {bid:g} and ask {ask:g}")
    return Quote(
        symbol=symbol,
        source="sina",
        last=last,
        previous_close=previous or None,
        as_of=moment(f"{fields[-1]} {fields[0]}", BEIJING),
        received_at=received_at,
        currency=symbol.currency,
        decimals=4,
        trading=Trading.UNTRADED if untraded else Trading.TRADED,
        open=opened or None,
        high=high or None,
        low=low or None,
        name="/".join(symbol.pair),
    )


_Reader = Callable[[Symbol, Sequence[str], datetime], Quote | None]
_READERS: dict[str, tuple[_Reader, int]] = {
    "sh": (_china, 32),
    "sz": (_china, 32),
    "bj": (_china, 32),
    "rt_hk": (_hong_kong, 19),
    "hk": (_hong_kong_late, 19),
    "gb_": (_united_states, 27),
    "fx": (_rate, 10),
}
"""Who reads a line, and the fewest fields it has, by what its code begins with."""


def _numbers(texts: Sequence[str], bound: float = parsing.ABSURD_PRICE) -> list[float]:
    """The figures that ``texts`` spell, none of which is below zero or reaches ``bound``; raises `InvalidLine`."""
    values = [number(text, bound) for text in texts]
    numbers = [value for value in values if value is not None and value >= 0]
    if len(numbers) < len(values):
        raise InvalidLine(f"no figures where figures belong: {parsing.plain(' '.join(texts))}")
    return numbers


def _check_change(last: float, previous: float, text: str, tick: float) -> None:
    """Raise `InvalidLine` unless ``last`` can be a price and the change that ``text`` spells fits it."""
    parsing.check_price(last)
    change = number(text)
    if change is None or previous >= parsing.ABSURD_PRICE or abs(last - previous - change) > tick * 1.01:
        raise InvalidLine(f"a change of {parsing.plain(text, 20)!r} does not fit {last:g} after {previous:g}")


def _is_untraded(last: float, previous: float, volume: float) -> bool:
    """Whether a last price of nought means that nothing has traded yet. Raises `InvalidLine` when there is a volume."""
    if not last and previous and volume:
        raise InvalidLine("no price of a share that has traded")
    return not last


def _china_trading(
    fields: Sequence[str], *, last: float, previous: float, opened: float, volume: float, index: bool
) -> tuple[Trading, float]:
    """What a share is doing, and its price: without an open and a volume it has not traded, and its last is 0 or
    indicative."""
    if volume or (opened and last):
        if not last:
            raise InvalidLine("no price of a share that has traded")
        return Trading.TRADED, last
    if len(fields) > 32 and fields[32].strip() not in ("", _TRADING):
        return Trading.SUSPENDED, last or previous
    indicative = parsing.call_auction(fields[31].replace(":", ""), positive(fields[11]), positive(fields[21]), last)
    if indicative is not None:
        return Trading.AUCTION, indicative or previous
    if last and previous and abs(last - previous) > 0.0005:
        if index:
            return Trading.TRADED, last
        raise InvalidLine("the price moved without a trade")
    return Trading.UNTRADED, last or previous


def _worth_fits(volume: float, turnover: float, last: float) -> bool:
    """Whether turnover and price agree that the volume is in shares; of bonds it is in lots."""
    worth = volume * last
    return not worth or not turnover or 0.2 < turnover / worth < 5


def _levels(fields: Sequence[str], direction: int) -> tuple[Level, ...]:
    """Five steps of the book, given as size and price; empty ones left out. None when they are out of order."""
    levels: list[tuple[float, int | None]] = []
    for size, price in zip(map(positive, fields[0::2]), map(positive, fields[1::2]), strict=True):
        if price and size and size >= 1:
            if levels and (price - levels[-1][0]) * direction <= 0:
                return ()
            levels.append((price, round(size)))
    return tuple(levels)


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
