"""How long it takes to read Tencent's answer for 900 stocks: ``python -m tests.bench.parse [runs]``.

Prints the CPU time, best and median, of the whole answer and of the longest slice that the client reads without letting
the event loop run; where others use the machine, the best is the truer. The aims are 25 ms and 2 ms on two cores of a
small machine.
"""

from __future__ import annotations

import statistics
import sys
from datetime import UTC, datetime
from time import thread_time

from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.sources.parsing import SLICE
from aiwatch.sources.tencent.source import Batch, lines_of, parse
from tests.sources.tencent.wire import CHINA, line

LINES = 900
_NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def answer_of(count: int) -> tuple[bytes, list[Symbol]]:
    """An answer of ``count`` full mainland lines with changing times, and the symbols it is about."""
    filled = {index: CHINA.get(index, "12345.67") for index in range(3, 88) if index != 40}
    for step in range(5):
        filled |= {9 + 2 * step: f"{50.24 - step / 100:.2f}", 10 + 2 * step: str(17 + step)}
        filled |= {19 + 2 * step: f"{50.26 + step / 100:.2f}", 20 + 2 * step: str(8 + step)}
    codes = [f"sz{2000 + number:06d}" for number in range(count)]
    body = b"".join(
        line(code, {**filled, 30: f"2026030210{number % 60:02d}{number % 7:02d}"}) for number, code in enumerate(codes)
    )
    return body, [parse_symbol(f"{code[2:]}.SZ") for code in codes]


def measure(runs: int) -> dict[str, list[float]]:
    """The CPU milliseconds of each of ``runs``: the whole answer at once, in slices, and the longest slice."""
    body, symbols = answer_of(LINES)
    whole, sliced, longest = [], [], []
    for _ in range(runs):
        start = thread_time()
        answer = parse(body, symbols, _NOW, "bench")
        whole.append(thread_time() - start)
        if len(answer.quotes) != LINES:
            raise SystemExit(f"only {len(answer.quotes)} of {LINES} lines were believed: {answer.refused[:3]}")
        start = mark = thread_time()
        lines = lines_of(body, "host.test")
        steps = [thread_time() - mark]
        mark = thread_time()
        batch = Batch(symbols, _NOW)
        now = thread_time()
        steps.append(now - mark)
        mark = now
        for first in range(0, len(lines), SLICE):
            batch.take(lines[first : first + SLICE])
            now = thread_time()
            steps.append(now - mark)
            mark = now
        batch.answer("bench")
        steps.append(thread_time() - mark)
        sliced.append(thread_time() - start)
        longest.append(max(steps))
    took = {"at once": whole, f"in slices of {SLICE}": sliced, "longest slice": longest}
    return {name: [1000 * seconds for seconds in times] for name, times in took.items()}


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    print(f"{LINES} lines of 88 fields, best and median of {count} runs")
    for name, times in measure(count).items():
        print(f"  {name:16} {min(times):7.2f} ms {statistics.median(times):7.2f} ms")
