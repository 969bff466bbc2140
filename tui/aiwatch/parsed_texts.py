"""What TOML texts say, kept in the cache folder: to parse the same files again is most of what reading them costs.

A text is found by itself, so that nothing kept can be out of date, and what is found is checked as strictly as what was
just parsed. Without the file, or with one that cannot be used, every text is parsed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from msgspec import MsgspecError, msgpack

from aiwatch.tables import parse_toml

_MOMENTS: dict[int, type[date | datetime | time]] = {1: date, 2: datetime, 3: time}
"""The kinds of TOML value that MessagePack has not, by the codes they are kept under."""


class ParsedTexts:
    """Parses TOML texts, those kept at ``path`` without parsing them. `keep` once they have been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, dict[str, Any]] = {}

    def __call__(self, text: str) -> dict[str, Any]:
        """What ``text`` says. Raises what `parse_toml` raises."""
        data = self._kept.get(text)
        self._used[text] = parse_toml(text) if data is None else data
        return self._used[text]

    def keep(self) -> None:
        """Keep what was asked for in this run and nothing else; do without where it cannot be written."""
        if self._used.keys() == self._kept.keys():
            return
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with suppress(OSError, OverflowError, RecursionError):
            packed = msgpack.encode({text: _packed(data) for text, data in self._used.items()})
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.touch(0o600)  # a list may hold its owner's positions
                beside.write_bytes(packed)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return msgpack.decode(path.read_bytes(), type=dict[str, dict[str, Any]], ext_hook=_moment)
    except (OSError, MsgspecError, ValueError):
        return {}


def _packed(value: Any) -> Any:
    """``value`` with its dates and times in a form that MessagePack has."""
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_packed(item) for item in value]
    for code, kind in _MOMENTS.items():
        if type(value) is kind:
            return msgpack.Ext(code, value.isoformat().encode())
    return value


def _moment(code: int, data: memoryview) -> date | datetime | time:
    return _MOMENTS[code].fromisoformat(bytes(data).decode())
