"""Reads the bundled files before a test's event loop runs, as the command line does before the app's."""

from __future__ import annotations

import pytest

from tests.screens.stage import ledger, lists


@pytest.fixture(autouse=True)
def _files_are_read() -> None:
    lists()
    ledger()
