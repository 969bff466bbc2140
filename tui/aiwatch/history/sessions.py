"""What the sessions of an exchange say of a series: which bars are final, which are missing, when to ask again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from aiwatch.market.bars import Bar, Interval, RefusedBar, Series, local_day
from aiwatch.market.calendar.final_days import DayOf, last_final_day
from aiwatch.market.calendar.hours import Phase, has_holidays, slots_of
from aiwatch.market.exchanges import Exchange
from aiwatch.market.quote import Quote, Trading

MOST_MISSING = 250
"""Missing sessions that are named at most; more are no holes but another history."""

_WEEKEND = (6, 0)
"""What is left of a Saturday's and a Sunday's ordinal divided by seven."""


def settled(series: Series, day_of: DayOf, now: datetime) -> Series:
    """A daily ``series`` whose latest bars are marked final or not, as earlier ones are final anyway, and without a row
    of today from before the open, which repeats the previous close."""
    if series.interval is not Interval.DAY:
        return series
    exchange = series.symbol.exchange
    final = last_final_day(exchange, day_of, now)
    start = bisect_left(series.bars, final, key=series.day_of)
    late = tuple(bar._replace(final=series.day_of(bar) <= final) for bar in series.bars[start:])
    bars = series.bars[:start] + late
    refused = series.refused
    if bars and not bars[-1].final and not bars[-1].volume and not _has_opened(exchange, bars[-1], day_of, now):
        refused = (*refused, RefusedBar(series.day_of(bars[-1]).isoformat(), "no trade yet: it is of before the open"))
        bars = bars[:-1]
    return replace(series, bars=bars, refused=refused)


def _has_opened(exchange: Exchange, bar: Bar, day_of: DayOf, now: datetime) -> bool:
    day = local_day(bar.when, exchange.zone)
    starts = [slot.start for slot in slots_of(exchange, day, day_of(exchange, day)) if slot.phase is Phase.OPEN]
    return not starts or min(starts) <= now


def missing_sessions(series: Series, day_of: DayOf) -> tuple[date, ...]:
    """Sessions between the first and the last bar of a daily ``series`` that have none, as far as a calendar says.

    A share that was suspended has none either. The newest `MOST_MISSING`.
    """
    exchange = series.symbol.exchange
    if series.interval is not Interval.DAY or not series.bars or not has_holidays(exchange):
        return ()
    have = {day.toordinal() for day in series.days}
    first, last = min(have), max(have)
    lacking = [number for number in range(first, last) if number % 7 not in _WEEKEND and number not in have]
    missing: list[date] = []
    for number in reversed(lacking):
        day = date.fromordinal(number)
        session_day = day_of(exchange, day)
        if session_day is not None and not session_day.is_holiday:
            missing.append(day)
            if len(missing) == MOST_MISSING:
                break
    return tuple(reversed(missing))


def today_bar(quote: Quote) -> Bar | None:
    """The bar of the day that ``quote`` is of, not final; ``None`` where nothing was traded yet or figures lack."""
    if quote.trading is not Trading.TRADED or quote.open is None or quote.high is None or quote.low is None:
        return None
    day = local_day(quote.as_of, quote.symbol.zone)
    high, low = max(quote.high, quote.last, quote.open), min(quote.low, quote.last, quote.open)
    return Bar(day, quote.open, high, low, quote.last, quote.volume, quote.turnover, final=False)


def with_live(series: Series, quote: Quote | None) -> Series:
    """``series`` with what ``quote`` knows more at its end: the day so far, or the minute. It is for the eye alone, and
    never kept."""
    if quote is None or quote.trading is not Trading.TRADED:
        return series
    return _with_minute(series, quote) if series.interval.is_intraday else with_today(series, quote)


def with_today(series: Series, quote: Quote | None) -> Series:
    """A daily ``series`` with the live day of ``quote`` at its end, in the place of one that is not final; one that is
    there already moves with the last price, where the quote does not say the day's open, high and low."""
    if quote is None or series.interval is not Interval.DAY:
        return series
    last = series.bars[-1] if series.bars else None
    bar = today_bar(quote)
    if bar is None:
        day = local_day(quote.as_of, quote.symbol.zone)
        is_its_day = last is not None and last.when == day and not last.final and quote.trading is Trading.TRADED
        return replace(series, bars=(*series.bars[:-1], _moved(last, quote.last))) if is_its_day and last else series
    if last is None or last.when < bar.when:
        return replace(series, bars=(*series.bars, bar))
    return replace(series, bars=(*series.bars[:-1], bar)) if last.when == bar.when and not last.final else series


def _with_minute(series: Series, quote: Quote) -> Series:
    """Minutes with the one of ``quote`` at their end. Its volume is what the day has beyond the bars before it."""
    last, minutes = (series.bars[-1] if series.bars else None), series.interval.minutes
    if last is None or minutes is None or not isinstance(last.when, datetime):
        return series
    if series.day_of(last) != local_day(quote.as_of, series.zone):
        return series  # the first bar of a day is for a source to send
    begins = last.when + (quote.as_of - last.when) // timedelta(minutes=minutes) * timedelta(minutes=minutes)
    if begins < last.when:
        return series
    if begins == last.when:
        earlier, live = series.bars[:-1], _moved(last, quote.last)
    else:
        price = quote.last
        earlier, live = series.bars, Bar(begins, price, price, price, price, final=False)
    day = [bar for bar in earlier if series.day_of(bar) == series.day_of(last)]
    volume = _beyond(quote.volume, [bar.volume for bar in day])
    amount = _beyond(quote.turnover, [bar.amount for bar in day])
    if volume is not None:
        live = live._replace(volume=int(volume), amount=amount)
    return replace(series, bars=(*earlier, live))


def _moved(bar: Bar, price: float) -> Bar:
    """``bar`` with ``price`` as its last one so far."""
    return bar._replace(high=max(bar.high, price), low=min(bar.low, price), close=price, final=False)


def _beyond(whole: float | None, parts: Sequence[float | None]) -> float | None:
    """What ``whole`` has beyond ``parts``; ``None`` where any is not known, or they have more."""
    present = [part for part in parts if part is not None]
    if whole is None or len(present) < len(parts) or sum(present) > whole:
        return None
    return whole - sum(present)
