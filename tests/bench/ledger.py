"""How long it takes to load the ledger: ``python -m tests.bench.ledger [runs]``.

Prints the best and the median time of the first stage (what a first paint needs), of the whole, and of tomllib alone
on the same files, which is the floor. The aim is 25 ms for the whole on two cores of a small machine.
"""

from __future__ import annotations

import statistics
import sys
import tomllib
from collections.abc import Callable
from time import perf_counter

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import load_commitments, load_ledger

SEEDS = bundled("seeds")


def parse_alone() -> None:
    """Read every file with tomllib and throw the result away."""
    for path in SEEDS.glob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))


def times(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """The best and the median of ``runs`` calls, in milliseconds."""
    taken = []
    for _ in range(runs):
        start = perf_counter()
        run()
        taken.append((perf_counter() - start) * 1000)
    return min(taken), statistics.median(taken)


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    for name, run in (
        ("first stage", lambda: load_commitments(SEEDS)),
        ("whole", lambda: load_ledger(SEEDS)),
        ("tomllib alone", parse_alone),
    ):
        best, median = times(run, runs)
        print(f"{name:14} best {best:5.1f} ms  median {median:5.1f} ms")


if __name__ == "__main__":
    main()
