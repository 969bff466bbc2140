"""The reports of companies, on spending or filings, kept in the cache folder, each with a checksum: what is not what
was written is asked for anew. Blocking: called in a thread.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import msgpack

from aiwatch.files.bounded import read_bytes

_MOST_BYTES = 8 * 2**20
T = TypeVar("T")


class ReportCache(Generic[T]):
    """The file at ``path``, with reports of the type ``kind``. Nothing raises for a file that cannot be used: there is
    nothing kept then."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path = path
        self._kind = kind

    def read(self) -> dict[str, T]:
        """What is kept, as far as it is what was written, by the key it was kept under."""
        try:
            held = msgpack.decode(read_bytes(self._path, _MOST_BYTES), type=list[tuple[str, bytes, bytes]])
        except Exception:  # whatever is there, the hosts can be asked
            return {}
        reports: dict[str, T] = {}
        for key, packed, checksum in held:
            if checksum == _checksum(key, packed):
                with suppress(Exception):
                    reports[key] = msgpack.decode(packed, type=self._kind)
        return reports

    def write(self, reports: dict[str, T]) -> None:
        """Keep ``reports`` and nothing else; do without where that cannot be written."""
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            entries = [(key, msgpack.encode(report)) for key, report in reports.items()]
            packed = msgpack.encode([(key, data, _checksum(key, data)) for key, data in entries])
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                beside.touch(0o600)
                beside.write_bytes(packed)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)


def _checksum(key: str, packed: bytes) -> bytes:
    return blake2b(len(packed).to_bytes(8, "little") + packed + key.encode(), digest_size=16).digest()
