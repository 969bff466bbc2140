"""How many examples a property is tried with: a part of them in the ordinary run, all with ``--all-examples``."""

from __future__ import annotations

ORDINARY_SHARE = 0.3
"""The part of its examples that a property gets in the ordinary run."""

share = ORDINARY_SHARE
"""The part that it gets in this run; set by ``conftest.py`` before any test is imported."""


def examples(expected: int) -> int:
    """The examples to try where ``expected`` are to be tried in a long run; at least one."""
    return max(1, round(expected * share))
