"""Tencent's quote lines as its host sends them: GBK, one line a code, fields separated by ``~``.

Field positions: 88 fields for Shanghai and Shenzhen, 87 for Beijing, 78 for Hong Kong, 73 for New York, in the order
of recorded answers. Volumes are in lots of 100 shares, except on the STAR board, for indices and abroad.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US, Board, Symbol
from aiwatch.simulator.faults import FaultKind, spoil_line
from aiwatch.simulator.market import Market, Stock
from aiwatch.simulator.spellings import yahoo_spelling

ENCODING = "gbk"
NONE_MATCH = b'v_pv_none_match="1";\n'
"""The whole answer when every code is unknown."""

HONG_KONG_DELAY = timedelta(minutes=15)

_PREFIXES = {SSE: "sh", SZSE: "sz", BSE: "bj"}
_MARKETS = {SSE: "1", SZSE: "51", BSE: "62"}
INDICES = {"^HSI": "hkHSI", "^IXIC": "us.IXIC", "^GSPC": "us.INX", "^DJI": "us.DJI"}
KINDS = {Board.STAR: "GP-A-KCB", Board.CHINEXT: "GP-A-CYB", Board.FUND: "ETF", Board.INDEX: "ZS"}
"""What Tencent calls a listing of each board; plain shares are ``GP-A`` on the mainland and ``GP`` elsewhere."""
US_SUFFIXES = {"NMS": ".OQ", "NYQ": ".N"}
"""What stands behind a ticker, by Yahoo's code of its market place."""
_ZONES = {
    **dict.fromkeys(_PREFIXES.values(), "Asia/Shanghai"),
    "hk": "Asia/Hong_Kong",
    "us": "America/New_York",
}
_TIME_FORMATS = {"hk": "%Y/%m/%d %H:%M:%S", "us": "%Y-%m-%d %H:%M:%S"}
_CHINA_TIME = "%Y%m%d%H%M%S"
_TIME = 30


def code_of(symbol: Symbol) -> str | None:
    """Tencent's spelling of ``symbol``; ``None`` for markets it does not carry."""
    if symbol.exchange in _PREFIXES:
        return _PREFIXES[symbol.exchange] + symbol.code
    if symbol.board in (Board.INDEX, Board.CURRENCY):
        return INDICES.get(symbol.text)
    if symbol.exchange is HKEX:
        return "hk" + symbol.code.zfill(5)
    return "us" + symbol.text.replace("-", ".") if symbol.exchange is US else None


class TencentWire:
    """Writes the stocks of a market as Tencent does; each line is kept until its stock changes.

    With ``delayed``, Hong Kong lines carry a time 15 minutes old, as the real host's do.
    """

    name = "tencent"
    content_type = "text/html; charset=GBK"

    def __init__(self, market: Market, *, delayed: bool = False) -> None:
        self._delay = HONG_KONG_DELAY if delayed else timedelta(0)
        self._market = market
        self._stocks: dict[str, Stock] = {}
        for stock in market.stocks.values():
            code = code_of(stock.listing.symbol)
            if code is not None:
                self._stocks[code] = stock
        self._lines: dict[str, tuple[int, bytes, bytes]] = {}
        self._zones = {key: ZoneInfo(name) for key, name in _ZONES.items()}

    def asked(self, target: str) -> tuple[str, ...] | None:
        """The codes a request target asks for: those of the path ``/q=a,b``; ``None`` for any other target."""
        path = unquote(target)
        return tuple(code for code in path[3:].split(",") if code) if path.startswith("/q=") else None

    def refusal(self, symbols: tuple[str, ...] | None) -> tuple[int, bytes] | None:
        """404 for any path but that of quotes."""
        return (404, b"<html>404 Not Found</html>") if symbols is None else None

    def symbol_of(self, part: bytes) -> str:
        """The code of a line."""
        return part[2 : part.index(b"=")].decode()

    def spoil(self, part: bytes, kind: FaultKind) -> bytes:
        """A line with one thing wrong."""
        return spoil_line(part, kind)

    def parts(self, codes: Sequence[str], now: datetime) -> list[bytes]:
        """A line for each code that is known, in the order asked."""
        times = {key: self._time(key, now) for key in self._zones}
        parts = []
        for code in codes:
            stock = self._stock(code)
            if stock is None:
                continue
            held = self._lines.get(code)
            if held is None or held[0] != stock.version:
                held = self._lines[code] = (stock.version, *_write(code, stock))
            time = times[code[:2]]
            if stock.suspended and stock.listing.symbol.is_china:
                time = time[:8] + b"090000"
            parts.append(held[1] + time + held[2])
        return parts

    def body(self, parts: Sequence[bytes]) -> bytes:
        """The whole answer."""
        return b"".join(parts) or NONE_MATCH

    def _stock(self, code: str) -> Stock | None:
        """What is listed under ``code``, now if need be."""
        stock = self._stocks.get(code)
        if stock is None:
            stock = self._market.stock(yahoo_spelling(code))
            if stock is None or code_of(stock.listing.symbol) != code:
                return None
            self._stocks[code] = stock
        return stock

    def _time(self, key: str, now: datetime) -> bytes:
        moment = now - self._delay if key == "hk" else now
        return f"{moment.astimezone(self._zones[key]):{_TIME_FORMATS.get(key, _CHINA_TIME)}}".encode()


def quote_fields(code: str, stock: Stock, now: datetime) -> list[str]:
    """The fields of the quote line of ``stock`` under ``code``, as history carries them too."""
    market = code[:2]
    fields = _hong_kong(code, stock) if market == "hk" else _new_york(code, stock) if market == "us" else _china(stock)
    fields[_TIME] = f"{now.astimezone(ZoneInfo(_ZONES[market])):{_TIME_FORMATS.get(market, _CHINA_TIME)}}"
    return fields


def _write(code: str, stock: Stock) -> tuple[bytes, bytes]:
    """The line of a stock in two pieces: what stands before and after its time."""
    market = code[:2]
    fields = _hong_kong(code, stock) if market == "hk" else _new_york(code, stock) if market == "us" else _china(stock)
    before, after = "~".join(fields[:_TIME]), "~".join(fields[_TIME + 1 :])
    return f'v_{code}="{before}~'.encode(ENCODING, "replace"), f'~{after}";\n'.encode(ENCODING, "replace")


class _Figures:
    """A stock's figures as texts, the same in every market's line."""

    def __init__(self, stock: Stock) -> None:
        listing = stock.listing
        previous = listing.previous_close
        self._scale = 10**listing.decimals
        self._decimals = listing.decimals
        self.quiet = stock.suspended
        self.points = previous if self.quiet else stock.last
        self.last = self.price(self.points)
        self.previous = self.price(previous)
        self.open, self.high, self.low = (self.traded(points) for points in (stock.open, stock.high, stock.low))
        self.volume = 0 if self.quiet else stock.volume
        self.amount = 0.0 if self.quiet else stock.turnover / self._scale
        self.change = self.price(self.points - previous)
        self.percent = f"{round((self.points - previous) / previous * 100, 2) + 0.0:.2f}"
        self.amplitude = f"{0.0 if self.quiet else (stock.high - stock.low) / previous * 100:.2f}"
        self.vwap = self.traded(stock.vwap)
        self.capital = self.points / self._scale * listing.shares / 1e8
        self.rate = f"{self.volume / listing.shares * 100 if listing.shares else 0:.2f}"
        self.ratio = f"{self.volume / stock.usual_volume if stock.usual_volume else 0:.2f}"
        self.year_low, self.year_high = (self.price(points) for points in stock.year_range)
        self.earnings = f"{30 * self.points / previous:.2f}"
        self.book = f"{4 * self.points / previous:.2f}"

    def price(self, points: float) -> str:
        return f"{points / self._scale:.{self._decimals}f}"

    def traded(self, points: float) -> str:
        return self.price(0 if self.quiet else points)


def _levels(first: int | None, size: int, step: int, stock: Stock, figures: _Figures, unit: int) -> list[str]:
    """Five prices and their sizes from the best one outwards; zeros where a limit ends the book."""
    fields = []
    for level in range(5):
        points = None if first is None or figures.quiet else first + level * step
        beyond = points is None or points <= 0 or _beyond(points, stock)
        fields.append(figures.price(0 if beyond or points is None else points))
        fields.append("0" if beyond else str(max(1, size * (7 - level) // 7 // unit)))
    return fields


def _beyond(points: int, stock: Stock) -> bool:
    over = stock.limit_up is not None and points > stock.limit_up
    return over or (stock.limit_down is not None and points < stock.limit_down)


def _china(stock: Stock) -> list[str]:
    """88 fields (87 in Beijing). An index has no book and no limits."""
    listing, figures = stock.listing, _Figures(stock)
    symbol = listing.symbol
    index, star = symbol.board is Board.INDEX, symbol.board is Board.STAR
    share = symbol.board not in (Board.INDEX, Board.FUND)
    unit = 1 if index or star else 100
    fields = [""] * (87 if symbol.exchange is BSE else 88)
    fields[0:6] = [
        _MARKETS[symbol.exchange], listing.name_zh, symbol.code, figures.last, figures.previous, figures.open
    ]  # fmt: skip
    volume, outer = figures.volume // unit, 0 if figures.quiet else stock.outer // unit
    fields[6:9] = [str(volume), str(outer), str(volume - outer)]
    fields[9:19] = _levels(None if index else stock.bid, stock.bid_size, -listing.tick, stock, figures, unit)
    fields[19:29] = _levels(None if index else stock.ask, stock.ask_size, listing.tick, stock, figures, unit)
    fields[31:35] = [figures.change, figures.percent, figures.high, figures.low]
    fields[35] = f"{figures.last}/{volume}/{figures.amount:.0f}"
    fields[36:39] = [str(volume), f"{figures.amount / 1e4:.0f}", "" if index else figures.rate]
    fields[39:41] = [figures.earnings if share else "", "S" if figures.quiet else ""]
    fields[41:44] = [figures.high, figures.low, figures.amplitude]
    fields[44] = fields[45] = "" if index else f"{figures.capital:.2f}"
    fields[46] = figures.book if share else "0.00"
    limits = stock.limit_up, stock.limit_down
    fields[47:49] = ["-1" if limit is None else figures.price(limit) for limit in limits]
    bids, asks = sum(map(int, fields[10:19:2])), sum(map(int, fields[20:29:2]))
    fields[49:52] = [figures.ratio, str(bids - asks), figures.vwap]
    fields[52] = fields[53] = fields[39]
    fields[74] = f"{(bids - asks) / (bids + asks) * 100 if bids + asks else 0:.2f}"
    _finish_china(fields, stock, figures)
    if star:
        fields[87] = "100"
    return fields


def _finish_china(fields: list[str], stock: Stock, figures: _Figures) -> None:
    """The fields from 56 on that need no other field's sums but 50."""
    listing, symbol = stock.listing, stock.listing.symbol
    share = symbol.board not in (Board.INDEX, Board.FUND)
    fields[56:60] = ["0.00" if share else "", f"{figures.amount / 1e4:.4f}", "0.0000", "0"]
    fields[60] = "   A" if symbol.exchange is SSE else " A"
    fields[61] = KINDS.get(symbol.board, "GP-A")
    fields[62:67] = ["0.00", "0.00", *(["0.00" if share else ""] * 3)]
    fields[67:69] = [figures.year_high, figures.year_low]
    fields[69:72] = ["0.00"] * 3
    fields[72] = fields[73] = fields[76] = str(listing.shares)
    fields[75] = fields[79] = fields[80] = "0.00"
    if symbol.board is Board.FUND:
        fields[77:79] = ["0.00", figures.last + "0"]
        fields[81] = fields[78]
    fields[82:87] = ["CNY", "0", "___D__F__N" if symbol.exchange is SSE else "", figures.last, fields[50]]


def _hong_kong(code: str, stock: Stock) -> list[str]:
    """78 fields. The free feed has no book: the last price stands on both sides, with no size."""
    listing, figures = stock.listing, _Figures(stock)
    index = listing.symbol.board is Board.INDEX
    volume = f"{figures.volume:.1f}"
    fields = ["0"] * 78
    fields[0:7] = ["100", listing.name_zh, code[2:], figures.last, figures.previous, figures.open, volume]
    fields[9] = fields[19] = figures.last
    fields[29] = volume
    fields[31:38] = [
        figures.change, figures.percent, figures.high, figures.low, figures.last, volume, f"{figures.amount:.3f}"
    ]  # fmt: skip
    fields[39:41] = ["0" if index else figures.earnings, ""]
    fields[43] = figures.amplitude
    fields[44] = fields[45] = "0" if index else f"{figures.capital:.4f}"
    fields[46:50] = [listing.name_en, "0" if index else "0.00", figures.year_high, figures.year_low]
    fields[50:52] = [figures.ratio, "0.00"]
    fields[57:60] = ["0.00" if index else figures.earnings, "0.00" if index else figures.book, figures.rate]
    fields[60:64] = ["0" if index else str(listing.lot), "0.00", "0.00", "ZS" if index else "GP"]
    fields[64:69] = [*(["" if index else "0.00"] * 2), "0.00", "0.00", "0.00"]
    fields[69] = fields[70] = f"{listing.shares:.2f}"
    fields[71:75] = ["0.00", "0.000", "" if index else figures.vwap, "0.00"]
    fields[75:78] = ["HKD", "1", "" if index else "30"]
    return fields


def _new_york(code: str, stock: Stock) -> list[str]:
    """73 fields, with the best bid and ask alone."""
    listing, figures = stock.listing, _Figures(stock)
    index = listing.symbol.board is Board.INDEX
    ticker = code[2:] + ("" if index else US_SUFFIXES[listing.venue])
    volume = str(figures.volume)
    fields = ["0"] * 29 + [""] * 44
    fields[0:7] = ["200", listing.name_zh, ticker, figures.last, figures.previous, figures.open, volume]
    if not index and not figures.quiet:
        fields[9:11] = [figures.price(stock.bid or 0), str(stock.bid_size)]
        fields[19:21] = [figures.price(stock.ask or 0), str(stock.ask_size)]
    fields[31:38] = [
        figures.change, figures.percent, figures.high, figures.low, "USD", volume, f"{figures.amount:.0f}"
    ]  # fmt: skip
    fields[43] = figures.amplitude
    fields[46:50] = [listing.name_en, "", figures.year_high, figures.year_low]
    fields[50] = "0"
    fields[54:57] = ["0.00", "0.00", "ZS" if index else "GP"]
    fields[59:62] = ["0.00"] * 3
    fields[64] = figures.ratio
    fields[67] = figures.vwap
    if not index:
        fields[38:40] = [figures.rate, figures.earnings]
        fields[41] = fields[65] = figures.earnings
        fields[47] = fields[57] = fields[58] = fields[66] = "0.00"
        fields[44] = fields[45] = fields[53] = f"{figures.capital:.5f}"
        fields[51:53] = [figures.book, "0.00"]
        fields[62] = fields[63] = str(listing.shares)
    return fields
