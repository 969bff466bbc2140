"""How memory is looked after while the screen runs. What concerns the C library is for glibc alone: nothing is done
elsewhere."""

from __future__ import annotations

import gc
import sys
from asyncio import AbstractEventLoop
from contextlib import suppress
from time import perf_counter

_ARENA_MAX = -8
"""The number of the option of ``mallopt(3)`` that bounds the heaps."""
TIDY_SECONDS = 60.0
"""How often memory is tidied."""
TIDY_SHARE = 0.001
"""The share of the time that tidying takes at most."""


def share_heap() -> None:
    """Let the threads that begin from now on share the heaps there are.

    glibc has a heap for each thread, up to eight for each core, and what one has freed no other can use. Threads that
    read files and answers now and then leave megabytes behind in each.
    """
    _call("mallopt", _ARENA_MAX, 1)


def give_back() -> None:
    """Give back to the system what was freed among what is still held, as the start does with two megabytes. Takes
    under a millisecond."""
    _call("malloc_trim", 0)


def tidy_now_and_then(loop: AbstractEventLoop) -> None:
    """Free once in `TIDY_SECONDS` what waits for the collector's longest look, and give back what is free.

    The collector counts new objects, of which a quiet screen makes few: what lived through its first looks would wait
    for hours. Where it holds so much that this takes long, it comes more rarely.
    """

    def tidy() -> None:
        began = perf_counter()
        gc.collect()
        give_back()
        loop.call_later(max(TIDY_SECONDS, (perf_counter() - began) / TIDY_SHARE), tidy)

    loop.call_later(TIDY_SECONDS, tidy)


def _call(name: str, *numbers: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes  # a third of a megabyte, and nothing else needs it

    with suppress(OSError, AttributeError):  # another C library
        getattr(ctypes.CDLL(None), name)(*numbers)
