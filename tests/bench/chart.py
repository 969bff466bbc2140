"""What a redraw of the chart costs: ``python -m tests.bench.chart [rounds]``.

Printed is the CPU time of a whole redraw: bars to a picture, picture to strips, and the compositor's way to what goes
to the terminal; medians, beside how many times slower the machine was than when it is quiet. The aim is 8 ms for 250
days as candles with volume in 90 by 25 cells. After new bars these are adjusted once more; a move of the
crosshair leaves the first of the three out.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Callable
from time import thread_time

from aiwatch.market.bars import Range
from aiwatch.widgets.chart.chart import Chart
from aiwatch.widgets.chart.data import ChartData
from tests.bench.machine import fastest, piece
from tests.widgets.chart.fixtures import ChartApp, compared, daily, minute_data

YEAR_DATA = daily(262)
SIZE, WHOLE = (90, 25), (200, 60)
ROUNDS = 40


async def measure(
    data: ChartData, size: tuple[int, int], rounds: int, act: Callable[[Chart], None] = Chart.rebuild, **look: object
) -> tuple[float, float]:
    """The median of the CPU milliseconds of a redraw after ``act``, and the strain."""
    app = ChartApp(data, **look)  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        compositor, console = app.screen._compositor, app.console
        taken, pieces = [], []
        for _ in range(rounds):
            began = thread_time()
            act(app.chart)
            update = compositor.render_full_update()
            update.render_segments(console)
            taken.append((thread_time() - began) * 1000)
            pieces.append(piece())
        strain = statistics.fmean(pieces) / min(fastest(), *pieces)
    return statistics.median(taken), strain


RUNS: dict[str, Callable[[int], object]] = {
    "250 days, candles": lambda rounds: measure(YEAR_DATA, SIZE, rounds, span=Range.YEAR),
    "22 days, candles": lambda rounds: measure(YEAR_DATA, SIZE, rounds, span=Range.MONTH),
    "250 days, line": lambda rounds: measure(YEAR_DATA, SIZE, rounds, span=Range.YEAR, candles=False),
    "240 minutes": lambda rounds: measure(minute_data(), SIZE, rounds, span=Range.DAY, candles=False),
    "250 days, new bars": lambda rounds: measure(
        YEAR_DATA, SIZE, rounds, lambda chart: chart.show(YEAR_DATA), span=Range.YEAR
    ),
    "four compared": lambda rounds: measure(compared(), SIZE, rounds, span=Range.HALF_YEAR),
    "2,500 days, candles": lambda rounds: measure(daily(2500), SIZE, rounds, span=Range.MAX),
    "2,500 days, line": lambda rounds: measure(daily(2500), SIZE, rounds, span=Range.MAX, candles=False),
    "crosshair moves": lambda rounds: measure(
        YEAR_DATA, SIZE, rounds, lambda chart: chart.action_crosshair(-1), span=Range.YEAR, candles=False
    ),
    "250 days, 200×60": lambda rounds: measure(YEAR_DATA, WHOLE, rounds, span=Range.YEAR),
}


async def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print(f"{'':22}{'CPU':>9}{'strain':>8}{'quiet':>9}")
    for name, run in RUNS.items():
        median, strain = await run(rounds)  # type: ignore[misc]
        print(f"{name:22}{median:6.2f} ms{strain:8.2f}{median / strain:6.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
