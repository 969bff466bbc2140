"""Whether the TOML files of a folder changed, judged by their times and sizes."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of the last change in nanoseconds and size of each file."""


def stamp_of(folder: Path) -> Stamp:
    """The stamp of the TOML files in ``folder``; empty where there is none. Blocks: call it in a thread."""
    stamps = []
    for path in sorted(folder.glob("*.toml")):
        try:
            state = path.stat()
        except OSError:  # removed, or not to be looked at, since the folder was listed: reading says why
            stamps.append((path.name, 0, 0))
        else:
            stamps.append((path.name, state.st_mtime_ns, state.st_size))
    return tuple(stamps)
