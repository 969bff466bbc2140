"""What the sessions of an exchange say of a series: which bars are final, which are missing, when to ask again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from aiwatch.market.bars import Bar, Interval, Series, local_day
from aiwatch.market.calendar.hours import Day, Phase, has_holidays, slots_of
from aiwatch.market.calendar.zones import zone_of
from aiwatch.market.exchanges import Exchange
from aiwatch.market.quote import Quote, Trading
from aiwatch.sources.bars import FINAL_AFTER

UNKNOWN_FINAL_AFTER = timedelta(hours=12)
"""How long after the local midnight that ends it a day is final where no hours are known."""
MOST_MISSING = 250
"""Missing sessions that are named at most; more are no holes but another history."""

_WEEKEND = (6, 0)
"""What is left of a Saturday's and a Sunday's ordinal divided by seven."""

DayOf = Callable[[Exchange, date], Day | None]
"""What is known of the local date of an exchange, as `Calendar.day`."""


def last_final_day(exchange: Exchange, day_of: DayOf, now: datetime) -> date:
    """The last local date whose bar cannot change any more at ``now``: ten minutes after its close."""
    zone = zone_of(exchange.zone)
    today = now.astimezone(zone).date()
    for behind in range(40):
        day = today - timedelta(days=behind)
        slots = slots_of(exchange, day, day_of(exchange, day))
        ends = [slot.end for slot in slots if slot.phase in (Phase.OPEN, Phase.CLOSING_AUCTION)]
        if ends and max(ends) + FINAL_AFTER <= now:
            return day
    ended = (now - UNKNOWN_FINAL_AFTER).astimezone(zone).date()
    return ended - timedelta(days=1)


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
    if bars and not bars[-1].final and not bars[-1].volume and not _has_opened(exchange, bars[-1], day_of, now):
        bars = bars[:-1]
    return replace(series, bars=bars)


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


def with_today(series: Series, quote: Quote | None) -> Series:
    """A daily ``series`` with the live day of ``quote`` at its end, in the place of one that is not final."""
    bar = None if quote is None or series.interval is not Interval.DAY else today_bar(quote)
    if bar is None:
        return series
    last = series.bars[-1] if series.bars else None
    if last is None or last.when < bar.when:
        return replace(series, bars=(*series.bars, bar))
    return replace(series, bars=(*series.bars[:-1], bar)) if last.when == bar.when and not last.final else series
