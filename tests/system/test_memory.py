"""Threads share the heaps there are, on the C library that has one for each."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from aiwatch.system.memory import share_heap

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


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "ctypes", None)
    share_heap()
