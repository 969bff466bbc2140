"""The editor that the tests of this folder edit lists with."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.watchlist.editing.editor import ListEditor
from tests.watchlist.editing.lists import MINE, OTHER


@pytest.fixture(name="editor")
def _editor(tmp_path: Path) -> ListEditor:
    """An editor with the list ``mine`` of the user's, and ``other`` of those that ship."""
    bundled, own = tmp_path / "bundled", tmp_path / "own"
    bundled.mkdir()
    own.mkdir()
    (own / "mine.toml").write_text(MINE, encoding="utf-8")
    (bundled / "other.toml").write_text(OTHER, encoding="utf-8")
    return ListEditor(bundled, own)
