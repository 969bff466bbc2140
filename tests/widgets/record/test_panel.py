"""The record's panel: at rest, a commitment's text is worked out again only when something that it says changes."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

import aiwatch.widgets.record.facts
import aiwatch.widgets.record.text
from aiwatch.market.state import MarketState
from aiwatch.themes import MEANINGS
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.record.panel import RecordDetail
from tests.widgets.ledger.fixtures import NOON, context, quote


class _Stage(App[None]):
    def __init__(self, reading: LedgerContext) -> None:
        super().__init__()
        self.market = MarketState(lambda: NOON)
        self.reading = reading

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return MEANINGS

    def compose(self) -> ComposeResult:
        yield RecordDetail(self.market, lambda: self.reading, lambda: "No record selected")


@pytest.fixture
def reading() -> LedgerContext:
    """The ledger, read before a loop runs."""
    return context()


async def test_a_second_costs_a_commitment_nothing_unless_its_text_is_another(reading: LedgerContext) -> None:
    app = _Stage(reading)
    async with app.run_test(size=(100, 60)):
        detail = app.query_one(RecordDetail)
        detail.show("C004")
        detail.move_on()
        with patch.object(detail, "redraw", wraps=detail.redraw) as redraw:
            detail.move_on()
            app.market.apply([quote("NVDA", 180.0, 178.0)])
            detail.move_on()
            assert redraw.call_count == 0, "it does not touch the record"
            app.market.apply([quote("601988.SS", 5.05, 5.0)])
            detail.move_on()
            assert redraw.call_count == 1
            assert "+1.00 %" in detail.plain
            app.reading = replace(app.reading, rates=())
            detail.move_on()
            assert redraw.call_count == 1, "sums are said as printed"
            app.reading = replace(app.reading, today=app.reading.today + timedelta(days=1))
            detail.move_on()
            assert redraw.call_count == 2
            app.reading = replace(app.reading, currency="EUR")
            detail.move_on()
            assert redraw.call_count == 3
            detail.move_on()
            assert redraw.call_count == 3
            app.reading = replace(app.reading, rates=reading.rates)
            detail.move_on()
            assert redraw.call_count == 4


async def test_a_price_works_out_the_companies_alone(reading: LedgerContext) -> None:
    app, facts = _Stage(reading), aiwatch.widgets.record.facts
    async with app.run_test(size=(100, 60)):
        detail = app.query_one(RecordDetail)
        detail.show("C004")
        with patch.object(facts, "around_companies", wraps=facts.around_companies) as around:
            app.market.apply([quote("601988.SS", 5.05, 5.0)])
            detail.move_on()
            assert "+1.00 %" in detail.plain
            assert around.call_count == 0
            app.reading = replace(app.reading, today=app.reading.today + timedelta(days=1))
            detail.move_on()
            assert around.call_count == 1
            record = reading.ledger.commitments["C004"]
            assert list(detail.rows(80)) == facts.commitment_text(app.reading, app.market, record)


@pytest.mark.parametrize("key", ["", "C004"])
async def test_another_record_is_shown_at_once(key: str, reading: LedgerContext) -> None:
    app = _Stage(reading)
    async with app.run_test(size=(100, 60)):
        detail = app.query_one(RecordDetail)
        detail.show(key)
        detail.move_on()
        detail.show("C033")
        detail.move_on()
        assert "if even over 5 years" in detail.plain
