"""Threads share the heaps there are, on the C library that has one for each; what is dead is freed now and then."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import weakref
from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import cast

import pytest

from aiwatch.system import memory
from aiwatch.system.memory import TIDY_SECONDS, TIDY_SHARE, give_back, share_heap, tidy_now_and_then

_SCRIPT = """\
import sys
from pathlib import Path
from threading import Barrier, Thread

from aiwatch.system.memory import share_heap


def heaps():
    '''The heaps beside the first: each reserves 64 MB, of which most cannot be touched yet.'''
    rows = (line.split() for line in Path("/proc/self/maps").read_text().splitlines())
    ends = (row[0].split("-") for row in rows if row[1].startswith("---p") and len(row) == 5)
    return sum(2**25 < int(end, 16) - int(start, 16) < 2**26 for start, end in ends)


if sys.argv[1] == "shared":
    share_heap()
together = Barrier(5)


def work():
    held = bytearray(100_000)
    together.wait(10)
    together.wait(10)
    del held


threads = [Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
together.wait(10)
print(heaps())
together.wait(10)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_threads_have_no_heaps_of_their_own() -> None:
    heaps = {
        way: int(subprocess.run([sys.executable, "-c", _SCRIPT, way], check=True, capture_output=True).stdout)
        for way in ("shared", "apart")
    }
    assert heaps["apart"] > heaps["shared"] == 0


_FREED = """\
from pathlib import Path

from aiwatch.system.memory import give_back


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])


held = [bytearray(8_000) for _ in range(4_000)]
most = resident()
held = held[::10]
before = resident()
give_back()
print(most, before, resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps less")
def test_what_was_freed_goes_back_to_the_system() -> None:
    """A tenth of it, spread over all, is still held."""
    done = subprocess.run([sys.executable, "-c", _FREED], check=True, capture_output=True)
    most, before, after = map(int, done.stdout.split())
    assert before > most - 1_000, "in pages: it goes nowhere by itself"
    assert after < most - 3_000


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "ctypes", None)
    share_heap()
    give_back()


class _Loop:
    """What is due later, as a loop holds it."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.due.append((seconds, call))


class _Strip:
    """Holds itself, as a strip of Textual does."""

    def __init__(self) -> None:
        self.me = self


def test_what_lived_through_the_first_looks_of_the_collector_is_freed_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "perf_counter", lambda: 5.0)  # a long look in a process that holds much
    loop = _Loop()
    tidy_now_and_then(cast("AbstractEventLoop", loop))
    for _ in range(2):
        strip = _Strip()
        gone = weakref.ref(strip)
        gc.collect(1)
        del strip
        gc.collect(1)
        assert gone() is not None, "it is among the old"
        [(seconds, tidy)] = loop.due
        assert seconds == TIDY_SECONDS
        loop.due.clear()
        tidy()
        assert gone() is None


@pytest.mark.parametrize(("took", "next_after"), [(0.01, TIDY_SECONDS), (0.2, 0.2 / TIDY_SHARE)])
def test_it_takes_a_small_share_of_the_time(took: float, next_after: float, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((5.0, 5.0 + took))
    monkeypatch.setattr(memory, "perf_counter", lambda: next(times))
    loop = _Loop()
    tidy_now_and_then(cast("AbstractEventLoop", loop))
    loop.due.pop()[1]()
    assert loop.due[0][0] == pytest.approx(next_after)
