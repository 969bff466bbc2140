"""No view contradicts another: what stands in the map, the circles, Delivered, Years and Who is who is what the records
and totals say; what is not known is never nought; projections enter no sum."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from aiwatch.ledger import views
from aiwatch.ledger.circles import circles, company_money, incomings, legs
from aiwatch.ledger.delivered.quarters import Reports, deliveries
from aiwatch.ledger.reports.graph import edges
from aiwatch.ledger.reports.timeline import events
from aiwatch.ledger.reports.years import by_year, yearly_rates
from aiwatch.ledger.totals import WAYS, totals_by
from aiwatch.market.state import MarketState
from aiwatch.widgets.ledger.money_map import gets_words
from aiwatch.widgets.ledger.panel import VIEWS
from aiwatch.widgets.ledger.reference_views import money_words
from aiwatch.widgets.ledger.rows import ViewQuery
from aiwatch.widgets.ledger.totals_view import total_key
from aiwatch.widgets.record.text import find, text_of
from tests.ledger.bundled import bundled_ledger
from tests.widgets.ledger.fixtures import NOON, context, lines, row_of, shown


def test_the_exported_map_has_the_records_and_the_sums_of_the_legs() -> None:
    ledger = bundled_ledger()
    drawn: dict[tuple[str, str], set[str]] = {}
    for edge in edges(ledger):
        drawn.setdefault((edge.payer, edge.recipient), set()).update(edge.records)
    for pair, leg in legs(ledger).items():
        whole = leg.total
        omitted = (part.record for part in (*whole.left_out, *whole.unknown))
        assert drawn[pair] == {record.id for record in (*whole.included, *omitted)}
    assert drawn.keys() == legs(ledger).keys()


def test_a_circle_is_made_of_the_legs_of_the_map() -> None:
    ledger = bundled_ledger()
    every = legs(ledger)
    assert circles(ledger)
    for circle in circles(ledger):
        assert all(leg == every[leg.payer, leg.recipient] for leg in circle.legs)


def test_who_is_who_has_the_money_of_the_totals() -> None:
    ledger = bundled_ledger()
    view = shown("who", 196)
    for way, part in (("recipient", "received"), ("payer", "paid")):
        of_name = {total.label: total for total in totals_by(ledger, way)}
        for entity in ledger.entities.values():
            own = getattr(company_money(ledger, entity.id), part)
            if entity.name in of_name:
                assert money_words(own) == money_words(of_name[entity.name])
            assert money_words(own)[0] in row_of(view, f"entity:{entity.id}")


def test_every_view_says_the_same_of_a_company() -> None:
    """Totals, Deals, Who is who, and panel 4 of each of their rows: one figure for what a company gets, and for what it
    pays."""
    ledger = bundled_ledger()
    market = MarketState(lambda: NOON)

    def panel_4(key: str) -> str:
        record = find(ledger, key)
        assert record is not None
        return "\n".join(row.content.plain for row in text_of(context(), market, record))

    deals, who, totals = shown("deals", 196, ViewQuery(mapped=True)), shown("who", 196), shown("totals", 196)
    received = {each.entity: each for each in incomings(ledger)}
    compared = 0
    for entity in ledger.entities.values():
        own = company_money(ledger, entity.id)
        for way, label, whole in (("recipient", "gets", own.received), ("payer", "pays", own.paid)):
            words = money_words(whole)[0]
            if not words:
                continue
            compared += 1
            assert words in row_of(who, f"entity:{entity.id}")
            assert f"{label:<12}{words}" in panel_4(f"entity:{entity.id}")
            if whole.sums:
                assert words in row_of(totals, total_key(way, entity.name))
                assert f"{'sum':<12}{words}" in panel_4(total_key(way, entity.name))
        if entity.id in received:
            assert received[entity.id].everything == own.received
            words = gets_words(received[entity.id])
            assert words in row_of(deals, f"gets:{entity.id}")
            assert f"{'gets':<12}{words}" in panel_4(f"gets:{entity.id}")
    assert compared > 15


def test_what_was_promised_is_what_the_record_says() -> None:
    for result in deliveries(bundled_ledger(), Reports()):
        assert (result.promised, result.currency) == (result.record.amount, result.record.currency)
        assert result.percent is None, "nobody has reported"
        assert {part.entity for part in result.parts} == set(result.record.payers)


def test_a_year_and_a_yearly_rate_are_what_their_records_say() -> None:
    ledger = bundled_ledger()
    for spent in by_year(ledger):
        assert spent.amount == sum(record.amount or 0 for record in spent.records)
        assert {record.currency for record in spent.records} == {spent.currency}
        assert spent.is_forecast == all(views.is_projection(record) for record in spent.records)
    for row in yearly_rates(ledger):
        for rate in row.rates:
            assert rate.record.amount is not None
            assert rate.amount == rate.record.amount / (rate.years or Decimal(1))


def test_the_timeline_speaks_of_current_records_alone() -> None:
    ledger = bundled_ledger()
    assert all(ledger.commitments[event.record.id] is event.record for event in events(ledger))
    assert {event.record.id for event in events(ledger)} == set(ledger.commitments)


@pytest.mark.parametrize("way", WAYS)
def test_projections_enter_no_total_and_no_leg(way: str) -> None:
    ledger = bundled_ledger()
    projected = {record.id for record in views.projections(ledger)}
    assert len(projected) == 5
    counted = {record.id for total in totals_by(ledger, way) for record in total.included}
    moved = {record.id for leg in legs(ledger).values() for record in leg.total.included}
    assert not projected & (counted | moved)
    apart = {record.id for record in (*views.pledges(ledger), *views.deals(ledger))}
    assert apart.isdisjoint(projected)
    assert apart | projected == set(ledger.commitments)


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("view", [key for key, _ in VIEWS])
def test_what_is_not_known_is_never_nought(view: str, mapped: bool) -> None:
    nought = re.compile(r"(?<![\d.,])[$¥€]?0(\.0+)? (%|bn|trn|M)(?! GPU)|[$¥€]0(?![\d.])")
    for width in (76, 196):
        text = "\n".join(lines(shown(view, width, ViewQuery(mapped=mapped))))
        listed = re.sub(r"directly +0 %", "", text)  # none of the known dollars; an unknown share is a question mark
        assert nought.findall(listed) == []
