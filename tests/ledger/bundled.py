"""The ledger as it ships, read once for all tests of this folder."""

from __future__ import annotations

from functools import cache

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger


@cache
def bundled_ledger() -> Ledger:
    """The whole bundled ledger."""
    return load_ledger(bundled("seeds"))
