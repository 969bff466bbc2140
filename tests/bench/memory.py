"""How much memory the demo takes as it goes on: ``python -m tests.bench.memory [minutes [symbols [rate]]]``.

``aiwatch demo`` runs under a pseudo-terminal of 160 by 45 cells with one list of 60 symbols for ten minutes; each
minute the resident memory of the screen process is printed, and its CPU time of that minute in percent of one core.
The exchange's process is not in it. The aim is 65 MB, and that it stays flat: the last
line says how much was added a minute after the caches had filled. A higher ``rate`` (changed quotes a second, 20 when
it is not given) shows hours in minutes. Linux alone tells it: in ``/proc``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aiwatch.simulator.listings import universe
from tests.bench.end_to_end import settings, watchlists
from tests.bench.terminal import Terminal

MINUTES, SYMBOLS, RATE = 10, 60, 20
FILLED = 3
"""The minute after which every cache is full."""
FIRST = 15.0
"""Seconds until the first look, when the start is over."""


def resident(process: int) -> float:
    """The resident memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def used(process: int) -> float:
    """The CPU seconds of a process, its own and the system's for it."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(minutes: int, symbols: int, rate: int) -> Iterator[tuple[int, float, float]]:
    """Run the demo; each minute its number, the resident memory in MB and the CPU time in percent of one core. Minute 0
    is the end of the start."""
    texts = [listing.symbol.text for listing in universe(max(0, symbols - len(universe())))[:symbols]]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL", "XDG_"))
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        (home / "lists").mkdir()
        watchlists(home / "lists", texts)
        settings(home / "config.toml", {})
        own = {
            "HOME": name,
            "AIWATCH_CONFIG": str(home / "config.toml"),
            "AIWATCH_WATCHLISTS": str(home / "lists"),
        }
        command = [sys.executable, "-m", "aiwatch", "demo", *(["--rate", str(rate)] if rate != RATE else [])]
        with Terminal(command, environment | own) as terminal:
            process, before = terminal.process.pid, 0.0
            for minute in range(minutes + 1):
                lasts = FIRST if not minute else 60.0 if minute > 1 else 60.0 - FIRST
                terminal.read_until(lambda: False, lasts)
                if terminal.process.poll() is not None:
                    raise SystemExit(f"the demo ended\n{terminal.text[-3000:]}")
                cpu = used(process)
                yield minute, resident(process), 100 * (cpu - before) / lasts
                before = cpu


def main(minutes: int, symbols: int, rate: int) -> None:
    """Print what the demo takes."""
    print(f"the demo with {symbols} symbols and {rate} changed quotes a second")
    sizes = []
    for minute, size, share in measure(minutes, symbols, rate):
        sizes.append(size)
        print(f"  {minute:4} min {size:6.1f} MB  {share:5.1f} % of one core", flush=True)
    if len(sizes) > FILLED + 1:
        grown = (sizes[-1] - sizes[FILLED]) / (len(sizes) - 1 - FILLED)
        print(f"  {grown:+.2f} MB a minute since minute {FILLED}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(MINUTES, SYMBOLS, RATE)[len(given) :])
