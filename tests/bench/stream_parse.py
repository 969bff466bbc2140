"""How long one message of the stream takes to read: ``python -m tests.bench.stream_parse [runs]``.

Prints the best and the median of a message of the session with the usual fields, and of laying its quote over a
polled one. The aim is 20 µs a message, so that 5,000 a second leave a core to the screen.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from time import perf_counter

from msgspec.structs import replace

from aiwatch.market.merge import combine
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.yahoo_stream.frames import read
from tests.sources.yahoo_stream.wire import NOW, envelope, frame, signed, single

MESSAGES = 2_000
_AAPL = parse_symbol("AAPL")


def microseconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The best and the median time of ``work``, in microseconds."""
    took = []
    for _ in range(runs):
        start = perf_counter()
        for _ in range(MESSAGES):
            work()
        took.append((perf_counter() - start) / MESSAGES * 1e6)
    return min(took), statistics.median(took)


def main(runs: int) -> None:
    """Measure and print."""
    symbols = {"AAPL": _AAPL}
    message = envelope(frame(more=signed(9, 17_557_274) + single(10, 306.5) + single(11, 303.25)))
    quote = read(message, symbols, NOW)
    if not isinstance(quote, Quote):
        raise SystemExit(f"not believed: {quote}")
    held = replace(quote, last=305.0, source="tencent", turnover=1e9)
    print(f"a message of {len(message)} bytes, best and median of {runs} runs")
    works: dict[str, Callable[[], object]] = {
        "read": lambda: read(message, symbols, NOW),
        "laid over a polled quote": lambda: combine(held, quote),
    }
    for name, work in works.items():
        best, median = microseconds(work, runs)
        print(f"  {name:26} {best:6.1f} µs  {median:6.1f} µs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
