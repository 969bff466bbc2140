"""The longest turn of the event loop in every view of a large ledger of a reader's own.

``python -m tests.bench.ledger_turns [records…]`` runs the screen without a terminal on a made-up ledger of 5,000 and of
50,000 records of all kinds, does in each view what a person does (switch to it, last and first row, pages, filter,
orders, currency, a record opened and left, the files read again), and prints the longest turn of each in milliseconds
of the main thread's own CPU time. The aim is 25 ms.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
from asyncio import events
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from time import thread_time
from unittest.mock import patch

from textual.pilot import Pilot

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import LedgerFolders
from aiwatch.ledger.views import SCREEN_VIEWS
from aiwatch.runtime.screen import THRESHOLDS
from tests.bench.large_ledger import write_mixed
from tests.bench.machine import Beside
from tests.screens.stage import Stage, make_app
from tests.stillness import counted_in_thread, screen_is_still, until_still

AIM = 25.0
"""Milliseconds of CPU time: what nobody notices."""
COUNTS = (0, 5_000, 50_000)
TRIES = 3
"""The least of so many counts: a collection of garbage, or another program's turn at the processor's caches, may fall
into any one."""
KEYS = {
    "last": "G",
    "first": "g",
    "end": "end",
    "home": "home",
    "pages": "pagedown pagedown pageup ctrl+d ctrl+u",
    "filter": "slash 7 7",
    "unfilter": "escape",
    "orders": "s s s s s",
    "reverse": "S S",
    "currency": "c c c c",
    "open": "enter",
    "back": "2",
}
"""What a person does in a view, by the keys."""
AGAIN = {"first": "G", "end": "g", "unfilter": "slash 7 7", "filter": "escape", "back": "enter", "open": "2"}
"""What is pressed before it is done again."""


class LongestTurn:
    """Measures the turns of event loops: the longest since it was last set to nothing, in seconds of CPU time, and
    what it did."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.what = ""

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure every turn meanwhile."""
        run = events.Handle._run

        def timed(handle: events.Handle) -> None:
            began = thread_time()
            run(handle)
            took = thread_time() - began
            if took > self.seconds:
                self.seconds, self.what = took, repr(handle)

        with patch.object(events.Handle, "_run", timed):
            yield

    async def of(self, work: Awaitable[object]) -> tuple[float, str]:
        """The milliseconds of the longest turn that ``work`` takes, and what it did."""
        self.seconds, self.what = 0.0, ""
        await work
        return 1000 * self.seconds, self.what


@contextmanager
def no_guesses() -> Iterator[None]:
    """Let a pilot wait until the event loop has nothing left to do, as in the tests; the collector looks as often as
    in the program."""
    before = gc.get_threshold()
    with ExitStack() as stack:
        for target, name, stand_in in (
            (asyncio.BaseEventLoop, "run_in_executor", counted_in_thread),
            (Pilot, "_wait_for_screen", screen_is_still),
        ):
            stack.enter_context(patch.object(target, name, stand_in))
        for place in ("textual.app.wait_for_idle", "textual.pilot.wait_for_idle"):
            stack.enter_context(patch(place, until_still))
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
        try:
            yield
        finally:
            gc.set_threshold(*before)


@asynccontextmanager
async def screen_on(folder: Path) -> AsyncIterator[Stage]:
    """The screen with the reader's own ledger of ``folder``, all of it read."""
    app = make_app(ledger_files=LedgerFolders(bundled("seeds"), folder))
    async with app.run_test(size=(160, 45)) as pilot:
        stage = Stage(pilot)
        async with asyncio.timeout(300):
            await stage.dashboard.actions.ledger.look_at_files().wait()
        await stage.press("2")
        yield stage


async def settled(stage: Stage) -> None:
    """Wait until nothing is being made any more."""
    async with asyncio.timeout(300):
        while True:
            await stage.pilot.pause()
            if not stage.dashboard.panels.ledger.is_making:
                return


Figures = dict[str, tuple[float, str]]
"""By what is done in a view, the longest turn in milliseconds, and what it did."""


class Visitor:
    """Does in the views what a person does, and measures it."""

    def __init__(self, stage: Stage, folder: Path, longest: LongestTurn) -> None:
        self._stage = stage
        self._folder = folder
        self._longest = longest
        self._panel = stage.dashboard.panels.ledger

    async def press(self, keys: str) -> None:
        """Press ``keys``, each when all is done that the one before began."""
        for key in keys.split():
            await self._stage.press(key)
            await settled(self._stage)

    async def show(self, view: str) -> None:
        """Show ``view``."""
        self._panel.view = view
        await settled(self._stage)

    async def read_again(self) -> None:
        """Read the files, one of which has changed."""
        path = self._folder / "touched.toml"
        path.write_text("#" * (path.stat().st_size + 1 if path.exists() else 1), encoding="utf-8")
        await self._stage.dashboard.actions.ledger.look_at_files().wait()
        await settled(self._stage)

    async def least(
        self, work: Callable[[], Awaitable[None]], again: Callable[[], Awaitable[None]]
    ) -> tuple[float, str]:
        """The longest turn of ``work`` in the best of some tries, ``again`` done before each but the first."""
        best = float("inf"), ""
        for number in range(TRIES):
            if number:
                await again()
            best = min(best, await self._longest.of(work()))
            if best[0] < AIM / 2:
                break
        return best

    async def visit(self, view: str) -> Figures:
        """What is done in ``view``, each with its longest turn."""
        away = partial(self.show, "all" if view != "all" else "deals")
        await away()
        took = {"shown": await self.least(partial(self.show, view), away)}
        for what, keys in KEYS.items():
            took[what] = await self.least(partial(self.press, keys), partial(self.press, AGAIN.get(what, "")))
        return took


async def measure(folder: Path, views: Sequence[str]) -> AsyncIterator[tuple[str, Figures]]:
    """The longest turns with the ledger of ``folder`` in each of ``views``, then those of reading it again."""
    longest = LongestTurn()
    with no_guesses(), longest.measured():
        async with screen_on(folder) as stage:
            await settled(stage)
            visitor = Visitor(stage, folder, longest)
            for view in views:
                yield view, await visitor.visit(view)
            yield "read again", {"all": await longest.of(visitor.read_again())}


async def longest_turns(folder: Path, views: Sequence[str]) -> dict[str, Figures]:
    """The longest turns by view and by what is done there, each printed when it is known."""
    print(" " * 12 + "".join(f"{what:>10}" for what in ("shown", *KEYS)))
    took: dict[str, Figures] = {}
    async for view, figures in measure(folder, views):
        took[view] = figures
        print(f"{view:12}" + "".join(f"{milliseconds:10.1f}" for milliseconds, _ in figures.values()), flush=True)
    return took


def main() -> None:
    """Print the figures."""
    counts = [int(text) for text in sys.argv[1:] if text.isdigit()] or COUNTS
    views = [text for text in sys.argv[1:] if not text.isdigit()] or [view.key for view in SCREEN_VIEWS]
    for count in counts:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            folder = Path(name)
            write_mixed(folder, count)
            print(f"{count:,} records of one's own, milliseconds of CPU time")
            with Beside() as machine:
                took = asyncio.run(longest_turns(folder, views))
        print(
            f"The machine took {machine.strain:.1f} times as long as it can; longer than {AIM:.0f} ms, that taken off:"
        )
        for view, figures in took.items():
            for what, (milliseconds, work) in figures.items():
                if milliseconds > AIM * machine.strain:
                    print(f"  {view}, {what}: {milliseconds / machine.strain:.0f} ms in {work[:200]}")


if __name__ == "__main__":
    main()
