"""Tencent's quote lines, read. Pure: bytes in, quotes and refusals out; the field maps are in `tencent_fields`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from aiwatch.errors import Garbled
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Board, Symbol
from aiwatch.sources import Answer, Refusal, figures
from aiwatch.sources import tencent_fields as at
from aiwatch.sources.figures import Doubt, number, positive
from aiwatch.sources.tencent_codes import code_of, symbol_of

NONE_MATCH = "pv_none_match"
"""The name of the one line sent when no code is known."""
_LINE = re.compile(rb'v_([\w.]+)=("?)([^"]*)("?)[;\s]*')
_PLAIN = re.compile(r"[-+0-9.~]*")
_TIME = re.compile(r"(\d{4})([/-]?)(\d\d)\2(\d\d) ?(\d\d):?(\d\d):?(\d\d)", re.ASCII)
_STATES = {"D": Trading.DELISTED, "S": Trading.SUSPENDED, "C": Trading.SUSPENDED}
_AUCTION = ("091500", "093000")
_HUNDRED_MILLION = 1e8


def lines_of(body: bytes) -> list[bytes]:
    """The lines of an answer, empty ones left out."""
    return [line for line in body.replace(b'";v_', b'";\nv_').split(b"\n") if line.strip()]


def parse(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The whole answer ``body`` to a request for ``asked``; see `Batch`."""
    batch = Batch(asked, received_at)
    batch.take(lines_of(body))
    return batch.answer(host)


class Batch:
    """The answer to one request, taken in line by line so that an event loop can breathe between.

    Lines are matched by their code, never by place; of two lines for one symbol the later counts. One bad line
    becomes a `Refusal` and hurts no other.
    """

    def __init__(self, asked: Iterable[Symbol], received_at: datetime) -> None:
        symbols = frozenset(asked)
        self._asked = {code: symbol for symbol in symbols if (code := code_of(symbol))}
        self._uncovered = symbols.difference(self._asked.values())
        self._received_at = received_at
        self._found: dict[str, Quote | Refusal] = {}
        self._stray: list[Refusal] = []
        self._none_match = False

    def take(self, lines: Sequence[bytes]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {figures.plain(line[:40].decode('ascii', 'replace'))}"))
                continue
            name, opened, content, closed = match.groups()
            self._take_line(name.decode("ascii", "replace"), content, whole=len(opened) == len(closed))

    def _take_line(self, name: str, content: bytes, *, whole: bool) -> None:
        if name == NONE_MATCH:
            self._none_match = True
            return
        short = name.startswith("s_")
        code = name[2:] if short or name.startswith("r_") else name
        symbol = self._asked.get(code)
        if symbol is None:
            known = symbol_of(code)
            self._stray.append(Refusal(known.text if known else figures.plain(code, 20), "was not asked for"))
            return
        try:
            if short:
                raise Doubt("a short line, which carries too little")
            if not whole:
                raise Doubt("a line cut short")
            self._found[code] = quote_of(symbol, code, content, self._received_at)
        except Doubt as doubt:
            self._found[code] = Refusal(symbol.text, str(doubt))

    def answer(self, host: str) -> Answer:
        """What the lines add up to.

        A symbol without a line is unknown, unless there were lines that could not be read: then it is refused, for
        its own may have been among them. Raises `Garbled` when no line is about anything that was asked for.
        """
        missing = [symbol for code, symbol in self._asked.items() if code not in self._found]
        if self._asked and not self._found and not self._none_match:
            why = self._stray[0].reason if self._stray else "an empty answer"
            raise Garbled(host, f"no line of what was asked for: {why}")
        lost = any(not refusal.symbol for refusal in self._stray)
        refused = [entry for entry in self._found.values() if isinstance(entry, Refusal)] + self._stray
        if lost:
            refused += [Refusal(symbol.text, "its line may be among the unreadable ones") for symbol in missing]
        return Answer(
            quotes=tuple(entry for entry in self._found.values() if isinstance(entry, Quote)),
            unknown=self._uncovered if lost else self._uncovered.union(missing),
            refused=tuple(refused),
        )


def quote_of(symbol: Symbol, code: str, content: bytes, received_at: datetime) -> Quote:
    """The quote that the line ``content`` of ``code`` (the text between the quotation marks) makes of ``symbol``.

    Raises `Doubt` with the reason when the line is not believed.
    """
    fields = _fields(code, content)
    prefix = code[:2]
    layout = at.LAYOUTS[prefix] if len(fields) >= at.LAYOUTS[prefix].length else at.SHORT_LAYOUTS[prefix]
    fields.append("")
    last, previous_close, tick, trading = _price(fields, symbol)
    as_of = _moment(fields[at.TIME], layout.zone)
    figures.check_time(as_of, received_at)
    opened, high, low = positive(fields[at.OPEN]), positive(fields[at.HIGH]), positive(fields[at.LOW])
    if trading is Trading.TRADED:
        figures.check_range(last, low, high, tick)
    else:
        opened = high = low = None
    kind = fields[layout.kind]
    index = kind == at.INDEX or symbol.board is Board.INDEX
    turnover = _turnover(fields, layout)
    unit = _unit(symbol, kind, fields[at.VOLUME], turnover, last, layout)
    limit_up, limit_down = positive(fields[layout.limit_up]), positive(fields[layout.limit_down])
    cap = positive(fields[layout.market_cap])
    sized = unit if not index else None
    bid, ask = (None, None) if index else _best_orders(fields)
    return Quote(
        symbol=symbol,
        source="tencent",
        last=last,
        previous_close=previous_close,
        as_of=as_of,
        received_at=received_at,
        currency=_currency(fields[layout.currency], symbol),
        decimals=figures.decimals_of(fields[at.LAST]),
        trading=trading,
        open=opened,
        high=high,
        low=low,
        volume=_count(fields[at.VOLUME], sized),
        turnover=None if index and not symbol.is_china else turnover,
        bid=bid,
        ask=ask,
        bid_size=_count(fields[at.BID_SIZE], sized) or None,
        ask_size=_count(fields[at.ASK_SIZE], sized) or None,
        limit_up=limit_up if limit_down else None,
        limit_down=limit_down if limit_up else None,
        turnover_rate=number(fields[layout.turnover_rate]),
        volume_ratio=number(fields[layout.volume_ratio]),
        vwap=None if index else positive(fields[layout.vwap]),
        amplitude=number(fields[layout.amplitude]),
        pe=number(fields[layout.pe]) or None,
        market_cap=None if cap is None or index else float(round(cap * _HUNDRED_MILLION)),
        high_52w=positive(fields[layout.high_52w]),
        low_52w=positive(fields[layout.low_52w]),
        lot=_count(fields[layout.lot], 1) or symbol.lot,
        delay_minutes=layout.delay,
        name=figures.plain(fields[at.NAME]),
    )


def _fields(code: str, content: bytes) -> list[str]:
    """The fields of a line. The name is cut out by the code that follows it, for a half character at its end
    would else swallow the separator: the second byte of a GBK character may be a tilde."""
    own = code[2:].encode()
    start = content.find(b"~") + 1
    end = content.find(b"~" + own, start)
    tail = end + 1 + len(own)
    if not start or end < 0 or content[tail : tail + 1] not in (b"~", b"."):
        raise Doubt("its line is about another code" if content.count(b"~") >= at.LEAST - 1 else "too few fields")
    tail = content.find(b"~", tail) + 1
    name, rest = content[start:end].decode("gb18030", "replace"), content[tail:]
    fields = (rest.decode("ascii") if rest.isascii() else rest.decode("gb18030", "replace")).split("~")
    fields[:0] = (content[: start - 1].decode("ascii", "replace"), name, code)
    if not tail or len(fields) < at.LEAST:
        raise Doubt(f"{len(fields)} fields, fewer than {at.LEAST}")
    return fields


def _price(fields: list[str], symbol: Symbol) -> tuple[float, float | None, float, Trading]:
    """Last, previous close, the tick of the line, and what the stock is doing."""
    keys = (at.LAST, at.PREVIOUS_CLOSE, at.OPEN, at.VOLUME, at.CHANGE, at.HIGH, at.LOW)
    texts = [fields[key] for key in keys]
    try:
        if not _PLAIN.fullmatch("~".join(texts)):
            raise ValueError
        last, previous, opened, volume, change, high, low = map(float, texts)
    except ValueError:
        raise Doubt(f"no numbers where prices belong: {figures.plain(' '.join(texts))}") from None
    if min(previous, opened, volume, high, low) < 0 or max(previous, opened, high, low) >= figures.ABSURD_PRICE:
        raise Doubt("a price or volume that cannot be")
    if volume >= figures.ABSURD_AMOUNT:
        raise Doubt(f"a volume of {volume:g}")
    state = _STATES.get(fields[at.STATUS].strip())
    if state is not None and not last:
        # Nothing trades, nothing is quoted: the previous close is the price, and it has not changed.
        last, change = previous, 0.0 if change == -previous else change
    figures.check_price(last)
    tick = 10.0 ** -max(2, min(figures.decimals_of(fields[at.LAST]), figures.decimals_of(fields[at.CHANGE])))
    if abs(last - previous - change) > tick * 1.01 and (previous or change):
        raise Doubt(f"a change of {change:g} does not fit {last:g} after {previous:g}")
    trading = state or Trading.TRADED
    if state is None and not opened and not volume:
        trading = _untraded(fields, symbol, high or low, moved=abs(last - previous) > tick * 0.5)
    return last, previous or None, tick, trading


def _untraded(fields: list[str], symbol: Symbol, extremes: float, *, moved: bool) -> Trading:
    """What a stock without an open and without volume is doing: in a call auction the price moves all the same,
    and high and low say nothing. Hong Kong moves a nominal price with the orders; elsewhere it stands still."""
    if symbol.is_china and _AUCTION[0] <= fields[at.TIME][8:14] < _AUCTION[1]:
        return Trading.AUCTION
    if symbol.board is Board.INDEX or extremes:
        return Trading.TRADED
    if moved and symbol.exchange.code != "HKEX":
        raise Doubt("the price moved without a trade")
    return Trading.UNTRADED


@lru_cache(maxsize=8)
def zone_of(name: str) -> ZoneInfo:
    """The time zone ``name``, read from disk once."""
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _moment(text: str, zone: str) -> datetime:
    """The UTC moment of a line's local time; most lines of a batch share a few."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Doubt(f"no time: {figures.plain(text, 30)!r}")
    year, month, day, hour, minute, second = map(int, match.group(1, 3, 4, 5, 6, 7))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone_of(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Doubt(f"no time: {text!r}") from None


def _unit(
    symbol: Symbol, kind: str, volume_text: str, turnover: float | None, last: float, layout: at.Layout
) -> int | None:
    """The shares in one unit of volume; ``None`` when turnover and price say that it must be another one, as for
    bonds, whose lots are smaller."""
    star = kind == at.STAR_SHARE or (not kind and symbol.board is Board.STAR)
    unit = 1 if star else layout.board_lot
    volume = number(volume_text, figures.ABSURD_AMOUNT)
    if unit != layout.board_lot or layout.board_lot > 1:
        worth = (volume or 0.0) * unit * last
        if worth and turnover and not 0.2 < turnover / worth < 5:
            return None
    return unit


def _turnover(fields: list[str], layout: at.Layout) -> float | None:
    amount = number(fields[layout.turnover], figures.ABSURD_AMOUNT)
    if amount is None:
        amount = number(fields[layout.coarse_turnover], figures.ABSURD_AMOUNT)
    return None if amount is None or amount < 0 else round(amount * layout.turnover_unit, 3)


def _count(text: str, unit: int | None) -> int | None:
    value = number(text, figures.ABSURD_AMOUNT)
    return None if value is None or value < 0 or unit is None else round(value * unit)


def _best_orders(fields: list[str]) -> tuple[float | None, float | None]:
    """Best bid and ask. The delayed feed of Hong Kong fills both with the last price and says no size: no orders."""
    bid, ask = positive(fields[at.BID]), positive(fields[at.ASK])
    if bid == ask and not positive(fields[at.BID_SIZE]) and not positive(fields[at.ASK_SIZE]):
        return None, None
    return bid, ask


def _currency(text: str, symbol: Symbol) -> str:
    return text if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper() else symbol.currency
