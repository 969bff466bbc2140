"""The progress bar of the commands that fetch many symbols: drawn where somebody watches, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from aiwatch.commands.analysis.fetching import _progress
from aiwatch.runtime.output import opened_doors


class Watched(io.StringIO):
    """Standard error at which a person looks, or not."""

    def __init__(self, is_watched: bool) -> None:
        super().__init__()
        self._is_watched = is_watched

    def isatty(self) -> bool:
        return self._is_watched


@pytest.mark.parametrize(("is_watched", "total", "is_drawn"), [(True, 3, True), (False, 3, False), (True, 1, False)])
def test_the_bar_reaches_the_terminal_as_a_bar(
    monkeypatch: pytest.MonkeyPatch, is_watched: bool, total: int, is_drawn: bool
) -> None:
    stream = Watched(is_watched)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "__stderr__", stream)
    with opened_doors(), _progress(total) as advance:
        for name in ("NVDA", "AMD"):
            advance(name)
    drawn = stream.getvalue()
    assert ("\x1b[" in drawn) is is_drawn, "what moves the cursor must not become a question mark"
    assert ("AMD" in drawn) is is_drawn
    assert "?[" not in drawn
