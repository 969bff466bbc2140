"""The whole app on a stage: bundled files, a clock that stands, quotes by hand or from a feed, and its text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace
from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from aiwatch.app import AiwatchApp
from aiwatch.config.paths import bundled
from aiwatch.config.settings import Settings, SourceSettings
from aiwatch.feed.feed import Batch, Feed
from aiwatch.ledger.loader import load_commitments
from aiwatch.ledger.records import Ledger
from aiwatch.market.calendar.session import SessionAt, session_at
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.screens.dashboard.screen import DashboardScreen, show_move
from aiwatch.session.dependencies import (
    ArchiveDependencies,
    Dependencies,
    EnvironmentDependencies,
    FeedDependencies,
    FileDependencies,
)
from aiwatch.sources import Source
from aiwatch.watchlist import Watchlist, symbols_of
from aiwatch.watchlist.reader import read_watchlists
from aiwatch.widgets.beat import TICKS_A_SECOND
from aiwatch.widgets.key_line import KeyLine
from tests.headless import draw_contents, strips_in, undrawn
from tests.ledger.bundled import bundled_ledger

MORNING = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
"""A Friday: ten in the morning in Shanghai and Hong Kong, eleven in Tokyo, ten in the evening in New York."""
LUNCH = datetime(2025, 8, 15, 4, 0, tzinfo=UTC)
NIGHT = datetime(2025, 8, 15, 22, 0, tzinfo=UTC)
"""Every market of the top line is closed."""
AUCTION = datetime(2025, 8, 15, 1, 20, tzinfo=UTC)
NAMES = (("tencent", "Tencent"), ("yahoo", "Yahoo"))
"""The sources that a stage's feed has, or waits for."""
PATIENCE = 20.0
"""Seconds after which something awaited will not come."""
A_LOOK = 0.02
"""Seconds from one look for something awaited to the next. The usual pause of a pilot lasts until the app is idle, and
an app that is fed all the time never is."""


@cache
def lists() -> tuple[Watchlist, ...]:
    """The watchlists as they ship."""
    return read_watchlists(bundled("watchlists")).lists


@cache
def ledger() -> Ledger:
    """The ledger as it ships, as the screen reads it."""
    return load_commitments(bundled("seeds"))


def priced(text: str, last: float, previous: float | None, at: datetime = MORNING, **more: Any) -> Quote:
    """A quote of the symbol ``text`` at ``at``."""
    symbol = parse_symbol(text)
    values: dict[str, Any] = {"source": "tencent", "received_at": at, "currency": symbol.currency} | more
    return Quote(symbol=symbol, last=last, previous_close=previous, as_of=at, **values)


def healthy(at: datetime = MORNING) -> tuple[SourceHealth, ...]:
    """Both sources, well."""
    return tuple(
        SourceHealth(name, name.title(), Condition.OK, last_success=at, following=30) for name in ("tencent", "yahoo")
    )


def failing(name: str, why: str, at: datetime = MORNING, *, wait: float = 40, **more: Any) -> SourceHealth:
    """A source that is down, and tried again in ``wait`` seconds."""
    next_try = at + timedelta(seconds=wait)
    return SourceHealth(name, name.title(), Condition.FAILING, why=why, next_try=next_try, failures=2, **more)


def silent_feed(clock: Callable[[], datetime]) -> Feed:
    """A feed without sources: it never says anything by itself."""
    return feed_on((), clock)


def feed_on(
    sources: Sequence[tuple[Source, SourceSettings]],
    clock: Callable[[], datetime],
    sessions: SessionAt = session_at,
    jitter: Callable[[float], float] = lambda seconds: seconds,
) -> Feed:
    """A feed on ``sources``, without jitter unless one is given."""

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        for source, settings in sources:
            yield await stack.enter_async_context(source), settings

    return Feed(open_sources, clock, sessions, names=NAMES, jitter=jitter)


def make_app(
    *,
    clock: Callable[[], datetime] = lambda: MORNING,
    feed: Feed | None = None,
    watchlists: tuple[Watchlist, ...] | None = None,
    whole_ledger: bool = False,
    **more: Any,
) -> AiwatchApp:
    """The app as a test wants it; ``whole_ledger`` reads more than the first paint needs; ``more`` are fields of the
    groups of `Dependencies`, and of `Settings`."""
    more.setdefault("sessions", session_at)
    more.setdefault("start_list", "liquid-cooling-rally")
    more |= {"clock": clock, "feed": feed or silent_feed(clock)}
    more["watchlists"] = lists() if watchlists is None else watchlists
    more["ledger"] = bundled_ledger() if whole_ledger else ledger()
    groups: dict[str, Any] = {}
    for kind in (FeedDependencies, ArchiveDependencies, EnvironmentDependencies):
        groups[kind.__name__] = kind(**{name: more.pop(name) for name in kind.__struct_fields__ if name in more})
    of_files = {name: more.pop(name) for name in FileDependencies.__struct_fields__ if name in more}
    files = FileDependencies(settings=replace(Settings(), **more), **of_files)
    prices, archive, environment = groups.values()
    dependencies = Dependencies(prices, files, archive, environment)
    app = AiwatchApp(dependencies)
    app.animation_level = "none"
    return app


@dataclass(frozen=True, slots=True)
class Stage:
    """A running app and what a person does with it and sees of it."""

    pilot: Pilot[None]
    fed: bool = False
    """Whether quotes come in all the time: such an app is never idle, and a pilot that waits for it wastes seconds."""

    @property
    def app(self) -> AiwatchApp:
        """The app."""
        assert isinstance(self.pilot.app, AiwatchApp)
        return self.pilot.app

    @property
    def dashboard(self) -> DashboardScreen:
        """Its dashboard, also when another screen lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, DashboardScreen))

    async def press(self, *keys: str) -> None:
        """Press ``keys`` and let the screen answer, also those that wait for what others before them set going."""
        if not self.fed:
            await self.pilot.press(*keys)
            gate = self.app.input_gate
            await self.until(lambda: gate.is_at_rest or not self.app.is_running)
            return
        for key in keys:
            self.app.simulate_key(key)
            await self.pilot.pause(A_LOOK)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, and let the panels share their rows anew."""
        await self.pilot.resize_terminal(width, height)
        if self.fed:
            await self.until(lambda: self.widths() == {width} and len(self.lines()) == height)

    async def take(
        self, *quotes: Quote, health: tuple[SourceHealth, ...] | None = None, unknown: Sequence[str] = ()
    ) -> None:
        """Hand the dashboard a batch, as the feed does, and let a second of its time pass."""
        lost = frozenset(parse_symbol(text) for text in unknown)
        self.dashboard.take(Batch(quotes, self.dashboard.status.health if health is None else health, lost))
        await self.settle()

    async def settle(self) -> None:
        """Let happen at once what a second brings: the board's ticks, the sums, the ages."""
        dashboard = self.dashboard
        for number in range(TICKS_A_SECOND):
            dashboard.lists.board.tick(number)
        show_move(dashboard.panels, dashboard.session.market)
        dashboard.lists.sum_up()
        dashboard.panels.record.detail.redraw()
        dashboard.panels.stock.figures.redraw()
        dashboard.panels.share_rows()
        await self.pilot.pause(A_LOOK if self.fed else None)

    async def rest(self) -> None:
        """Let second after second pass until the picture stays the same for two of them."""
        same = 0
        before: object = None
        async with asyncio.timeout(PATIENCE):
            while same < 2:
                await self.settle()
                now = self.strips()
                same, before = (same + 1 if now == before else 0), now

    def lines(self) -> list[str]:
        """The rows of the terminal as text."""
        return [strip.text for strip in self.strips()]

    def strips(self) -> list[Strip]:
        """The rows of the terminal as the app would draw them: a dialog over what shines through it. A widget keeps
        what it drew, so that a picture drawn otherwise would stay."""
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips()

    @property
    def messages(self) -> list[str]:
        """What is said for a moment now: in toasts, then in the bottom row."""
        below = [line.said for line in self.dashboard.query(KeyLine) if line.said]
        return [*(toast.message for toast in self.app._notifications), *below]

    def widths(self) -> set[int]:
        """The cells of each row of the terminal."""
        return {strip.cell_length for strip in self.strips()}

    def text(self, widget: Widget | str | None = None) -> str:
        """What the terminal shows, or the part of it in which ``widget`` stands."""
        if widget is None:
            return "\n".join(self.lines())
        target = self.app.screen.query_one(widget) if isinstance(widget, str) else widget
        return "\n".join(strip.text for strip in strips_in(self.app.screen, target.region))

    def row(self, symbol: str) -> str:
        """The row of the board that shows ``symbol``."""
        return next(line for line in self.text("#board").splitlines() if symbol in line)

    @property
    def current(self) -> str:
        """The symbol the board's cursor is on; empty for none."""
        return str(self.dashboard.lists.board.current or "")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the app run until ``condition`` holds; fails when it never does."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await self.pilot.pause(A_LOOK)


@asynccontextmanager
async def on_stage(size: tuple[int, int] = (160, 45), *, fed: bool = False, **options: Any) -> AsyncIterator[Stage]:
    """Run the app in a terminal of ``size`` cells; ``fed`` as for `Stage`, ``options`` as for `make_app`."""
    app = make_app(**options)
    with undrawn():
        async with app.run_test(size=size) as pilot:
            stage = Stage(pilot, fed)
            await stage.settle()
            yield stage
            draw_contents(app)


def focused(stage: Stage) -> str:
    """The id of the widget that has the focus; empty where none has."""
    widget = stage.app.focused
    return (widget.id or "") if widget else ""


def shown(stage: Stage) -> list[str]:
    """The symbols on the board, in their order."""
    return [str(stock.symbol) for stock in stage.dashboard.lists.board.shown]


def board_title(stage: Stage) -> str:
    """What stands on the board's frame."""
    return str(stage.dashboard.panels.board.border_title)


def followed() -> tuple[Symbol, ...]:
    """Every symbol that the bundled lists need."""
    return symbols_of(lists())


def colour_in(stage: Stage, widget: Widget | str, text: str, of: str = "") -> str:
    """The colour (as ``#rrggbb``) of the first ``text`` in ``widget``, in the line that holds ``of``."""
    target = stage.app.screen.query_one(widget) if isinstance(widget, str) else widget
    for part in strips_in(stage.app.screen, target.region):
        at = part.text.find(text)
        if of not in part.text or at < 0:
            continue
        for segment in part:
            at -= len(segment.text)
            if at < 0:
                assert segment.style is not None
                assert segment.style.color is not None
                return segment.style.color.get_truecolor().hex
    raise AssertionError(f"{text!r} is not to be seen in a line with {of!r}")
