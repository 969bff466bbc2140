"""How many examples a property is tried with: a part of them in the ordinary run, all with ``--all-examples``."""

from __future__ import annotations

from functools import cache

ORDINARY_SHARE = 0.2
"""The part of its examples that a property gets in the ordinary run."""

share = ORDINARY_SHARE
"""The part that it gets in this run; set by ``conftest.py`` before any test is imported."""


def examples(expected: int) -> int:
    """The examples to try where ``expected`` are to be tried in a long run; at least one."""
    load_profile()
    return _share_of(expected)


@cache
def load_profile() -> None:
    """Let every property that is declared from now on take its time: that of a busy machine is no fault of it."""
    from hypothesis import HealthCheck, settings  # only where there are properties

    calm = [HealthCheck.too_slow]
    settings.register_profile("aiwatch", max_examples=_share_of(100), deadline=None, suppress_health_check=calm)
    settings.load_profile("aiwatch")


def _share_of(expected: int) -> int:
    return max(1, round(expected * share))
