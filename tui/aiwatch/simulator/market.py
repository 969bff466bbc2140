"""The simulated market: a seeded random walk of every listing, moved on by the time that has passed.

The state after a given time depends on the seed, the universe and the rate alone, not on how often it was looked at.
All prices are whole numbers of points (10 to the minus the listing's decimals), so sums are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from aiwatch.errors import SymbolError
from aiwatch.market.quote import limit_prices
from aiwatch.market.symbol import BSE, US, Board, parse_symbol
from aiwatch.simulator.listings import HOT, Listing, synthetic

Clock = Callable[[], datetime]
"""Gives the present moment, aware UTC."""

BACKLOG = 100
"""How many steps per listing are made up for at most after a pause; a longer pause is skipped over."""

MOST_STOCKS = 20_000
"""Stocks after which nothing more is listed when it is asked for."""

_PULL = 0.06
"""Which share of the way to its anchor a price moves in one step."""
_DAILY_SWING = {Board.INDEX: 0.006, Board.CURRENCY: 0.002}
_INDEX_VOLUME = 400_000_000


class Stock:
    """A listing at work. Prices are in points, ``volume`` in shares, ``turnover`` in points times shares.

    ``bid`` and ``ask`` are ``None`` where a limit leaves no such side; their sizes are in shares. ``outer`` is the part
    of the volume bought at the ask. ``version`` grows with every change. A ``suspended`` stock keeps its state unseen.
    """

    __slots__ = (
        "anchor",
        "ask",
        "ask_size",
        "bid",
        "bid_size",
        "high",
        "last",
        "limit_down",
        "limit_up",
        "listing",
        "low",
        "noise",
        "open",
        "outer",
        "patience",
        "suspended",
        "turnover",
        "usual_volume",
        "version",
        "volume",
    )

    def __init__(self, listing: Listing, random: Random) -> None:
        self.listing = listing
        self.limit_up, self.limit_down = _limits(listing)
        self.noise = listing.previous_close * _swing(listing) * 0.06
        self.suspended = False
        self.version = 0
        self.volume = self.turnover = self.outer = 0
        self.usual_volume = _usual_volume(listing)
        self.anchor = self.patience = 0
        self.bid: int | None = None
        self.ask: int | None = None
        self.bid_size = self.ask_size = 0
        self.last = self.open = self.high = self.low = listing.previous_close
        self._open_the_day(random)

    def step(self, random: Random) -> None:
        """Make a trade, near the last price and towards the anchor."""
        self.patience -= 1
        if self.patience <= 0:
            self._choose_anchor(random)
        target = self.last + (self.anchor - self.last) * _PULL + random.gauss(0.0, self.noise)
        sealed = self._sealed_at()
        self.trade(sealed or self._on_grid(target), self._size(random), random.random())

    def trade(self, price: int, shares: int, side: float = 0.5) -> None:
        """Book a trade of ``shares`` at ``price`` points; it was a purchase when ``side`` (0 to 1) is at least 0.5."""
        self.last = price
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        self.volume += shares
        self.turnover += price * shares
        bought = side >= 0.5
        if bought:
            self.outer += shares
        tick = self.listing.tick
        self.bid = price - tick if bought else price
        self.ask = price if bought else price + tick
        self.bid_size = self.listing.lot * (1 + int(side * 7919) % 400)
        self.ask_size = self.listing.lot * (1 + int(side * 104729) % 400)
        if price == self.limit_up:
            self.bid, self.ask, self.ask_size, self.bid_size = price, None, 0, self.bid_size * 40
        elif price == self.limit_down:
            self.bid, self.ask, self.bid_size, self.ask_size = None, price, 0, self.ask_size * 40
        self.version += 1

    @property
    def vwap(self) -> float:
        """The day's mean price in points, weighted by volume; the last price before any volume."""
        return self.turnover / self.volume if self.volume else float(self.last)

    @property
    def year_range(self) -> tuple[float, float]:
        """The lowest and highest price of a made-up year, in points; the day's own lie within."""
        reach = min(0.4, 20 * _swing(self.listing))
        previous = self.listing.previous_close
        return min(self.low, previous * (1 - reach)), max(self.high, previous * (1 + reach))

    def _open_the_day(self, random: Random) -> None:
        """Begin as if part of the day had passed: an opening gap, a high, a low and a last price, each traded."""
        self._choose_anchor(random)
        if self.listing.symbol.text == HOT[0] and self.limit_up is not None:
            self.anchor = self.limit_up + self.listing.tick
        swing = self.listing.previous_close * _swing(self.listing)
        prices = [self._on_grid(self.listing.previous_close + random.gauss(0.0, swing * 0.4)) for _ in range(3)]
        self.open = self.high = self.low = prices[0]
        for price in (*prices, self._on_grid(self.anchor)):
            self.trade(price, self._round_lot(self.usual_volume * random.uniform(0.06, 0.16)), random.random())

    def _choose_anchor(self, random: Random) -> None:
        self.patience = random.randint(40, 160)
        fate = random.random()
        if self.limit_up is not None and fate < (0.45 if self.listing.hot else 0.01):
            self.anchor = self.limit_up + self.listing.tick
        elif self.limit_down is not None and fate > 0.995:
            self.anchor = self.limit_down - self.listing.tick
        else:
            swing = _swing(self.listing) * (2 if self.listing.hot else 1)
            self.anchor = max(1, int(self.listing.previous_close * (1 + random.gauss(0.0, swing))))

    def _sealed_at(self) -> int | None:
        """The limit the price is held at, while its anchor lies beyond it."""
        if self.last == self.limit_up and self.anchor > self.limit_up:
            return self.limit_up
        if self.last == self.limit_down and self.anchor < self.limit_down:
            return self.limit_down
        return None

    def _on_grid(self, target: float) -> int:
        tick = self.listing.tick
        price = max(tick, round(target / tick) * tick)
        if self.limit_up is not None and price > self.limit_up:
            return self.limit_up
        if self.limit_down is not None and price < self.limit_down:
            return self.limit_down
        return price

    def _size(self, random: Random) -> int:
        return self._round_lot(self.usual_volume / 4000 * (0.2 + 1.6 * random.random())) if self.usual_volume else 0

    def _round_lot(self, shares: float) -> int:
        lot = self.listing.lot
        return max(1, round(shares / lot)) * lot if self.usual_volume else 0


class Market:
    """All stocks of one universe, keyed by Yahoo's spelling.

    ``rate`` is in changed quotes per second over the whole universe, 0 holds every price still; ``clock`` gives aware
    UTC moments. `advance` is the only thing that reads it. With ``anything``, `stock` lists what is not there yet.
    """

    def __init__(
        self, listings: Iterable[Listing], *, seed: int, rate: float, clock: Clock, anything: bool = False
    ) -> None:
        self.rate = rate
        self.clock = clock
        self.extended = ""
        """``pre`` or ``post``: New York's shares trade outside their session, which stands at the previous close."""
        self._anything = anything
        self._seed = seed
        self._random = Random(seed)
        self.stocks = {listing.symbol.text: Stock(listing, self._random) for listing in listings}
        self._order = list(self.stocks.values())
        self._start = clock()
        self._done = 0

    def stock(self, text: str) -> Stock | None:
        """The stock of Yahoo's spelling ``text``; ``None`` where it is not listed and is not to be listed.

        One listed only now has a price and a day that depend on its symbol and the seed alone.
        """
        stock = self.stocks.get(text)
        if stock is not None or not self._anything or len(self.stocks) >= MOST_STOCKS:
            return stock
        try:
            listing = synthetic(parse_symbol(text))
        except SymbolError:
            return None
        stock = self.stocks[text] = Stock(listing, Random(f"{self._seed}/{text}"))
        self._order.append(stock)
        return stock

    def extended_of(self, stock: Stock) -> str:
        """``pre`` or ``post`` of a share that trades outside its session now; empty of any other."""
        symbol = stock.listing.symbol
        return self.extended if symbol.exchange == US and symbol.board is Board.MAIN else ""

    def advance(self) -> datetime:
        """Let happen what has happened since the last look, and return the present moment."""
        now = self.clock()
        due = int((now - self._start).total_seconds() * self.rate)
        steps = min(due - self._done, BACKLOG * len(self._order))
        random = self._random
        for _ in range(steps):
            self._order[int(random.random() * len(self._order))].step(random)
        self._done = max(self._done, due)
        return now

    def trade(self, text: str, price: float, shares: int = 100) -> None:
        """Make a stock trade at ``price`` (in its currency) now, after all that is due; for tests.

        Raises `KeyError` for an unknown stock and `ValueError` for a price beyond its limits.
        """
        self.advance()
        stock = self.stocks[text]
        points = round(price * 10**stock.listing.decimals)
        if stock.limit_up is not None and stock.limit_down is not None:
            if not stock.limit_down <= points <= stock.limit_up:
                raise ValueError(f"{text}: {price} is beyond its limits")
        elif points <= 0:
            raise ValueError(f"{text}: {price} is not above 0")
        stock.trade(points, shares)

    def suspend(self, text: str, suspended: bool = True) -> None:
        """Halt a stock (or let it trade again). Raises `KeyError` for an unknown one."""
        stock = self.stocks[text]
        stock.suspended = suspended
        stock.version += 1


def _limits(listing: Listing) -> tuple[int | None, int | None]:
    percent = listing.symbol.daily_limit
    if percent is None:
        return None, None
    scale = 10**listing.decimals
    up, down = limit_prices(
        listing.previous_close / scale, percent, listing.decimals, inwards=listing.symbol.exchange is BSE
    )
    return round(up * scale), round(down * scale)


def _swing(listing: Listing) -> float:
    """The usual daily move as a share of the price."""
    percent = listing.symbol.daily_limit
    return _DAILY_SWING.get(listing.symbol.board, 0.018 if percent is None else percent / 500)


def _usual_volume(listing: Listing) -> int:
    """A usual day's volume in shares: 2 % of the tradable stock, a plain figure for indices, none for currencies."""
    if listing.symbol.board is Board.CURRENCY:
        return 0
    return _INDEX_VOLUME if listing.symbol.board is Board.INDEX else max(1, listing.shares // 50)
