"""How the C library keeps memory for its threads: of glibc alone, nothing is done elsewhere."""

from __future__ import annotations

import sys
from contextlib import suppress

_ARENA_MAX = -8
"""The number of the option of ``mallopt(3)`` that bounds the heaps."""


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


def _call(name: str, *numbers: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes  # a third of a megabyte, and nothing else needs it

    with suppress(OSError, AttributeError):  # another C library
        getattr(ctypes.CDLL(None), name)(*numbers)
