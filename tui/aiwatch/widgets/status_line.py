"""The top line: which markets are open, and whether the data is alive; and below it in words what is wrong now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from aiwatch.formatting.text import age, index_title, span
from aiwatch.market.calendar.session import Phase, Session
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import HKEX, SSE, TSE, US, Board, Symbol
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.board.summary import percent

MARKETS = ((SSE, "SSE/SZSE"), (HKEX, "HKEX"), (US, "NYSE/Nasdaq"), (TSE, "TSE"))
"""The exchanges of the top line with the names shown; Shanghai and Shenzhen keep the same hours."""

_APART = 3
_MINUTE = timedelta(minutes=1)
_WELCOME_KEYS = (("find.stock", "finds a stock"), ("app.help", "all keys"), ("panel.back", "hides"))
_COLOURS_KEY = ("view.colours", "changes")
_COLOURS = " · mixed lists: green is up"
_WELCOME = "Left: prices. Right: who pledged what to AI, how far to trust it"
_MOST_NOTICES = 10
"""Rows of what is wrong at most, as the style sheet has it."""
_MOST_TOLD = 3
"""Sources that are down and described in full."""
_SHORT = {"SSE/SZSE": "SSE", "NYSE/Nasdaq": "NYSE"}
_MARKS = {
    Condition.OK: ("✓", "$up"),
    Condition.FAILING: ("✗", "$error"),
    Condition.STOPPED: ("✗", "$error"),
    Condition.WAITING: ("…", "$flat"),
}


def market_part(session: Session, title: str, now: datetime, detail: int) -> Content:
    """One market: name, dot, local time, phase. ``detail`` from -1 (least) to 3 (with what comes next)."""
    local = now.astimezone(ZoneInfo(session.exchange.zone))
    trading = session.phase.is_trading
    dot, style = ("●", "$up") if trading else ("◐", "$closed") if session.phase is Phase.LUNCH else ("○", "$closed")
    name = title if detail >= 2 else _SHORT.get(title, title)
    words = f" {session.phase}" if detail >= 0 or trading else ""
    early = session.half_day and session.closes is not None
    if early and detail in (1, 2):
        words += ", half day" if detail == 1 else ", closes early"
    if detail <= 0:
        return Content.assemble(f"{name} ", (dot, style), (words, style))
    coming = ""
    if detail >= 3:
        if session.closes is not None and trading:
            coming = f", closes {'early ' if early else ''}in {span(session.closes - now)}"
        elif not trading and session.opens is not None:
            coming = f", opens in {span(session.opens - now)}"
    return Content.assemble((f"{name} ", "bold"), (dot, style), f" {local:%H:%M}", (words, style), (coming, "$quiet"))


def next_times(session: Session, title: str, here: tzinfo | None) -> str:
    """When a market trades next, by its own clock and by the one ``here`` (``None``: this computer's):
    ``NYSE/Nasdaq, holiday: opens Fri 27 Nov 09:30 (15:30 here)``. Says so where that goes by the usual hours alone."""
    closes, half = session.closes, ", half day" if session.half_day else ""
    words, moment = ("opens", session.opens) if closes is None else ("closes", closes)
    if moment is None:
        return f"{title}, {session.phase}"
    there = moment.astimezone(ZoneInfo(session.exchange.zone))
    own = moment.astimezone(here)
    day = "" if own.date() == there.date() else f"{own:%a} "
    unsure = "" if session.holidays_known else "; holidays not known"
    return f"{title}, {session.phase}{half}: {words} {there:%a %d %b %H:%M} ({day}{own:%H:%M} here){unsure}"


def answered(health: SourceHealth, now: datetime) -> str:
    """How old the last answer of a source is, once that is a minute: what answers as it should needs no age."""
    last = health.last_success
    return "" if last is None or now - last < _MINUTE else age(last, now)


def source_part(health: SourceHealth, now: datetime, detail: int) -> Content:
    """One source: name, age of its last answer where that is old, how it is, and what it refused."""
    mark, style = _MARKS.get(health.condition, ("·", "$flat"))
    words = ""
    if detail >= 1:
        if health.condition is Condition.OK:
            words = " behind" if health.is_behind else f" {answered(health, now)}".rstrip()
        elif health.condition is Condition.FAILING:
            words = " down"
        elif health.condition is Condition.STOPPED:
            words = " stopped"
    dropped = f" {health.dropped} refused" if health.dropped and detail >= 1 else ""
    if health.is_behind:
        style = "$warning"
    return Content.assemble(f"{health.title}{words} ", (mark, style), (dropped, "$warning"))


def index_part(symbol: Symbol, quote: Quote, convention: str) -> Content:
    """An index and its change in percent; of a currency, the rate."""
    title = index_title(symbol.text)
    if symbol.board is Board.CURRENCY:
        return Content.assemble((f"{title} ", "$quiet"), f"{quote.last:.{min(4, max(2, quote.decimals))}f}")
    return Content.assemble((f"{title} ", "$quiet"), percent(quote.change_percent, symbol, convention))


_DETAILS = ((3, 1, True), (2, 1, True), (1, 1, True), (1, 1, False), (0, 0, False), (0, -1, False), (-1, -1, False))
"""What is said, from the widest screen to the narrowest: of the markets, of the sources, and whether the name is."""
_BESIDE_INDICES = (*_DETAILS[:3], (1, 0, True), (1, -1, True))
"""The same beside indices and rates, for which the sources make room before the markets' clocks do."""
_ENOUGH = 3
"""Indices and rates for which less is said of the rest; more of them only where there is room."""


class StatusLine(Widget):
    """One row: the markets on the left, the sources on the right; says less as the screen gets narrower."""

    DEFAULT_CSS = """
    StatusLine { height: 1; text-wrap: nowrap; padding: 0 1; background: $panel; color: $foreground; }
    """

    health: reactive[tuple[SourceHealth, ...]] = reactive((), repaint=False)
    paused: reactive[bool] = reactive(False)

    convention: reactive[str] = reactive("auto")

    def __init__(
        self, market: MarketState, symbols: Sequence[Symbol] = (), *, mark: str = "", id: str | None = None
    ) -> None:
        """``symbols`` are the indices and rates shown where there is room beside what else is said."""
        super().__init__(id=id)
        self._market = market
        self._symbols = tuple(symbols)
        self._mark = mark
        self._painted = Content("")
        self._worked_out: tuple[object, Content] = None, Content("")
        """What is to be said, and what has decided it."""
        self._minute = -1
        self._of_markets: tuple[object, dict[tuple[int, bool], Content]] = None, {}
        """What decides what is said of the markets, and what that is, by detail."""

    def watch_health(self) -> None:
        """Repaint where the words about a source change: they answer many times a second. Before the first layout there
        is no room to say anything in."""
        if self.outer_size.width and not self._present.is_same(self._painted):
            self.refresh()

    def on_mount(self) -> None:
        """Ages and clocks move on by themselves."""
        every_second(self, self._move_on)

    def _move_on(self) -> None:
        self.watch_health()
        minute = self._market.clock().minute
        if minute != self._minute:
            self._minute = minute
            self._tell_times()

    def _tell_times(self) -> None:
        times = "\n".join(next_times(self._market.session(exchange), title, None) for exchange, title in MARKETS)
        if times != self.tooltip:
            self.tooltip = times

    def render(self) -> Content:
        self._painted = self._present
        return self._painted

    @property
    def _present(self) -> Content:
        """What is to be said now, worked out again where anything that decides it has changed."""
        now = self._market.clock()
        sources = tuple(
            (each.title, each.condition, each.dropped, each.is_behind, answered(each, now)) for each in self.health
        )
        quotes = tuple(map(self._market.quotes.get, self._symbols))
        markets = self._reading_of_markets(now)
        if markets != self._of_markets[0]:
            self._of_markets = markets, {}
        reading = self.outer_size.width, self.convention, sources, quotes, markets
        if reading != self._worked_out[0]:
            self._worked_out = reading, self._said()
        return self._worked_out[1]

    def _said(self) -> Content:
        """What is to be said now, as much of it as fits."""
        now, indices, width = self._market.clock(), list(self._indices()), self.content_size.width
        sources = {detail: self._sources(detail, now) for detail in (1, 0, -1)}
        lines = {
            details: (self._markets_at(details[0], now, details[2]), sources[details[1]])
            for details in dict.fromkeys((*_BESIDE_INDICES, *_DETAILS))
        }
        counts = {details: _count_beside(indices, width, *ends) for details, ends in lines.items()}
        best = max(_BESIDE_INDICES, key=lambda details: min(counts[details], _ENOUGH))
        for details in (best,) if counts[best] > 0 else _DETAILS:
            if counts[details] >= 0:
                return _line(indices[: counts[details]], width, *lines[details])
        return self._shortest(width)

    def _reading_of_markets(self, now: datetime) -> tuple[object, ...]:
        """What decides what is said of the markets: their sessions, and the minute, or in the last one before a market
        opens or closes the second."""
        sessions = [self._market.session(exchange) for exchange, _ in MARKETS]
        changes = (at for session in sessions for at in (session.opens, session.closes) if at is not None)
        is_counting = any(timedelta(0) <= at - now < _MINUTE for at in changes)
        return now if is_counting else now.replace(second=0, microsecond=0), self.paused, sessions

    def _markets_at(self, detail: int, now: datetime, brand: bool) -> Content:
        """What is said of the markets, in each detail worked out once until what decides it is another."""
        texts = self._of_markets[1]
        if (detail, brand) not in texts:
            texts[detail, brand] = self._markets(detail, now, brand)
        return texts[detail, brand]

    def _indices(self) -> Iterator[Content]:
        """The indices and rates that have a price, in their order."""
        for symbol in self._symbols:
            if (quote := self._market.quotes.get(symbol)) is not None:
                yield index_part(symbol, quote, self.convention)

    def _shortest(self, width: int) -> Content:
        line = self._markets(-1, self._market.clock(), False)
        return line if line.cell_length <= width else line.truncate(width, ellipsis=True)

    def _markets(self, detail: int, now: datetime, brand: bool) -> Content:
        parts: list[Content] = []
        if self._mark:
            parts.append(Content.styled(f" {self._mark} ", "bold $background on $demo"))
        if self.paused:
            parts.append(Content.styled(" PAUSED ", "bold $background on $warning"))
        if brand:
            parts.append(Content.styled("aiwatch", "bold $heading"))
        parts.extend(market_part(self._market.session(exchange), title, now, detail) for exchange, title in MARKETS)
        return Content("   " if detail >= 2 else "  ").join(parts)

    def _sources(self, detail: int, now: datetime) -> Content:
        shown = [health for health in self.health if health.condition is not Condition.IDLE]
        if detail < 0:
            return in_a_word(shown)
        return Content("  ").join(source_part(health, now, detail) for health in shown)


def _count_beside(indices: Sequence[Content], width: int, left: Content, right: Content) -> int:
    """How many of ``indices`` there is room for in ``width`` cells between what stands ``left`` and ``right``; -1 where
    these do not fit."""
    room = width - left.cell_length - right.cell_length
    count = 0 if room >= 2 else -1
    for part in indices:
        room -= part.cell_length + _APART
        if room < 2:
            break
        count += 1
    return count


def _line(indices: Sequence[Content], width: int, left: Content, right: Content) -> Content:
    gap = Content(" " * _APART)
    before = Content("").join(chain((left,), *((gap, part) for part in indices)))
    return before + Content(" " * (width - before.cell_length - right.cell_length)) + right


def in_a_word(health: Sequence[SourceHealth]) -> Content:
    """All sources in a few cells: which of them are down, and how many are not."""
    down = [source.title for source in health if source.condition in (Condition.FAILING, Condition.STOPPED)]
    well = sum(source.condition is Condition.OK for source in health)
    refused = sum(source.dropped for source in health)
    parts = [Content.assemble(f"{title} ", ("✗", "$error")) for title in down]
    if well or not down:
        count = f"{well} sources" if well == len(health) else f"{well} of {len(health)}"
        parts.append(Content.assemble(f"{count} ", ("✓", "$up") if well else ("…", "$flat")))
    if refused:
        parts.append(Content.styled(f"{refused} refused", "$warning"))
    return Content("  ").join(parts)


def source_errors(health: Sequence[SourceHealth], now: datetime, hint: str = "") -> list[str]:
    """What failed and when it is tried again, or why nothing is asked: a sentence a source, the same one once. Where
    more than three sources are down, the first is described in full and the others named; where all are, one sentence
    says so, with why of the first. A ``hint`` says where more is to be read."""
    stopped = [
        source.why for source in health if source.condition in (Condition.IDLE, Condition.STOPPED) and source.why
    ]
    down = [source for source in health if source.condition is Condition.FAILING]
    if len(down) > 1 and not any(source.condition is Condition.OK for source in health):
        tries = [source.next_try for source in down if source.next_try is not None and source.next_try > now]
        first = f"{down[0].title}: {down[0].why}; {_next_try(min(tries, default=None), now)}"
        banner = f"No source gives prices ({len(down)} of {len(down)}). {first}{hint}"
        return list(dict.fromkeys((banner, *stopped)))
    sentences = [_source_error(source, now) for source in (down if len(down) <= _MOST_TOLD else down[:1])]
    if len(down) > _MOST_TOLD:
        *titles, last = [source.title for source in down[1:]]
        sentences.append(f"{', '.join(titles)} and {last} are down too{hint}")
    return list(dict.fromkeys((*sentences, *stopped)))


def _source_error(source: SourceHealth, now: datetime) -> str:
    return f"{source.title}: {source.why}; {_next_try(source.next_try, now)}"


def _next_try(at: datetime | None, now: datetime) -> str:
    return f"next try in {span(at - now)}" if at is not None and at > now else "trying again"


def welcome_words(hint: Callable[[str, str, str], str], is_home_known: bool) -> str:
    """The line of the first start, with the keys that ``hint`` names; where the locale names no place, also about the
    colours."""
    keys = "".join(hint(name, words, " · ") for name, words in _WELCOME_KEYS)
    return _WELCOME + ("" if is_home_known else _COLOURS + hint(*_COLOURS_KEY, ", ")) + keys


class NoticeLine(Static):
    """Sentences about failing sources and files; hidden when there are none."""

    DEFAULT_CSS = """
    NoticeLine {
        display: none; height: auto; max-height: 10; padding: 0 1;
        background: $warning 18%; color: $foreground;
        &.-shown { display: block; }
        &.-calm { background: $primary 18%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, ...] = ("",)
        self._rows: list[Content] = []

    def say(self, sentences: Sequence[str], welcome: str = "") -> bool:
        """Show ``sentences`` one a row below a word of ``welcome``, or nothing; said again, they cost no layout.
        Returns whether they are others than before."""
        if (welcome, *sentences) == self._said:
            return False
        self._said = welcome, *sentences
        self.set_classes([name for name, holds in (("-shown", any(self._said)), ("-calm", not sentences)) if holds])
        rows = [Content(welcome)] if welcome else []
        rows += [Content.assemble(("! ", "bold $warning"), sentence) for sentence in sentences]
        self._rows = rows
        self.update(Content("\n").join(rows))
        return True

    def rows_at(self, width: int) -> int:
        """The rows that the sentences take on a screen of ``width`` cells."""
        inner = max(1, width - self.styles.gutter.width)
        return min(_MOST_NOTICES, sum(len(row.wrap(inner)) for row in self._rows))
