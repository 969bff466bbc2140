"""An embedded exchange at the present, and settings that lead there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aiwatch.config.settings import Settings
from aiwatch.market.state import utc_now
from aiwatch.runtime.hosts import pointed_at
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with Exchange(universe=universe(5), clock=utc_now, rate=100) as exchange:
        yield exchange


@pytest.fixture
def settings(exchange: Exchange) -> Settings:
    return pointed_at(Settings(), exchange.urls)
