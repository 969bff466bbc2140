"""What the whole screen costs, fed over real sockets: ``python -m tests.bench.end_to_end [symbols [rate]]``.

The embedded exchange runs as one process and the screen as another, under a pseudo-terminal of 160 by 45 cells; the
screen follows one list of all the exchange's symbols and asks Tencent's host once a second. Printed are the quotes
applied a second, the CPU time of the screen process in percent of one core (the exchange's is not in it), how many
times slower the machine was meanwhile than when it is quiet and what the CPU time comes to without that, and the lag
of the event loop. Lag is looked at after CPU time, since looking costs some.

The screen itself is started as a person's is; only the two windows of measurement are added, by `drive`, once it has
painted, and every market is held open. The last line is a measure of the machine: a Textual app with nothing on it but
one line that changes ten times a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from aiwatch.config.paths import bundled
from aiwatch.config.settings import variables
from aiwatch.simulator import ExchangeOptions, ExchangeUrls
from aiwatch.simulator.listings import universe
from tests.bench.machine import Machine
from tests.bench.terminal import Terminal

CASES = ((5_000, 5_000.0), (30, 10.0))
"""Symbols, and quotes the exchange changes a second."""
AIMS = {5_000: "35 % and 25 ms", 30: "5 %"}
INTERVALS = {"tencent": 1.0, "yahoo": 2.0}
"""Seconds between two requests to a host."""
WARM, MEASURED, PROBED = 6.0, 9.0, 6.0
"""Seconds after the first paint until CPU time is measured, for how long, and then for how long lag is."""
PROBE = 0.005
"""Seconds between two looks at the event loop's lag."""
_TIMEOUT = 45.0
_MODULE = "tests.bench.end_to_end"


@dataclass(frozen=True, slots=True)
class Cost:
    """Quotes applied a second, percent of one core, event-loop lag in milliseconds, and the `Machine.strain`."""

    applied: float
    cpu: float
    lag_50: float
    lag_99: float
    lag_most: float
    strain: float


def watchlists(folder: Path, texts: Iterable[str]) -> None:
    """Write the list ``bench`` of ``texts`` into ``folder``; the bundled lists are replaced by lists of its first
    symbol, so that nothing else is followed."""
    listed = list(texts)
    for key in ("bench", *(path.stem for path in bundled("watchlists").glob("*.toml"))):
        stocks = listed if key == "bench" else listed[:1]
        tables = [f'[[stock]]\nsymbol = "{text}"\nname = "Company {text}"\n' for text in stocks]
        head = f'name = "{key}"\ndescription = "A list of the bench"\norder = {0 if key == "bench" else 9}\n'
        (folder / f"{key}.toml").write_text("\n".join((head, *tables)), encoding="utf-8")


def settings(path: Path, intervals: Mapping[str, float] = MappingProxyType(INTERVALS)) -> None:
    """Write a settings file with the ``intervals`` between two requests to a host, and the list of the bench."""
    tables = (
        f"[sources.{name}]\ninterval = {interval}\ninterval_closed = {interval}\n"
        for name, interval in intervals.items()
    )
    path.write_text('start_list = "bench"\n\n' + "\n".join(tables), encoding="utf-8")


def addresses(urls: ExchangeUrls) -> dict[str, str]:
    """The environment variables that point every source at the exchange."""
    return {
        variable: getattr(urls, key.split(".")[1])
        for key, variable in variables().items()
        if key.endswith((".base_url", ".url"))
    }


@contextmanager
def exchange(options: ExchangeOptions) -> Iterator[ExchangeUrls]:
    """An exchange in a process of its own, which ends with its standard input."""
    command = [sys.executable, "-P", "-m", "aiwatch.simulator", *options.arguments()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield ExchangeUrls(**json.loads(process.stdout.readline()))
        finally:
            process.communicate(timeout=10)


def measure(symbols: int, rate: float) -> Cost:
    """Run the screen on an exchange of ``symbols`` listings with ``rate`` changed quotes a second."""
    demo = len(universe())
    texts = [listing.symbol.text for listing in universe(max(0, symbols - demo))[:symbols]]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        exchange(ExchangeOptions(rate=rate, symbols=symbols)) as urls,
    ):
        home = Path(name)
        lists = home / "lists"
        lists.mkdir()
        watchlists(lists, texts)
        settings(home / "config.toml")
        own = {"HOME": name, "AIWATCH_CONFIG": str(home / "config.toml"), "AIWATCH_WATCHLISTS": str(lists)}
        return run("drive", home / "cost.json", own | addresses(urls))


def run(what: str, report: Path, own: dict[str, str]) -> Cost:
    """Run this module's ``what`` under a terminal until it has written its ``report``."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL", "XDG_"))
    }
    with Terminal([sys.executable, "-m", _MODULE, what, str(report)], environment | own) as terminal:
        terminal.read_until(lambda: False, _TIMEOUT)
        if not report.exists():
            raise SystemExit(f"{what}: no report\n{terminal.text[-3000:]}")
    return Cost(**json.loads(report.read_text("utf-8")))


class Watch:
    """Measures the process it is in: first CPU time and the quotes counted in ``applied``, then the lag of the loop."""

    def __init__(self, report: Path) -> None:
        self.applied = 0
        self._report = report

    async def measure(self) -> None:
        """Wait, measure, and write the report."""
        await asyncio.sleep(WARM)
        machine = Machine()
        applied, began, used = self.applied, time.perf_counter(), time.process_time()
        looks = asyncio.create_task(machine.watch())
        await asyncio.sleep(MEASURED)
        looks.cancel()
        took = time.perf_counter() - began
        quotes, cpu = (self.applied - applied) / took, (time.process_time() - used - machine.spent) / took
        lags = sorted(1000 * lag for lag in await self._lags())
        cost = Cost(quotes, 100 * cpu, lags[len(lags) // 2], lags[len(lags) * 99 // 100], lags[-1], machine.strain)
        self._report.write_text(json.dumps(asdict(cost)), "utf-8")

    async def _lags(self) -> list[float]:
        loop = asyncio.get_running_loop()
        end, lags = loop.time() + PROBED, []
        while (began := loop.time()) < end:
            await asyncio.sleep(PROBE)
            lags.append(loop.time() - began - PROBE)
        return lags


def drive(report: Path) -> None:
    """Open the screen as `aiwatch` does, with every market open, and let a `Watch` measure it from its first paint."""
    from aiwatch.archive import calendar_refresh
    from aiwatch.config.settings import Flags
    from aiwatch.market.calendar.session import Calendar, Session, always_open
    from aiwatch.market.quote import Quote
    from aiwatch.market.state import MarketState
    from aiwatch.market.symbol import Exchange, Symbol
    from aiwatch.runtime import archive, screen

    async def no_calendars(*_: object) -> bool:
        return False

    class Open(Calendar):
        def __call__(self, exchange: Exchange, when: datetime) -> Session:
            return always_open(exchange, when)

    watch = Watch(report)
    tasks: list[asyncio.Task[None]] = []
    take, painted = MarketState.apply, screen.collect_from_now_on

    def counted(market: MarketState, quotes: Iterable[Quote]) -> list[Symbol]:
        changed = take(market, quotes)
        watch.applied += len(changed)
        return changed

    async def measure() -> None:
        await watch.measure()
        os._exit(0)  # the report is written: nothing more is asked of the process

    def begin() -> None:
        painted()
        tasks.append(asyncio.get_running_loop().create_task(measure()))

    with (
        patch.object(MarketState, "apply", counted),
        patch.object(screen, "collect_from_now_on", begin),
        patch.object(archive, "Calendar", Open),
        patch.object(calendar_refresh, "fill", no_calendars),
    ):
        screen.open_screen(Flags())


def idle(report: Path) -> None:
    """A Textual app whose one line changes ten times a second, measured in the same way."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    watch = Watch(report)

    class Idle(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("0")

        def on_mount(self) -> None:
            self.count = 0
            self.set_interval(0.1, self.tick)
            self.run_worker(self.measure())

        def tick(self) -> None:
            self.count += 1
            self.query_one(Static).update(f"{self.count}")

        async def measure(self) -> None:
            await watch.measure()
            self.exit()

    Idle().run()


def main() -> None:
    """Run and print every case, or, as the child, one program."""
    if sys.argv[1:2] in (["drive"], ["idle"]):
        {"drive": drive, "idle": idle}[sys.argv[1]](Path(sys.argv[2]))
        return
    options = [float(word) for word in sys.argv[1:]]
    cases = [(int(options[0]), options[-1])] if options else CASES
    head = f"{'symbols':>8}{'quotes/s':>10}{'applied/s':>11}{'CPU':>8}{'strain':>8}{'quiet':>8}"
    print(f"{head}{'lag p50':>10}{'p99':>10}{'most':>10}   the aim")
    for symbols, rate in cases:
        _say(f"{symbols:8,}{rate:10,.0f}", measure(symbols, rate), AIMS.get(symbols, ""))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        _say(f"{'one line at 10 Hz':>18}", run("idle", Path(name, "cost.json"), {"HOME": name}), "")


def _say(what: str, cost: Cost, aim: str) -> None:
    applied = f"{cost.applied:11,.0f}" if cost.applied else " " * 11
    lags = "".join(f"{lag:7.2f} ms" for lag in (cost.lag_50, cost.lag_99, cost.lag_most))
    print(f"{what}{applied}{cost.cpu:7.1f}%{cost.strain:8.2f}{cost.cpu / cost.strain:7.1f}%{lags}   {aim}")


if __name__ == "__main__":
    main()
