"""Groups, relations, conflicts, age and region of records; the views."""

from __future__ import annotations

import datetime

from aiwatch.ledger import links, views
from aiwatch.ledger.records import KINDS, Record
from tests.ledger.bundled import bundled_ledger


def _related(id: str) -> set[tuple[str, str]]:
    ledger = bundled_ledger()
    return {(item.record.id, item.how) for item in links.related(ledger, ledger.commitments[id])}


def test_kinds_come_in_their_order_with_every_record() -> None:
    groups = links.grouped_by_kind(bundled_ledger().commitments.values())
    assert list(groups) == list(KINDS)
    assert sum(map(len, groups.values())) == 49


def test_relations_hold_in_both_directions() -> None:
    assert _related("C033") == {("C034", "part of"), ("C002", "same money as")}
    assert ("C033", "same money as") in _related("C002")
    assert _related("C019") == {("C018", "perhaps contains"), ("C020", "contains"), ("C021", "contains")}
    assert _related("C018") == {("C019", "perhaps part of")}
    assert _related("C037") == {("C027", "perhaps same money as")}
    assert ("C037", "perhaps same money as") in _related("C027")


def test_an_unsure_step_makes_all_further_ones_unsure() -> None:
    ledger = bundled_ledger()
    assert [(item.id, sure) for item, sure in links.ancestors(ledger, ledger.commitments["C005"])] == [("C006", True)]
    assert [(item.id, sure) for item, sure in links.ancestors(ledger, ledger.commitments["C022"])] == [("C001", False)]


def test_conflicts_and_marks() -> None:
    ledger = bundled_ledger()

    def conflicts(record: Record) -> list[str]:
        return [conflict.id for conflict in links.conflicts_of(ledger, record)]

    assert conflicts(ledger.commitments["C002"]) == ["K02", "K03", "K38", "K12", "K27", "K25"]
    assert conflicts(ledger.claims["R13"]) == ["K13"]
    assert conflicts(ledger.fx["X09"]) == ["K12"]
    assert "C002" in links.marked(ledger)
    assert conflicts(ledger.signals["S004"]) == ["K21"]
    assert not links.marked(ledger) & {"S004", "C036"}
    assert "C014" not in links.marked(ledger), "its only conflict is about exchange rates"
    assert [item.id for item in links.conflicts_about(ledger, ledger.entities["E043"])] == ["K34"]


def test_implied_rates_of_a_record() -> None:
    ledger = bundled_ledger()
    assert [item.id for item in links.implied_rates_of(ledger, ledger.commitments["C008"])] == ["X09", "X10", "X11"]


def test_a_record_is_stale_after_the_given_days() -> None:
    ledger = bundled_ledger()
    record = ledger.commitments["C001"]  # source 000, 15 August 2025
    assert links.age_in_days(ledger, record, datetime.date(2026, 2, 11)) == 180
    assert not links.is_stale(ledger, record, datetime.date(2026, 2, 11))
    assert links.is_stale(ledger, record, datetime.date(2026, 2, 12))
    assert not links.is_stale(ledger, record, datetime.date(2026, 2, 12), days=365)


def test_the_oldest_come_first_for_verification() -> None:
    listed = links.to_verify(bundled_ledger(), datetime.date(2026, 4, 6))
    assert [record.source for record in listed] == ["000"] * 16 + ["003"] * 13
    assert links.to_verify(bundled_ledger(), datetime.date(2025, 9, 1)) == ()


def test_status_names_its_source_and_its_confidence() -> None:
    ledger = bundled_ledger()
    assert links.status(ledger, ledger.commitments["C029"]) == "paused, per Feishare (low confidence)"
    assert links.status(ledger, ledger.commitments["C001"]) == "announced, per Fresh"


def test_regions() -> None:
    ledger = bundled_ledger()
    regions = {id: links.region_of(ledger, ledger.commitments[id]) for id in ("C007", "C009", "C025", "C045")}
    assert regions == {
        "C007": "European Union",
        "C009": "North America",
        "C025": "several: Japan, United States",
        "C045": "not stated",
    }


def test_views_hold_every_commitment_once_and_risks_apart() -> None:
    ledger = bundled_ledger()
    shown = [record.id for record in (*views.pledges(ledger), *views.deals(ledger), *views.projections(ledger))]
    assert sorted(shown) == sorted(ledger.commitments)
    assert len(views.deals(ledger)) == 16
    assert [record.id for record in views.projections(ledger)] == ["C009", "C010", "C017", "C045", "C046"]
    assert [record.id for record in views.capacity(ledger)] == [
        "C002", "C003", "C021", "C022", "C023", "C029", "C030", "C031",
    ]  # fmt: skip
    groups = views.signals_by_group(ledger)
    assert list(groups)[-1] == "risks"
    assert sum(map(len, groups.values())) == 85
    assert {record.kind for record in groups["risks"]} == {"risk"}
    assert all(record.kind != "risk" for group in list(groups)[:-1] for record in groups[group])
    assert {"S001", "S030", "S057"} <= {record.id for record in views.capacity_signals(ledger)}


def test_the_pages_of_a_record_are_its_article_its_other_sources_and_what_verified_it() -> None:
    ledger = bundled_ledger()
    pages = links.pages_of(ledger, ledger.commitments["C033"])
    assert next(iter(pages)) == links.address_of(ledger, ledger.commitments["C033"])
    checked = {check.url for check in ledger.commitments["C033"].verified if check.url}
    assert checked
    assert checked < pages.keys()
    assert list(links.pages_of(ledger, ledger.sources["000"])) == [ledger.sources["000"].origin]
    assert len(links.pages_of(ledger, ledger.conflicts["K03"])) >= 3
    assert links.pages_of(ledger, ledger.entities["E022"]) == {}


def test_an_address_leads_to_the_printed_sum() -> None:
    ledger = bundled_ledger()
    assert links.address_of(ledger, ledger.commitments["C033"]).endswith("-rewards#:~:text=%24300%20billion")
    assert links.address_of(ledger, ledger.commitments["C010"]).endswith("#:~:text=%241.022%20trillion")
    assert links.address_of(ledger, ledger.commitments["C036"]) == ledger.sources["003"].origin
    assert links.address_of(ledger, ledger.signals["S001"]) == ledger.sources["000"].origin
