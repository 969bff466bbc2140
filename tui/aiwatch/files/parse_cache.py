"""What TOML texts say, kept in the cache folder: to parse the same files again is most of what reading them costs.

A text is found by itself, so that nothing kept can be out of date, a checksum says that what was found is what was
written, and it is checked as strictly as what was just parsed. Without the file, or with one that cannot be used, every
text is parsed.
"""

from __future__ import annotations

import os
from _blake2 import blake2b  # hashlib's own, without the library that it loads before the first paint
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from msgspec import msgpack

from aiwatch.files.bounded import read_bytes, reason_of
from aiwatch.files.toml_document import parse_toml

_MOST_BYTES = 32 * 2**20
_MOMENTS: dict[int, type[date | datetime | time]] = {1: date, 2: datetime, 3: time}
"""The kinds of TOML value that MessagePack has not, by the codes they are kept under."""
_EDITION = b"2"
"""Changed when what earlier editions wrote must not be used: the first kept texts as their readers left them."""


class ParsedTexts:
    """Parses TOML texts, those kept at ``path`` without parsing them. `keep` once they have been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, bytes] = {}

    def __call__(self, text: str) -> dict[str, Any]:
        """What ``text`` says, to change at will: what is kept is packed before a reader has it. Raises what
        `parse_toml` raises."""
        if (packed := self._kept.get(text)) is not None:
            with suppress(Exception):  # whatever was written there
                data = _unpacked(packed)
                self._used[text] = packed
                return data
        data = parse_toml(text)
        with suppress(Exception):  # a number larger than MessagePack has
            self._used[text] = msgpack.encode(_packed(data))
        return data

    def keep(self) -> None:
        """Keep what was asked for in this run and nothing else; do without where it cannot be written."""
        if self._used == self._kept:
            return
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with suppress(Exception):
            packed = msgpack.encode([(text, data, _checksum(text, data)) for text, data in self._used.items()])
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.touch(0o600)  # a list may hold its owner's positions
                beside.write_bytes(packed)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)


def damage_of(path: Path) -> str:
    """What is wrong with the file of kept texts at ``path``, in a few words; empty when nothing is, or no file."""
    try:
        held = _entries(path)
    except FileNotFoundError:
        return ""
    except Exception as error:  # whatever is there
        return f"cannot be used: {reason_of(error)}"
    return "" if len(_read(path)) == len(held) else "is damaged: some of it is not what was written"


def _entries(path: Path) -> list[tuple[str, bytes, bytes]]:
    return msgpack.decode(read_bytes(path, _MOST_BYTES), type=list[tuple[str, bytes, bytes]])


def _read(path: Path) -> dict[str, bytes]:
    """What ``path`` holds, still packed, as far as each entry is what was written; nothing when it cannot be used."""
    try:
        held = _entries(path)
    except Exception:  # whatever is there, every text can be parsed
        return {}
    return {text: packed for text, packed, checksum in held if checksum == _checksum(text, packed)}


def _checksum(text: str, packed: bytes) -> bytes:
    """Tells an entry from one of which a single bit is another."""
    hashed = blake2b(_EDITION + len(packed).to_bytes(8, "little"), digest_size=16)
    hashed.update(packed)
    hashed.update(text.encode())
    return hashed.digest()


def _unpacked(packed: bytes) -> dict[str, Any]:
    return msgpack.decode(packed, type=dict[str, Any], ext_hook=_moment)


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
