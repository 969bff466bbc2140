"""When a symbol is to be asked for again: the session it trades in decides. Pure, so that a day can be computed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from aiwatch.market.calendar.session import Phase, Session
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol

CONFIRM_AFTER = timedelta(seconds=60)
"""How long after prices stopped moving (and after the source's delay) the last of them is asked for once more."""

OF_NOW = timedelta(minutes=30)
"""A price younger than this, and than its delay, shows that its market trades."""

EARLY = 0.9
"""The part of an interval after which a symbol may be asked for again: jitter shortens a pause by a tenth at most."""


class LastAnswer(Struct, frozen=True, gc=False):
    """One source's last answer about one symbol: when it came, by the loop's time (seconds) and by the clock, the
    ``as_of`` of its quote (``None`` without one), the quote's delay, and the regular session that it named."""

    at: float
    when: datetime
    as_of: datetime | None = None
    delay: timedelta = timedelta()
    regular: tuple[datetime, datetime] | None = None


@lru_cache(maxsize=64)
def _minutes(count: int) -> timedelta:
    """So many minutes; sources have a few delays between them."""
    return timedelta(minutes=count)


def asked_now(
    symbols: Iterable[Symbol], quotes: Iterable[Quote], at: float, when: datetime
) -> dict[Symbol, LastAnswer]:
    """What to remember of an answer to a question about ``symbols``."""
    priced = {
        quote.symbol: LastAnswer(at, when, quote.as_of, _minutes(quote.delay_minutes or 0), quote.regular)
        for quote in quotes
    }
    plain = LastAnswer(at, when)
    return {symbol: priced.get(symbol, plain) for symbol in symbols}


def wait(
    session: Session, answer: LastAnswer | None, at: float, interval: float, interval_closed: float, now: datetime
) -> float:
    """Seconds from loop time ``at`` (``now`` by the clock) until the symbol is due; 0 when it is.

    Never asked: at once, even when its market is closed. Trading: every ``interval`` seconds. Otherwise once after
    prices stopped, unless the last answer was of that moment already and so confirmed it, ``interval_closed`` seconds
    after the answer before at the earliest; and then not before the phase ends. Where nobody knows the hours: as while
    trading in the session that the source named, and as long as its prices are of now; else every ``interval_closed``.
    """
    if answer is None:
        return 0.0
    if session.phase.is_trading:
        return 0.0 if answer.at + interval * EARLY <= at else answer.at + interval - at
    if session.phase is Phase.UNKNOWN:
        return max(0.0, answer.at + (interval if _moves(answer, now) else interval_closed) - at)
    stopped = session.stopped
    if stopped is not None and (answer.as_of is None or answer.as_of < stopped):
        confirm = stopped + CONFIRM_AFTER + answer.delay
        if answer.when < confirm:
            return max(0.0, (confirm - now).total_seconds(), answer.at + interval_closed - at)
    return max(0.001, (session.until - now).total_seconds())


def _moves(answer: LastAnswer, now: datetime) -> bool:
    """Whether the price moves, of what trades at hours that no rule gives."""
    if answer.regular is not None:
        start, end = answer.regular
        return start <= now < end + answer.delay + CONFIRM_AFTER
    return answer.as_of is not None and now - answer.as_of < OF_NOW + answer.delay
