"""How long a key takes to be answered over a slow line: ``python -m tests.bench.slow_line [kbit/s]``.

The screen runs under a pseudo-terminal of 160 by 45 cells that is read no faster than an ssh line of 64 kbit/s takes it
away, while 50 quotes of its 30 symbols change a second. Printed are the seconds until the first whole picture is
there, and, for keys that move the cursor and for one that shows another panel in full and back, the median and the
longest time from the key to the moment when the line has delivered all that was written by then: of a cursor first its
row, then the chart of its stock, which follows once the cursor rests. The aim is half a second for the median of a
moving cursor with its chart.
"""

from __future__ import annotations

import statistics
import sys
import time

from aiwatch.widgets.beat import RESTED
from tests.bench.bytes import fresh_home, running
from tests.bench.terminal import Terminal

KBITS = 64.0
PIECE = 0.02
"""Seconds between two reads."""
KEYS = {"cursor": (b"j", b"k") * 6, "whole screen": (b"w", b"w") * 2}
ROW = "the cursor's row"
SETTLED = 0.12 + RESTED
"""Seconds after a key in which the program has written its answer, what follows a cursor, a beat of the screen and its
paint."""
_BETWEEN, _START, _LONGEST = 0.8, 40.0, 20.0


class SlowLine:
    """Reads a terminal at ``rate`` bytes a second."""

    def __init__(self, terminal: Terminal, rate: float) -> None:
        self._terminal = terminal
        self._rate = rate
        self._paid = time.perf_counter()
        """Up to when what was read has used the line."""

    def run(self, seconds: float) -> None:
        """Take away what fits through the line in so many seconds."""
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            if now < self._paid:
                time.sleep(min(self._paid, end) - now)
                continue
            before = self._terminal.count
            self._terminal.read_some(int(self._rate * PIECE), PIECE)
            self._paid = max(now, self._paid) + (self._terminal.count - before) / self._rate

    def answer(self, key: bytes) -> tuple[float, float]:
        """Press ``key``; the seconds until what was written of it first is through, and all of it."""
        began, before = time.perf_counter(), self._terminal.count
        self._terminal.press(key)
        while self._terminal.count == before or self._terminal.has_more():
            self.run(PIECE / 4)
        first = self._paid - began
        self.run(SETTLED - (time.perf_counter() - began))
        while self._terminal.has_more() and time.perf_counter() - began < _LONGEST:
            self.run(PIECE)
        return first, max(self._paid, time.perf_counter()) - began


def measure(kbits: float = KBITS) -> dict[str, list[float]]:
    """The seconds of each key's answer, by what it does, and those until the first picture was there."""
    with fresh_home() as home, running(50.0, home) as terminal:
        line = SlowLine(terminal, kbits * 1000 / 8)
        began = time.perf_counter()
        while "quit" not in terminal.text and time.perf_counter() - began < _START:
            line.run(0.1)
        took = {"first picture": [time.perf_counter() - began]}
        line.run(8.0)  # until prices are there and the start is over
        for what, keys in KEYS.items():
            answers = []
            for key in keys:
                answers.append(line.answer(key))
                line.run(_BETWEEN)
            took[what] = [each for _, each in answers]
            if what == "cursor":
                took[ROW] = [first for first, _ in answers]
        return took


def main() -> None:
    """Print the times."""
    kbits = float(sys.argv[1]) if len(sys.argv) > 1 else KBITS
    print(f"a line of {kbits:g} kbit/s, 50 quotes a second")
    for what, took in measure(kbits).items():
        print(f"  {what:16} {statistics.median(took):6.2f} s median {max(took):6.2f} s at most")


if __name__ == "__main__":
    main()
