"""No answer of a mebibyte takes much memory to read: what any reader holds at its highest."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from aiwatch.errors import AiwatchError
from aiwatch.sources.http import BODY_LIMIT
from tests.monsters import ANSWERS
from tests.sources.test_loop import bodies

MOST = 64 * 2**20
"""Bytes beyond the answer itself."""
OF_HOSTS = {
    name: read for name, read in ANSWERS.items() if name not in ("calendars", "date", "crumb", "consent", "error")
}


@pytest.mark.parametrize("reader", OF_HOSTS)
def test_no_answer_takes_much_memory(reader: str, tmp_path: Path) -> None:
    large = {values: body for values, body in bodies().items() if len(body) > BODY_LIMIT // 8}
    for label, body in large.items():
        tracemalloc.start()
        try:
            with suppress(AiwatchError):
                OF_HOSTS[reader](body[:BODY_LIMIT], tmp_path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MOST, label
