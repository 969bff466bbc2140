"""A clock that stands still, and a plain client that never uses a proxy."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.simulator.clock import SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=5) as client:
        yield client
