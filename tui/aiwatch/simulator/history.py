"""The past of the simulated market: daily bars, dividends, splits and minutes of every stock.

One seeded walk backwards from the previous close of today, so that all hosts tell the same past, and today's bar is the
live quote. It depends on the seed, the symbol and today's date alone. Prices are in points, **as they were paid**.
Past days are the sessions of the exchange's calendar as far as it is shipped, and weekdays before that; today has a bar
whatever day it is, for the simulated market never closes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import log
from random import Random
from typing import NamedTuple

from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.hours import Phase, Slot, slots_of, zone_of
from aiwatch.market.symbol import BSE, Board, Exchange
from aiwatch.simulator.market import Market, Stock

DEPTH = 2520
"""Sessions of the past that every stock has: ten years of them."""
MINUTES_BACK = 30
"""Calendar days for which there are minutes, as Yahoo keeps them."""
_MOST_HELD = 400
"""Stocks whose past is kept in memory."""
_YEAR = 245
_SWINGS = {Board.INDEX: 0.009, Board.CURRENCY: 0.003}
_SPLITS = {"CNY": ((14, 10), (13, 10), (15, 10)), "": ((2, 1), (4, 1), (3, 1))}
"""How many shares come of how many, by currency: bonus shares in mainland China, splits elsewhere."""
_TRADING = (Phase.OPEN, Phase.CLOSING_AUCTION)
_FULL_DAY = timedelta(days=1)


class DailyBar(NamedTuple):
    """A session: prices in points, volume in shares."""

    day: date
    open: int
    high: int
    low: int
    close: int
    volume: int


class CorporateAction(NamedTuple):
    """What happened on an ex-date: ``cash`` points a share, or ``numerator`` shares for ``denominator``."""

    day: date
    cash: int = 0
    numerator: int = 1
    denominator: int = 1

    @property
    def ratio(self) -> float:
        """Shares for one."""
        return self.numerator / self.denominator


class Minute(NamedTuple):
    """One minute: its start (aware UTC), the first and last price in points, and the shares traded in it."""

    start: datetime
    open: int
    close: int
    volume: int


class Past(NamedTuple):
    """Sessions and corporate actions, oldest first."""

    bars: list[DailyBar]
    actions: list[CorporateAction]


class History:
    """The past of the stocks of ``market``; ``seed`` makes it another."""

    def __init__(self, market: Market, seed: int) -> None:
        self._market = market
        self._seed = seed
        self._held: dict[str, tuple[date, Past]] = {}
        self._today: dict[str, tuple[date, list[Minute]]] = {}
        """Today's minutes that were sent: they do not change any more."""

    def stock(self, text: str) -> Stock | None:
        """The stock of Yahoo's spelling ``text``."""
        return self._market.stock(text)

    def daily(self, stock: Stock, now: datetime) -> Past:
        """Every session, and today's as the live quote has it; a suspended stock has none today."""
        today = today_of(stock, now)
        past = self._past(stock, today)
        if stock.suspended:
            return past
        live = DailyBar(today, stock.open, stock.high, stock.low, stock.last, stock.volume)
        return Past([*past.bars, live], past.actions)

    def minutes(self, stock: Stock, now: datetime, day: date) -> list[Minute]:
        """The minutes of the session of ``day`` that have begun by ``now``; none where it has none."""
        slots = trading_slots(stock.listing.symbol.exchange, day)
        starts = [start for slot in slots for start in _minutes_of(slot)]
        is_today = day == today_of(stock, now)
        if is_today:
            starts = [start for start in starts if start <= now]
        if not starts:
            return []
        bar = next((bar for bar in reversed(self.daily(stock, now).bars) if bar.day <= day), None)
        if bar is None or bar.day != day:
            return []
        seed = f"{self._seed}/{stock.listing.symbol.text}/{day}"
        if is_today:
            return self._minutes_of_today(stock, starts, bar, seed)
        return _minutes(starts, bar, Random(seed), stock.listing.tick)

    def _minutes_of_today(self, stock: Stock, starts: list[datetime], bar: DailyBar, seed: str) -> list[Minute]:
        """What was sent before, and a way from there to the live price; the last minute goes on until the next."""
        text = stock.listing.symbol.text
        day, earlier = self._today.get(text, (bar.day, []))
        past = earlier[: len(starts) - 1] if day == bar.day else []
        rest = bar
        if past:
            prices = [price for minute in past for price in (minute.open, minute.close)]
            rest = DailyBar(
                bar.day,
                past[-1].close,
                bar.high if bar.high > max(prices) else max(past[-1].close, bar.close),
                bar.low if bar.low < min(prices) else min(past[-1].close, bar.close),
                bar.close,
                bar.volume - sum(minute.volume for minute in past),
            )
        minutes = past + _minutes(starts[len(past) :], rest, Random(f"{seed}/{len(past)}"), stock.listing.tick)
        if len(self._today) >= _MOST_HELD:
            self._today.clear()
        self._today[text] = (bar.day, minutes[:-1])
        return minutes

    def minute_days(self, stock: Stock, now: datetime, count: int) -> list[date]:
        """The last ``count`` days that have minutes by ``now``, oldest first."""
        days: list[date] = []
        for bar in reversed(self.daily(stock, now).bars):
            if len(days) == count or bar.day < today_of(stock, now) - timedelta(days=MINUTES_BACK):
                break
            slots = trading_slots(stock.listing.symbol.exchange, bar.day)
            if slots and slots[0].start <= now:
                days.append(bar.day)
        return days[::-1]

    def _past(self, stock: Stock, today: date) -> Past:
        text = stock.listing.symbol.text
        held = self._held.get(text)
        if held is None or held[0] != today:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            held = self._held[text] = (today, _walk_back(stock, today, Random(f"{self._seed}/{text}/past")))
        return held[1]


def today_of(stock: Stock, now: datetime) -> date:
    """The local date of ``now`` at the stock's exchange."""
    return now.astimezone(zone_of(stock.listing.symbol.zone)).date()


def trading_slots(exchange: Exchange, day: date) -> tuple[Slot, ...]:
    """The parts of the local ``day`` in which ``exchange`` trades; the whole day where its hours are not known."""
    slots = tuple(slot for slot in slots_of(exchange, day, shipped_day(exchange, day)) if slot.phase in _TRADING)
    if slots or exchange.code not in ("YAHOO", "FUT"):
        return slots
    start = datetime.combine(day, datetime.min.time(), zone_of(exchange.zone)).astimezone(UTC)
    return (Slot(start, start + _FULL_DAY, Phase.OPEN),) if day.weekday() < 5 else ()


def session_before(exchange: Exchange, day: date) -> date:
    """The last session before the local ``day``."""
    for behind in range(1, 40):
        before = day - timedelta(days=behind)
        kind = shipped_day(exchange, before)
        if (not kind.is_holiday) if kind is not None else (exchange.code == "CRYPTO" or before.weekday() < 5):
            return before
    raise AssertionError(f"{exchange.code} never trades before {day}")


def _walk_back(stock: Stock, today: date, random: Random) -> Past:
    listing = stock.listing
    exchange = listing.symbol.exchange
    walk = _Walk(stock, random)
    actions = _planned(listing.shares > 0, listing.symbol.currency, random)
    bars: list[DailyBar] = []
    happened: list[CorporateAction] = []
    day = today
    for behind in range(DEPTH):
        planned = actions.get(behind)
        if planned is not None and behind:  # the ex-date is the session after this one
            happened.append(walk.undo(planned, bars[-1].day))
        day = session_before(exchange, day)
        bars.append(walk.session(day))
    # The first session has no close before it, and what it opened after is not sent.
    return Past(bars[::-1], happened[::-1])


class _Plan(NamedTuple):
    """A dividend as a share of the price, or a split, so and so many sessions ago."""

    share: float
    split: tuple[int, int] | None = None


def _planned(is_share: bool, currency: str, random: Random) -> dict[int, _Plan]:
    """A dividend a year and one split, by how many sessions ago."""
    if not is_share:
        return {}
    first = random.randint(20, 110)
    plans = {first + _YEAR * year: _Plan(random.uniform(0.004, 0.02)) for year in range(DEPTH // _YEAR)}
    split = random.randint(120, 420)
    while split in plans:
        split += 1
    plans[split] = _Plan(0.0, random.choice(_SPLITS.get(currency, _SPLITS[""])))
    return plans


class _Walk:
    """Goes back session by session; ``close`` is the close of the session that comes next on the way back."""

    def __init__(self, stock: Stock, random: Random) -> None:
        listing = stock.listing
        self._stock = stock
        self._random = random
        self._tick = listing.tick
        self._limit = listing.symbol.daily_limit
        self._inwards = listing.symbol.exchange is BSE
        self._swing = _SWINGS.get(listing.symbol.board, 0.018 if self._limit is None else self._limit / 500)
        self._hot = 0.08 if listing.hot else 0.01
        self._usual = float(stock.usual_volume)
        self.close = listing.previous_close
        self._level = float(listing.previous_close)
        """Where the price is pulled to, so that ten years stay within reason."""

    def undo(self, plan: _Plan, ex_date: date) -> CorporateAction:
        """Let the next close on the way back be one before ``plan`` took effect."""
        if plan.split is not None:
            numerator, denominator = plan.split
            self.close = self._grid(self.close * numerator / denominator)
            self._level *= numerator / denominator
            self._usual *= denominator / numerator
            return CorporateAction(ex_date, numerator=numerator, denominator=denominator)
        cash = max(1, round(self.close * plan.share))
        self.close += cash
        self._level += cash
        return CorporateAction(ex_date, cash)

    def session(self, day: date) -> DailyBar:
        """The session of ``day``, which ends at the close that is known; the close before it is known after."""
        random, close = self._random, self.close
        before = self._close_before(close)
        up, down = self._limits(before)
        opened = min(up, max(down, self._grid(before * (1 + random.gauss(0, self._swing * 0.35)))))
        reach = self._swing * before * 0.5
        high = min(up, self._grid(max(opened, close) + abs(random.gauss(0, reach))))
        low = max(down, self._grid(min(opened, close) - abs(random.gauss(0, reach))))
        lot = self._stock.listing.lot
        volume = max(1, round(self._usual * random.lognormvariate(0, 0.4) / lot)) * lot if self._usual else 0
        self.close = before
        return DailyBar(day, opened, max(high, opened, close), min(low, opened, close), close, volume)

    def _close_before(self, close: int) -> int:
        random = self._random
        pull = 0.01 * log(close / self._level)
        move = random.gauss(pull, self._swing * 0.7)
        at_limit = random.random() < self._hot
        if self._limit is None:
            return self._grid(close / (1 + max(-0.3, min(0.3, move))))
        most = self._limit / 100
        if at_limit:
            guess = round(close / (1 + most))
            for before in (guess, guess - 1, guess + 1):
                if before > 0 and self._limits(before)[0] == close:
                    return before
        before = self._grid(close / (1 + max(-0.9 * most, min(0.9 * most, move))))
        up, down = self._limits(before)
        return before if down <= close <= up else close

    def _limits(self, before: int) -> tuple[int, int]:
        """The daily limits after the close ``before``, in points, rounded as `market.quote.limit_prices` does."""
        if self._limit is None:
            return 10**15, 1
        up, down = before * (100 + self._limit), before * (100 - self._limit)
        if self._inwards:
            return max(up // 100, before + 1), max(1, min(-(-down // 100), before - 1))
        return max((up + 50) // 100, before + 1), max(1, min((down + 50) // 100, before - 1))

    def _grid(self, target: float) -> int:
        return max(self._tick, round(target / self._tick) * self._tick)


def _minutes_of(slot: Slot) -> Iterator[datetime]:
    start = slot.start
    while start < slot.end:
        yield start
        start += timedelta(minutes=1)


def _minutes(starts: list[datetime], bar: DailyBar, random: Random, tick: int) -> list[Minute]:
    """A way from the open to the close of ``bar`` that touches its high and low and trades its volume."""
    count = len(starts)
    prices = _path(count, bar, random, tick)
    weights = [random.uniform(0.4, 1.6) for _ in range(count)]
    weights[0] += 4.0  # the opening auction
    whole, done, traded, minutes = sum(weights), 0.0, 0, []
    for at, start in enumerate(starts):
        done += weights[at]
        total = bar.volume if at == count - 1 else int(bar.volume * done / whole)
        minutes.append(Minute(start, prices[at], prices[at + 1], total - traded))
        traded = total
    return minutes


def _path(count: int, bar: DailyBar, random: Random, tick: int) -> list[int]:
    """``count + 1`` prices, the first the open, the last the close, the highest the high, the lowest the low."""
    steps = [random.gauss(0, 1) for _ in range(count)]
    drift, walk, at = sum(steps) / count, [0.0], 0.0
    for step in steps:
        at += step - drift
        walk.append(at)
    spread = max(abs(level) for level in walk) or 1.0
    reach = (bar.high - bar.low) / 2 / spread
    prices = []
    for position, level in enumerate(walk):
        line = bar.open + (bar.close - bar.open) * position / count
        price = _reflected(line + level * reach, bar.low, bar.high)
        prices.append(min(bar.high, max(bar.low, round(price / tick) * tick)))
    prices[0], prices[-1] = bar.open, bar.close
    if count > 2:
        top, bottom = random.sample(range(1, count), 2)
        prices[top], prices[bottom] = bar.high, bar.low
    return prices


def _reflected(price: float, low: float, high: float) -> float:
    """``price`` thrown back once from a bound that it is beyond."""
    return 2 * high - price if price > high else 2 * low - price if price < low else price
