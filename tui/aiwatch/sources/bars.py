"""Price history over HTTP: what a host of bars is, and what makes its rows believable. Fails closed.

A row that cannot be believed is refused with its reason and hurts no other. An answer most of whose rows are refused is
no answer, and an empty list is an outage and not a share without a past: hosts send one when they have had enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from aiwatch.errors import Garbled, Refused
from aiwatch.market.bars import Bar, BarsQuery, Basis, Event, Interval, RefusedBar, Series, fault_of, local_day
from aiwatch.market.bars.adjustment import FREE_SESSIONS, LIMIT_SLACK
from aiwatch.market.calendar.final_days import last_final_day
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.quote import AHEAD
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources.parsing import plain

UNKNOWN_STATUS = 404
REACH_BACK = timedelta(days=15)
"""How much earlier is asked for: longer than any exchange here was ever closed, so that an empty list is none for
want of a session, and the close before the first bar is known."""
BODY_LIMIT = 4 * 2**20
"""Bytes of an answer; sixty years of days are about 2 MiB of Yahoo's."""
TWICE = "sent twice; the newer one counts"
UNTRADED = "no trade yet: it repeats the previous close"
NO_FIGURES = "a row without figures"
CLOSE_ALONE = "a close without open, high and low"


class BarSource(Protocol):
    """A host of price history. Opened and closed with ``async with``; nothing is sent before the first `bars`."""

    name: str
    """The name of its source: ``tencent``."""
    title: str
    """Its name as people know it: ``Tencent``."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Whether the host may have bars of ``interval`` of ``symbol`` at all."""
        ...

    async def bars(self, query: BarsQuery) -> Series:
        """Ask for ``query``, whose interval and symbol it may have: unadjusted bars, and the events that the host has.

        Raises a `SourceError` when there is no usable answer, `Refused` with the status 404 for a symbol that the host
        does not know.
        """
        ...


class Draft(NamedTuple):
    """A row as a host sent it: ``written`` is its time in the host's words, ``bar`` what it says or ``None`` where that
    is nothing, and then ``reason`` why. ``explained``: the host marks the day, so that a jump is no surprise."""

    written: str
    bar: Bar | None
    reason: str = ""
    explained: bool = False


def believed(
    query: BarsQuery,
    drafts: Sequence[Draft],
    received_at: datetime,
    host: str,
    *,
    from_listing: bool = False,
    tells_events: bool = True,
) -> tuple[tuple[Bar, ...], tuple[RefusedBar, ...]]:
    """The bars of ``drafts`` that can be believed, oldest first, and the others with their reasons.

    ``from_listing``: the first row is the first there is. Without ``tells_events``, the host says nothing of dividends
    and splits, so a jump from which the next row does not come back is believed: it may be one. Raises `Garbled` when
    nothing is left or most is refused.
    """
    if not drafts:
        raise Garbled(host, f"an empty list of bars of {query.symbol}")
    check = _Check(query, received_at, from_listing)
    for at, draft in enumerate(drafts):
        following = drafts[at + 1].bar if at + 1 < len(drafts) else None
        check.take(draft, None if tells_events else following, is_last=at == len(drafts) - 1)
    if not check.bars or len(check.refused) > max(3, len(drafts) // 2):
        why = check.refused[0].reason if check.refused else "no row of it"
        raise Garbled(host, f"bars of {query.symbol} that cannot be believed: {why}")
    return tuple(check.bars), tuple(check.refused)


class _Check:
    """Takes rows one by one."""

    def __init__(self, query: BarsQuery, received_at: datetime, from_listing: bool) -> None:
        symbol = query.symbol
        self._interval = query.interval
        self._latest = received_at + AHEAD
        self._today = local_date(symbol, self._latest)
        limit = symbol.daily_limit if query.interval is Interval.DAY else None
        self._limit = None if limit is None else (limit + LIMIT_SLACK) / 100
        self._free = FREE_SESSIONS if from_listing else 0
        self._counts_shares = symbol.board not in (Board.INDEX, Board.CURRENCY, Board.CRYPTO)
        self._before: Bar | None = None
        """The row before, believed or not."""
        self.bars: list[Bar] = []
        self.refused: list[RefusedBar] = []

    def take(self, draft: Draft, following: Bar | None, *, is_last: bool) -> None:
        """Believe a row, or refuse it; ``following`` may bear out a jump."""
        bar = draft.bar
        if bar is None:
            self._refuse(draft, draft.reason or NO_FIGURES)
            return
        last = self.bars[-1] if self.bars else None
        if is_last and last is not None and bar.when == last.when and not fault_of(bar):
            self._refuse(draft, TWICE)
            self.bars[-1] = bar
            return
        reason = self._fault(draft, bar, last, is_last=is_last) or (
            "" if draft.explained else self._jump(bar, last, following)
        )
        self._before = bar
        if reason:
            self._refuse(draft, reason)
        else:
            self.bars.append(bar)

    def _fault(self, draft: Draft, bar: Bar, last: Bar | None, *, is_last: bool) -> str:
        if reason := fault_of(bar, last):
            return reason
        if isinstance(bar.when, datetime):
            return "a time in the future" if bar.when > self._latest else ""
        if bar.when > self._today:
            return "a date in the future"
        flat = last is not None and bar.open == bar.high == bar.low == bar.close == last.close
        if is_last and flat and self._counts_shares and bar.volume == 0 and last is not None and last.volume:
            return UNTRADED
        return ""

    def _jump(self, bar: Bar, last: Bar | None, following: Bar | None) -> str:
        """A close beyond the daily limit, unless the row before, itself refused, was there already: one wrong price is
        refused, and where the level has really changed only the first row of it is."""
        if self._limit is None or last is None or len(self.bars) < self._free:
            return ""
        change = bar.close / last.close - 1
        if abs(change) <= self._limit:
            return ""
        before = self._before
        for near in (before if before is not last else None, following):
            if near is not None and not fault_of(near) and abs(near.close / bar.close - 1) <= self._limit:
                return ""
        return f"{change * 100:+.1f} % in a day, beyond the limit, and no dividend or split"

    def _refuse(self, draft: Draft, reason: str) -> None:
        self.refused.append(RefusedBar(plain(draft.written, 30), reason))


def local_date(symbol: Symbol, moment: datetime) -> date:
    """The date of ``moment`` at the exchange of ``symbol``."""
    return local_day(moment, symbol.zone)


def last_final_date(symbol: Symbol, now: datetime) -> date:
    """The last local date whose daily bar of ``symbol`` cannot change any more, as far as the shipped days say."""
    return last_final_day(symbol.exchange, shipped_day, now)


def series_of(
    query: BarsQuery,
    source: str,
    bars: Sequence[Bar],
    refused: tuple[RefusedBar, ...],
    received_at: datetime,
    *,
    complete_from: date | None,
    previous_close: float | None = None,
) -> Series:
    """The unadjusted series of what ``query`` asks for among ``bars``; ``previous_close`` where none stands before."""
    wanted_bars = within(query, bars)
    at = bars.index(wanted_bars[0]) if wanted_bars else 0
    return Series(
        symbol=query.symbol,
        interval=query.interval,
        source=source,
        basis=Basis.UNADJUSTED,
        zone=query.symbol.zone,
        as_of=received_at,
        bars=wanted_bars,
        currency=query.symbol.currency,
        previous_close=bars[at - 1].close if at else previous_close,
        refused=refused,
        complete_from=complete_from,
    )


def within(query: BarsQuery, bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """The bars of the local dates that ``query`` asks for."""
    zone = query.symbol.zone
    first, last = query.first or date.min, query.last or date.max
    return tuple(bar for bar in bars if first <= local_day(bar.when, zone) <= last)


def events_within(query: BarsQuery, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events from the first date that ``query`` asks for on."""
    first = query.first or date.min
    return tuple(event for event in events if event.day >= first)


def unknown(host: str, symbol: Symbol) -> Refused:
    """The error of a host that does not know ``symbol``."""
    return Refused(host, f"no bars of {symbol} there", status=UNKNOWN_STATUS)
