"""Dead objects that only the garbage collector frees stay few, however long a screen runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

_DRIVER = """
import gc
from collections import deque
from aiwatch.runtime.screen import collect_from_here_on, collect_from_now_on

class Strip:
    alive = 0
    def __init__(self):
        self.me = self
        Strip.alive += 1
    def __del__(self):
        Strip.alive -= 1

gc.disable()
collect_from_now_on()
collect_from_here_on()
shown = deque(maxlen={shown})
most = 0
for _ in range({made}):
    shown.append(Strip())
    most = max(most, Strip.alive)
print(most)
"""


@pytest.mark.parametrize("shown", [50, 9_000])
def test_what_holds_itself_is_freed_before_long(shown: int) -> None:
    """Objects live through some collections, as rows of the board do, before they die."""
    from aiwatch.runtime.screen import THRESHOLDS

    first, second, third = THRESHOLDS
    words = [sys.executable, "-c", _DRIVER.format(shown=shown, made=300_000)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) <= first * (second + 2) + shown * (third + 2)
