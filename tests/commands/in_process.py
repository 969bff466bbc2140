"""A whole command line in this process: standard streams at files, the status it ends with, and what it wrote."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from aiwatch.cli import main


class Ended(Struct, frozen=True):
    """A run that has ended: its exit status and the bytes that it wrote."""

    status: int
    stdout: bytes
    stderr: bytes

    @property
    def written(self) -> bytes:
        """What it wrote to either."""
        return self.stdout + self.stderr


def run_here(
    *arguments: str, stdout: Path | None = None, encoding: str = "utf-8", environment: Mapping[str, str] | None = None
) -> Ended:
    """Run ``aiwatch`` with ``arguments`` in this process, standard output at the file ``stdout`` where one is named.

    The streams are files of the operating system, as a shell gives them; ``encoding`` is written as in
    ``PYTHONIOENCODING``, ``environment`` comes on top of that of the test.
    """
    name, _, errors = encoding.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        out, err = stdout or Path(folder) / "out", Path(folder) / "err"
        with (
            io.TextIOWrapper(out.open("wb"), name, errors or "strict") as out_stream,
            io.TextIOWrapper(err.open("wb"), name, "backslashreplace") as err_stream,
            _standing_in(["aiwatch", *arguments], out_stream, err_stream, environment or {}),
            pytest.raises(SystemExit) as end,
        ):
            main()
        status = end.value.code
        assert isinstance(status, int)
        return Ended(status, b"" if stdout else out.read_bytes(), err.read_bytes())


@contextmanager
def _standing_in(
    words: list[str], stdout: io.TextIOWrapper, stderr: io.TextIOWrapper, environment: Mapping[str, str]
) -> Iterator[None]:
    """Put what a command finds around it in place, and what was there before back again."""
    before = sys.argv, sys.stdout, sys.stderr, sys.__stderr__, dict(os.environ), signal.getsignal(signal.SIGINT)
    sys.argv, sys.stdout, sys.stderr = words, stdout, stderr
    sys.__stderr__ = stderr  # type: ignore[misc]
    os.environ.update(environment)
    try:
        yield
    finally:
        sys.argv, sys.stdout, sys.stderr = before[:3]
        sys.__stderr__ = before[3]  # type: ignore[misc]
        os.environ.clear()
        os.environ.update(before[4])
        signal.signal(signal.SIGINT, before[5])
