"""Sina's quote lines as its host sends them: GB18030, one line a code, fields separated by commas.

Field orders are those of recorded answers; see `aiwatch.sources.sina.quote` for what they mean. Volumes are in shares,
those of mainland indices in lots of 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from aiwatch.market.symbol import BSE, FX, HKEX, SSE, SZSE, US, Board, Symbol
from aiwatch.simulator.faults import PRICES, FaultKind
from aiwatch.simulator.market import Market, Stock
from aiwatch.simulator.spellings import yahoo_spelling

ENCODING = "gb18030"
REFERER = "finance.sina.com.cn"
_PREFIXES = {SSE: "sh", SZSE: "sz", BSE: "bj"}
_INDICES = {"^HSI": "rt_hkHSI", "^IXIC": "gb_ixic", "^GSPC": "gb_inx", "^DJI": "gb_dji"}
_PATH = "/list="
_ZONES = {"hk": "Asia/Hong_Kong", "us": "America/New_York", "cn": "Asia/Shanghai"}
_PRICE_FIELD = {"rt_": 6, "gb_": 1, "fx_": 8}


def code_of(symbol: Symbol) -> str | None:
    """Sina's spelling of ``symbol``; ``None`` for markets it does not carry."""
    if symbol.exchange in _PREFIXES:
        return _PREFIXES[symbol.exchange] + symbol.code
    if symbol.board is Board.INDEX:
        return _INDICES.get(symbol.text)
    if symbol.exchange is HKEX:
        return "rt_hk" + symbol.code.zfill(5)
    if symbol.exchange is FX:
        return "fx_s" + "".join(symbol.pair).lower()
    return "gb_" + symbol.text.replace("-", "$").lower() if symbol.exchange is US else None


class SinaWire:
    """Writes the stocks of a market as Sina does. A suspended share stands at a last price of 0."""

    name = "sina"
    content_type = "application/javascript; charset=GB18030"

    def __init__(self, market: Market) -> None:
        self._market = market
        self._stocks: dict[str, Stock] = {}
        for stock in market.stocks.values():
            code = code_of(stock.listing.symbol)
            if code is not None:
                self._stocks[code] = stock
        self._zones = {key: ZoneInfo(name) for key, name in _ZONES.items()}

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The codes a request target asks for: those of the path ``/list=a,b``; ``None`` for any other target."""
        path = unquote(target)
        return tuple(code for code in path[len(_PATH) :].split(",") if code) if path.startswith(_PATH) else None

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """404 for any path but that of quotes."""
        return (404, b"<html>404 Not Found</html>") if symbols is None else None

    def symbol_of(self, part: bytes) -> str:
        """The code of a line."""
        return part[len("var hq_str_") : part.index(b"=")].decode()

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """A line with one thing wrong; an empty one for `FaultKind.UNKNOWN`."""
        head, _, rest = part.decode(ENCODING).partition('"')
        fields = rest.removesuffix('";\n').split(",")
        if kind is FaultKind.UNKNOWN:
            fields = [""]
        elif kind is FaultKind.FIELD_COUNT:
            del fields[8:]
        elif kind is FaultKind.FUTURE:
            fields = [_later(field) for field in fields]
        else:
            code = self.symbol_of(part)
            fields[_PRICE_FIELD.get(code[:3], 3)] = f"{PRICES[kind]:g}"
        return f'{head}"{",".join(fields)}";\n'.encode(ENCODING)

    def parts(self, codes: Sequence[str], now: datetime) -> list[bytes]:
        """A line for each code asked for, an empty one where it is not known."""
        local = {key: now.astimezone(zone) for key, zone in self._zones.items()}
        parts = []
        for code in codes:
            stock = self._stock(code)
            fields = [] if stock is None else _fields(code, stock, local)
            parts.append(f'var hq_str_{code}="{",".join(fields)}";\n'.encode(ENCODING, "replace"))
        return parts

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        return b"".join(parts)

    def _stock(self, code: str) -> Stock | None:
        """What is listed under ``code``, now if need be."""
        stock = self._stocks.get(code)
        if stock is None:
            stock = self._market.stock(yahoo_spelling(code))
            if stock is None or code_of(stock.listing.symbol) != code:
                return None
            self._stocks[code] = stock
        return stock


def _later(field: str) -> str:
    """``field`` a year on, if it has a date in it or is a year."""
    if len(field) >= 10 and field[4:5] in ("-", "/") and field[:4].isdigit():
        return f"2096{field[4:]}"
    return "2096" if len(field) == 4 and field.startswith("20") and field.isdigit() else field


def _fields(code: str, stock: Stock, local: dict[str, datetime]) -> list[str]:
    if code.startswith("rt_hk"):
        return _hong_kong(stock, local["hk"])
    if code.startswith("gb_"):
        return _new_york(stock, local["cn"], local["us"])
    return _rate(stock, local["cn"]) if code.startswith("fx_") else _china(stock, local["cn"])


def _price(stock: Stock, points: float) -> str:
    return f"{points / 10**stock.listing.decimals:.{max(3, stock.listing.decimals)}f}"


def _china(stock: Stock, now: datetime) -> list[str]:
    """33 fields. A share that is suspended has neither an open nor a last price; an index has no book."""
    quiet, index = stock.suspended, stock.listing.symbol.board is Board.INDEX
    prices = (0 if quiet else points for points in (stock.open, stock.last, stock.high, stock.low))
    opened, last, high, low = (_price(stock, points) for points in prices)
    volume = 0 if quiet else stock.volume // (100 if index else 1)
    turnover = 0.0 if quiet else stock.turnover / 10**stock.listing.decimals
    none = index or quiet
    bids = _levels(stock, None if none else stock.bid, stock.bid_size, -stock.listing.tick)
    asks = _levels(stock, None if none else stock.ask, stock.ask_size, stock.listing.tick)
    return [
        stock.listing.name_zh,
        *(opened, _price(stock, stock.listing.previous_close), last, high, low, bids[1], asks[1]),
        *(str(volume), f"{turnover:.3f}", *bids, *asks),
        *(f"{now:%Y-%m-%d}", f"{now:%H:%M:%S}", "03" if quiet else "00"),
    ]


def _levels(stock: Stock, first: int | None, size: int, step: int) -> list[str]:
    """Five sizes and prices from the best one outwards; zeros where a limit ends the book."""
    fields = []
    for level in range(5):
        points = 0 if first is None else first + level * step
        beyond = (stock.limit_up is not None and points > stock.limit_up) or (
            stock.limit_down is not None and points < stock.limit_down
        )
        there = points > 0 and not beyond
        fields += [str(max(1, size * (7 - level) // 7)) if there else "0", _price(stock, points if there else 0)]
    return fields


def _hong_kong(stock: Stock, now: datetime) -> list[str]:
    listing, quiet = stock.listing, stock.suspended
    previous = listing.previous_close
    last = previous if quiet else stock.last
    year_low, year_high = stock.year_range
    day = [_price(stock, 0 if quiet else points) for points in (stock.open, stock.high, stock.low)]
    orders = [_price(stock, 0 if quiet or points is None else points) for points in (stock.bid, stock.ask)]
    return [
        *(listing.name_en, listing.name_zh, day[0], _price(stock, previous), *day[1:], _price(stock, last)),
        *(_price(stock, last - previous), f"{(last - previous) / previous * 100:.3f}", *orders),
        *(f"{0 if quiet else stock.turnover / 10**listing.decimals:.0f}", str(0 if quiet else stock.volume)),
        *("0.000", "0.000", _price(stock, year_high), _price(stock, year_low)),
        *(f"{now:%Y/%m/%d}", f"{now:%H:%M:%S}"),
    ]


def _new_york(stock: Stock, beijing: datetime, now: datetime) -> list[str]:
    listing = stock.listing
    previous = listing.previous_close
    last = previous if stock.suspended else stock.last
    percent = f"{(last - previous) / previous * 100:.2f}"
    year_low, year_high = stock.year_range
    day = [_price(stock, previous if stock.suspended else p) for p in (stock.open, stock.high, stock.low)]
    volume = 0 if stock.suspended else stock.volume
    cap = last / 10**listing.decimals * listing.shares
    summer = "EDT" if now.dst() else "EST"
    return [
        *(
            listing.name_zh,
            _price(stock, last),
            percent,
            f"{beijing:%Y-%m-%d %H:%M:%S}",
            _price(stock, last - previous),
        ),
        *(*day, _price(stock, year_high), _price(stock, year_low), str(volume), str(stock.usual_volume)),
        *(f"{cap:.0f}", "1.00", "30.000000", "0.00", "0.00", "0.00", "0.00", str(listing.shares), "0"),
        *("0.0000", "0.00", "0.00", "", f"{now:%b %d %I:%M%p} {summer}", _price(stock, previous), "0", "1"),
        *(f"{now:%Y}", "0.0000"),
    ]


def _rate(stock: Stock, now: datetime) -> list[str]:
    tick = stock.listing.tick
    prices = [_price(stock, points) for points in (stock.last - tick, stock.last + tick, stock.listing.previous_close)]
    day = [_price(stock, points) for points in (stock.open, stock.high, stock.low, stock.last)]
    names = [stock.listing.name_zh, *["0.0000"] * 3, "", "0.0000", "0.0000", ""]
    return [f"{now:%H:%M:%S}", *prices, "0.0000", *day, *names, f"{now:%Y-%m-%d}"]


def is_admitted(referer: str) -> bool:
    """Whether the host answers a request that came from the page ``referer``."""
    return REFERER in referer
