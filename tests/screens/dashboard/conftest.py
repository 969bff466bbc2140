"""Draws the pictures of the dashboard once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.headless import undrawn


@pytest.fixture(name="snap_compare")
def _snap_compare(snap_compare: Callable[..., bool]) -> Iterator[Callable[..., bool]]:
    """A picture is drawn when it is taken, not at every step on the way to it."""
    with undrawn():
        yield snap_compare
