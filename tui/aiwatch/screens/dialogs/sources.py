"""How every source is doing: what it was asked, what came of it, and what was not believed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from aiwatch.feed.feed import Feed
from aiwatch.formatting.text import NOTHING, age, price, short, span
from aiwatch.market.calendar.session import Phase
from aiwatch.market.data_sources import credit_of
from aiwatch.market.merge import Disagreement
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import BSE, CRYPTO, FX, SZSE
from aiwatch.screens.base import InfoDialog
from aiwatch.screens.keys.keyboard import Keyboard
from aiwatch.widgets.linked_rows import ScrollText
from aiwatch.widgets.status_line import MARKETS, next_times

_MARGIN = " " * 10
_STYLES = {
    Condition.OK: "$up",
    Condition.FAILING: "$error",
    Condition.STOPPED: "$error",
    Condition.WAITING: "$flat",
    Condition.IDLE: "$flat",
}


def seconds(value: float | None) -> str:
    """A latency: ``85 ms``, ``1.20 s``."""
    if value is None:
        return NOTHING
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def size(count: int) -> str:
    """A number of bytes: ``912 B``, ``1.53 MB``."""
    text = short(count)
    return f"{text}B" if text[-1].isalpha() else f"{text} B"


def counted(number: int, noun: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def source_rows(health: SourceHealth, traffic: SourceTraffic, now: datetime) -> list[Content]:
    """One source in a few rows; the second is missing where nothing failed, the last where nothing was refused."""
    answered = f"last answer {age(health.last_success, now)} ago" if health.last_success else "no answer yet"
    rows = [
        Content.assemble(
            (f"{health.title:<10}", "bold"),
            (f"{health.condition:<8}", _STYLES[health.condition]),
            answered,
            (f", follows {health.following}" if health.following else "", "$quiet"),
        )
    ]
    if health.condition in (Condition.FAILING, Condition.STOPPED):
        when = f"; next try in {span(health.next_try - now)}" if health.next_try and health.next_try > now else ""
        rows.append(Content.assemble(_MARGIN, (f"{health.why}{when}", "$error")))
    streams = traffic.messages_per_second is not None
    requests = counted(traffic.requests, "connection" if streams else "request")
    requests += f"; {size(traffic.bytes)} this hour" if streams else f" this hour, {size(traffic.bytes)}"
    if traffic.rests:
        requests += f", backed off {counted(traffic.rests, 'time')}"
    took = f"latency p50 {seconds(traffic.latency_p50)}, p95 {seconds(traffic.latency_p95)}"
    if traffic.messages_per_second is not None:
        took = f"{traffic.messages_per_second:.1f} messages a second"
    rows += [Content.assemble(_MARGIN, (line, "$quiet")) for line in (requests, took)]
    if health.superseded:
        left_out = f"{counted(health.superseded, 'message')} left out: newer ones about the same symbols waited"
        rows.append(Content.assemble(_MARGIN, (left_out, "$warning" if health.is_behind else "$quiet")))
    if health.dropped:
        refused = f"{counted(health.dropped, 'message' if streams else 'line')} refused, the last: "
        rows.append(Content.assemble(_MARGIN, (refused, "$warning"), health.last_refusal))
        rows.extend(
            Content.assemble("            ", (f"{count:>5} × ", "$quiet"), reason) for reason, count in traffic.refusals
        )
    return rows


def disagreement_rows(disagreements: Iterable[Disagreement], answering: int = 2) -> list[Content]:
    """Who said what where two sources price the same stock for the same moment and differ by more than a tick, of
    ``answering`` sources that have answered yet."""
    rows = [
        Content.assemble(
            f"  {differing.symbol.text:<11}",
            *(
                f"{credit_of(quote.source)} {price(quote.last, quote.decimals)} at {quote.as_of:%H:%M:%S} UTC   "
                for quote in (differing.one, differing.other)
            ),
        )
        for differing in disagreements
    ]
    if rows:
        return [Content.styled("Sources differ", "bold $warning"), *rows]
    return [Content.styled("No sources differ" if answering > 1 else "Nothing to compare yet", "$quiet")]


def session_rows(market: MarketState) -> list[Content]:
    """When each market of the top line, and each other one with a price, closes or opens next, and where that goes by
    the usual hours alone because no calendar has its holidays."""
    further = (
        {symbol.exchange for symbol in market.quotes} - {exchange for exchange, _ in MARKETS} - {SZSE, BSE, FX, CRYPTO}
    )
    further_rows = ((exchange, exchange.title) for exchange in sorted(further, key=lambda exchange: exchange.code))
    sessions = [(market.session(exchange), title) for exchange, title in (*MARKETS, *further_rows)]
    rows = [
        Content.styled(f"  {next_times(session, title, None)}", "" if session.holidays_known else "$warning")
        for session, title in sessions
    ]
    if not all(session.holidays_known or session.phase is Phase.UNKNOWN for session, _ in sessions):
        rows.append(Content.styled("  Where there is no holiday calendar yet, normal hours are assumed.", "$quiet"))
    return [Content.styled("Sessions", "bold"), *rows]


class HealthScreen(InfoDialog):
    """The sources, over the dashboard; the figures go on."""

    CSS_PATH = "help.tcss"
    OPENED_BY = "feed.health"

    def __init__(self, feed: Feed, market: MarketState, keyboard: Keyboard) -> None:
        super().__init__()
        self._keyboard = keyboard
        self._feed = feed
        self._market = market
        self._text = Static()

    def compose(self) -> ComposeResult:
        with ScrollText(id="help") as box:
            box.border_title = "aiwatch: sources"
            box.border_subtitle = self._keyboard.hint("dialog.close", "closes", "")
            yield self._text

    def on_mount(self) -> None:
        """Show the figures, anew each second."""
        self.redraw()
        self.set_interval(1.0, self.redraw)

    def redraw(self) -> None:
        """Draw every source as it is now."""
        now, traffic = self._market.clock(), self._feed.traffic
        parts: list[Content] = []
        for health in self._feed.health:
            parts += [*source_rows(health, traffic.get(health.name, SourceTraffic()), now), Content("")]
        answering = sum(health.last_success is not None for health in self._feed.health)
        differing = disagreement_rows(self._market.disagreements.values(), answering)
        parts += [*differing, Content(""), *session_rows(self._market)]
        self._text.update(Content("\n").join(parts))
