"""Every promise of speed in one table: ``python -m tests.bench [--short] [bench…]``.

Each bench is run in turn; a row says what was measured, the aim, the raw figure and the quiet one: CPU time divided by
the strain of the machine meanwhile, time on the clock by how much longer a piece of work took. The last lines say what
falls short of its aim, and the exit status is 1 then. ``--short`` leaves out what takes minutes: 3,000 and 9,000
symbols, 50,000 records, ten minutes of demo (one is watched), long outages. Names choose benches.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench import board, first_price, large_ledger, memory, parse, recovery, slow_line, start, stream
from tests.bench import bytes as written_bytes
from tests.bench.machine import Beside


class Figure(NamedTuple):
    """What was measured, at most how much it may be, and how much it was; ``strain`` is how many times more than on a
    quiet machine it is, 1 for what does not hang on the machine."""

    what: str
    aim: float
    raw: float
    unit: str
    strain: float = 1.0

    @property
    def quiet(self) -> float:
        """The figure without the strain."""
        return self.raw / self.strain

    @property
    def falls_short(self) -> bool:
        """Whether it is more than it may be."""
        return self.quiet > self.aim

    @property
    def row(self) -> str:
        """Its line of the table."""
        number = "{:>10,.0f}" if self.raw >= 100 else "{:>10,.2f}"
        cells = "".join(number.format(value) for value in (self.aim, self.raw, self.quiet))
        return f"{self.what:44}{cells} {self.unit:7} {'falls short' if self.falls_short else ''}".rstrip()


def first_paint(short: bool) -> Iterator[Figure]:
    """The first paint beside Textual's hello-world, on the clock and in CPU time."""
    ratios = start.ratios_of(start.in_turn(3 if short else start.RUNS))
    del ratios[start.FLOOR]
    for name, (on_the_clock, of_cpu) in ratios.items():
        yield Figure(f"first paint, {name}", start.AIM, on_the_clock, "× hello")
        yield Figure(f"first paint, {name}, CPU time", start.AIM, of_cpu, "× hello")


def prices(short: bool) -> Iterator[Figure]:
    """A cold start until prices are there, for more and more symbols."""
    cases = ((30, 0.6), (300, 2.5)) if short else ((30, 0.6), (300, 2.5), (3_000, 8.0), (9_000, 20.0))
    for symbols, all_within in cases:
        with Beside() as machine:
            runs = [
                first_price.measure(symbols, first_price.AFTER if not turn and symbols == 30 else 0.0)
                for turn in range(3 if symbols == 30 else 1)
            ]
        if symbols == 30:
            yield Figure("paint to first request", 0.25, median(run["request"] for run in runs), "s", machine.delay)
            yield Figure("paint to first price", 0.35, median(run["first"] for run in runs), "s", machine.delay)
            yield Figure("requests a minute for quotes, 30 symbols", 25, runs[0]["a minute"], "")
            yield Figure("and for history, until it is there", 25, runs[0]["of history"], "")
        all_priced = median(run["all"] for run in runs)
        yield Figure(f"paint to all prices, {symbols:,} symbols", all_within, all_priced, "s", machine.delay)


def rest(short: bool) -> Iterator[Figure]:
    """CPU time and bytes to the terminal, still and moving."""
    with written_bytes.kept_home() as home:
        for rate, cpu_aim, bytes_aim in ((0.0, 1.0, 700), (10.0, 2.5, 6_000), (50.0, 4.0, 6_000)):
            written, cpu, strain = written_bytes.measure(rate, home)
            yield Figure(f"CPU at {rate:.0f} quotes/s, 30 symbols", cpu_aim, cpu, "%", strain)
            yield Figure(f"bytes to the terminal at {rate:.0f} quotes/s", bytes_aim, written, "B/s")


def slow(short: bool) -> Iterator[Figure]:
    """A terminal behind a line of 64 kbit/s."""
    took = slow_line.measure()
    yield Figure("64 kbit/s, 50 quotes/s: a moving cursor", 0.2, median(took[slow_line.ROW]), "s")
    yield Figure("64 kbit/s, 50 quotes/s: and the chart of its stock", 0.5, median(took["cursor"]), "s")
    yield Figure("64 kbit/s, 50 quotes/s: another whole screen", 3.0, median(took["whole screen"]), "s")


def streamed(short: bool) -> Iterator[Figure]:
    """5,000 streamed messages a second."""
    costs = stream.measure(stream.SYMBOLS, stream.RATE)
    yield Figure("stream of 5,000/s, CPU", 35, costs["cpu"], "%", costs["strain"])
    yield Figure("stream of 5,000/s, age on the screen, p99", 500, costs["screen_99"], "ms", costs["strain"])


def sorted_board(short: bool) -> Iterator[Figure]:
    """The board alone, sorted, at 10,000 quotes/s."""
    cost = board.run("sorted")
    yield Figure("sorted board, 10,000 quotes/s, lag p99", 10, cost.lag_99, "ms", cost.strain)


def parsing(short: bool) -> Iterator[Figure]:
    """Tencent's answer for 900 stocks; the best of many runs is one of a quiet moment."""
    took = parse.measure(20 if short else 60)
    yield Figure("900 lines of Tencent, CPU", 25, min(took["at once"]), "ms")
    yield Figure("900 lines of Tencent, longest slice", 2, min(took["longest slice"]), "ms")


def records(short: bool) -> Iterator[Figure]:
    """A ledger of many records of one's own."""
    for count in (5_000,) if short else (5_000, 50_000):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, Beside() as machine:
            folder = Path(name, "aiwatch", "ledger")
            folder.mkdir(parents=True)
            large_ledger.write(folder, count)
            without, with_records = large_ledger.first_paints(Path(name))
            _, _, longest = asyncio.run(large_ledger.load(folder))
        yield Figure(f"first paint with {count:,} records, CPU", 1.1, with_records / without, "× none")
        yield Figure(f"longest silence, {count:,} records", 100, 1000 * longest, "ms", machine.delay)


def size(short: bool) -> Iterator[Figure]:
    """The resident memory of the demo with 60 symbols."""
    sizes = {minute: held for minute, held, _ in memory.measure(1 if short else 10, memory.SYMBOLS, memory.RATE)}
    last = max(sizes)
    yield Figure(f"memory, {last} min of demo, 60 symbols", 65, sizes[last], "MB")


def outages(short: bool) -> Iterator[Figure]:
    """All hosts out for 45 s, in four ways."""
    for name, fault in recovery.WAYS.items():
        fresh = asyncio.run(recovery.recover(fault, 15.0 if short else recovery.OUTAGE))
        yield Figure(f"fresh after an outage ({name})", 8, fresh.seconds, "s")
        if name == "429":
            yield Figure("requests a minute to a host that says 429", 6, fresh.requests, "")


BENCHES: dict[str, Callable[[bool], Iterator[Figure]]] = {
    "start": first_paint,
    "price": prices,
    "rest": rest,
    "line": slow,
    "stream": streamed,
    "board": sorted_board,
    "parse": parsing,
    "ledger": records,
    "memory": size,
    "recovery": outages,
}


def main() -> int:
    """Run and print what was chosen; 1 where a figure falls short of its aim."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--short", action="store_true", help="leave out what takes minutes")
    parser.add_argument("bench", nargs="*", metavar="bench", help=f"one of {', '.join(BENCHES)}; without any, all")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.bench if name not in BENCHES]:
        parser.error(f"no bench is called {unknown[0]!r}; there are {', '.join(BENCHES)}")
    print(f"{'':44}{'aim':>10}{'raw':>10}{'quiet':>10}")
    short_of: list[Figure] = []
    for name in chosen.bench or BENCHES:
        for figure in BENCHES[name](chosen.short):
            print(figure.row, flush=True)
            if figure.falls_short:
                short_of.append(figure)
    if not short_of:
        print("Every figure meets its aim.")
        return 0
    print(f"{len(short_of)} fall short: {'; '.join(figure.what for figure in short_of)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
