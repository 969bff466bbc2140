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
    if sys.platform != "linux":
        return
    import ctypes  # a third of a megabyte, and nothing else needs it

    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give back to the system what was freed among what is still held, as the start does with two megabytes. Takes
    under a millisecond."""
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
