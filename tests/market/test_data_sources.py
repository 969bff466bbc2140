"""The table of sources: one made-up row, and the source is everywhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.commands.upkeep import diagnosis
from aiwatch.config.loader import load_settings
from aiwatch.config.settings import Settings, settings_keys, variables
from aiwatch.errors import FileError
from aiwatch.feed.feed import Feed
from aiwatch.feed.router import Router, order, page_of
from aiwatch.market import data_sources
from aiwatch.market.calendar.session import always_open
from aiwatch.market.data_sources import SOURCES, Address, SourceSpec, beside, credit_of, title_of
from aiwatch.market.source_health import SourceTraffic
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import live_hosts, open_hosts, pointed_at
from aiwatch.screens.dialogs.sources import source_rows
from aiwatch.simulator.server import Exchange
from aiwatch.sources import Answer
from aiwatch.sources.registry import loaded, quote_page, readers
from tests.feed.fakes import FakeSource, quote
from tests.simulator.clock import SteppingClock

NVDA = parse_symbol("NVDA")
MADE_UP = SourceSpec(
    name="quotemill",
    title="Quote Mill",
    subject="Quote Mill's quotes",
    load="made_up_source:QuoteMill",
    parse="made_up_source:parse",
    page="made_up_source:page_of",
    base_url="https://quotes.example.org",
    variable="AIWATCH_QUOTEMILL_URL",
    interval=7,
    closed=70,
    polite=3,
    demo_interval=1,
    ranks={"US": 0},
    addresses=(Address("history_url", "https://bars.example.org", "where its bars are", follows_base=True),),
)


class QuoteMill(FakeSource):
    """A source as its folder would have it."""

    def __init__(self, settings: Any, clock: Any, *, transport: Any = None) -> None:
        super().__init__("quotemill", _answer)
        self.title = title_of(self.name)


def _answer(symbols: Sequence[Symbol]) -> Answer:
    return Answer(tuple(quote(symbol, source="quotemill") for symbol in symbols))


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one row, and the module that it names."""
    module: Any = ModuleType("made_up_source")
    module.QuoteMill = QuoteMill
    module.parse = lambda body, asked, received_at, host: _answer(asked)
    module.page_of = lambda symbol: f"https://example.org/{symbol.text}"
    monkeypatch.setitem(sys.modules, "made_up_source", module)
    monkeypatch.setattr(data_sources, "SOURCES", (*SOURCES, MADE_UP))


def _alone() -> Settings:
    """Settings by which it alone is asked."""
    sources = {name: replace(source, enabled=name == MADE_UP.name) for name, source in Settings().sources.items()}
    return Settings(sources=sources, stream=replace(Settings().stream, enabled=False))


def test_its_settings_are_read_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[sources.quotemill]\ninterval = 3\n", encoding="utf-8")
    settings = load_settings(path, {"AIWATCH_QUOTEMILL_URL": "https://elsewhere.example.org/"}).sources["quotemill"]
    assert (settings.base_url, settings.interval, settings.interval_closed) == ("https://elsewhere.example.org", 3, 70)
    assert settings.addresses == {"history_url": "https://elsewhere.example.org"}
    assert variables()["sources.quotemill.base_url"] == "AIWATCH_QUOTEMILL_URL"
    assert settings_keys()["sources.quotemill.interval"].endswith("at least 3")
    path.write_text("[sources.quotemill]\ninterval = 2\nsearch_url = 'x'\n", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_settings(path)
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_the_router_asks_it_where_it_has_a_rank() -> None:
    assert order(NVDA)[0] == "quotemill"
    assert "quotemill" not in order(parse_symbol("0700.HK"))
    assert Router([FakeSource("quotemill", _answer)], lambda name, symbol: False).source_of(NVDA) == "quotemill"
    assert beside("quotemill") == frozenset()


def test_it_has_its_title_its_page_and_its_parser() -> None:
    assert (title_of("quotemill"), credit_of("quotemill")) == ("Quote Mill", "Quote Mill")
    assert quote_page("quotemill", NVDA) == page_of(NVDA) == "https://example.org/NVDA"
    assert readers()["quotemill"](b"", [NVDA], SteppingClock()(), "host").quotes[0].source == "quotemill"


async def test_the_sources_screen_shows_it_waiting_and_then_at_work() -> None:
    clock = SteppingClock()
    async with Feed(live_hosts(_alone(), clock), clock, always_open) as feed:
        waiting = {health.name: health for health in feed.health}["quotemill"]
        assert "Quote Mill" in source_rows(waiting, SourceTraffic(), clock())[0].plain
        feed.follow([NVDA])
        feed.start()
        async for batch in feed.batches():
            if batch.quotes:
                break
        assert [health.title for health in feed.health] == ["Quote Mill"]
        assert batch.quotes[0].source == "quotemill"


async def test_the_doctor_asks_it() -> None:
    (finding,) = await diagnosis.examine(_alone())
    assert (finding.source, finding.priced) == ("Quote Mill", ("United States",))


async def test_a_demo_that_does_not_serve_it_never_asks_it_elsewhere() -> None:
    clock = SteppingClock()
    async with Exchange(clock=clock) as exchange, AsyncExitStack() as stack:
        opened = await open_hosts(stack, pointed_at(Settings(), exchange.urls), clock)
    assert [source.name for source, _ in opened] == ["tencent", "sina", "yahoo", "ecb"]


def test_every_row_names_code_that_is_there() -> None:
    for spec in SOURCES:
        for place in filter(None, (spec.load, spec.parse, spec.page, spec.search, spec.bars)):
            assert callable(loaded(place)), place
        assert loaded(spec.load).name == spec.name
    names = [spec.name for spec in SOURCES]
    assert len(set(names)) == len(names)
    assert {spec.shares_host for spec in SOURCES} <= {"", *names}
