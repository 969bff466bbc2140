"""Reads the bundled files before a test's event loop runs, as the command line does before the app's."""

from __future__ import annotations

import pytest

from aiwatch.app import AiwatchApp
from tests.screens.stage import ledger, lists


@pytest.fixture(autouse=True)
def _files_are_read() -> None:
    lists()
    ledger()


@pytest.fixture(name="said")
def _said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the app told for a moment, from the first to the last."""
    said: list[str] = []
    monkeypatch.setattr(AiwatchApp, "notify", lambda _app, message, **_: said.append(message))
    return said
