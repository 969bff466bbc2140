"""Tables of other programs, row by row: what is read of them, and what is named because it cannot be."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest

from aiwatch.ledger.imports.compute_atlas import read_compute_atlas
from aiwatch.ledger.imports.csv_rows import read_csv
from aiwatch.ledger.imports.epoch import read_epoch

DAY = datetime.date(2026, 11, 27)


def _epoch(rows: str, times: str = "") -> tuple[dict[str, dict[str, object]], list[str]]:
    """The commitments of a small table of Epoch's by their site, and its problems."""
    draft = read_epoch(f"Name,Owner,Users,Current power (MW),Current H100 equivalents\n{rows}", times, DAY, ())
    return {values["to"]: values for table, values in draft.tables if table == "commitment"}, draft.problems


def test_a_figure_keeps_its_qualifier_and_one_that_is_none_is_named() -> None:
    records, problems = _epoch('A,X,,>636,"~400,000"\nB,Y,,1.4 GW,lots\n')
    assert records["A"]["figures"] == {"mw": 636, "h100e": 400_000}
    assert records["A"]["figure_qualifiers"] == {"mw": "over", "h100e": "about"}
    assert records["A"]["capacity"] == "over 636 MW; about 400,000 H100 equivalents"
    assert records["B"]["figures"] == {"mw": 1400}
    assert "Current H100 equivalents: lots" in str(records["B"]["note"])
    assert problems == ["3: 'Current H100 equivalents' has 'lots', which is no number: it stands in the note alone"]


LONG = "y" * 200_000


@pytest.mark.parametrize(
    ("rows", "sites", "problem"),
    [
        ('A,X,,1,2\n"B,Y,,3,4\nC,Z,,5,6\n', "A C", "3: a quote is opened and not closed, left out"),
        ('A,X,,1,2\nB,"Y,,3,4\nC,Z,,5,6\n', "A C", "3: a quote is opened and not closed, left out"),
        ("A,X,,1,2\nB,Y, Inc,U,3,4\nC,Z,,5,6\n", "A C", "3: 6 cells under a head of 5, left out"),
        ("A,X,,1,2,,\nC,Z\n", "A C", ""),
        ('A,X,"one\ntwo",1,2\nC,Z,,5,6\n', "A C", ""),
        ("A,X,,1,2\rC,Z,,5,6\r", "A C", ""),
        (",Y,,3,4\nC,Z,,5,6\n", "C", "2: no name, left out"),
        (f"A,X,,1,2\nB,{LONG},,3,4\nC,Z,,5,6\n", "A C", "3: a cell is longer than 131,072 characters, left out"),
    ],
)  # fmt: skip
def test_no_row_costs_another_and_none_is_lost_silently(rows: str, sites: str, problem: str) -> None:
    records, problems = _epoch(rows)
    assert " ".join(records) == sites
    assert problems == ([problem] if problem else [])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_with_semicolons_or_tabs_are_read(delimiter: str) -> None:
    text = "\ufeffName,Owner,MW\r\nA,X,5\r\n".replace(",", delimiter)
    draft = read_epoch(text, "", DAY, ())
    assert draft.problems == []
    assert [values["figures"] for table, values in draft.tables if table == "commitment"] == [{"mw": 5}]


@pytest.mark.parametrize("cell", ["1.000", "1.000 MW", "~1.000", "1,000"])
def test_points_and_commas_of_another_country_are_not_guessed_at(cell: str) -> None:
    text = f"Name;Owner;MW\nA;X;{cell}\nB;Y;150,25\nC;Z;1.5\nD;W;1000\n"
    draft = read_epoch(text, "", DAY, ())
    figures = {values["to"]: values.get("figures") for table, values in draft.tables if table == "commitment"}
    assert {name: figures[name] for name in ("C", "D")} == {"C": {"mw": Decimal("1.5")}, "D": {"mw": 1000}}
    assert not figures.get("A")
    assert f"2: 'MW': {cell!r} may be of thousands: write it without a {'comma' if ',' in cell else 'point'}" in (
        draft.problems
    )
    assert any(problem.startswith("3: 'MW' has '150,25'") for problem in draft.problems)
    alone = read_epoch("Name;Owner;MW\nA;X;1.000\n", "", DAY, ())
    assert [values["figures"] for table, values in alone.tables if table == "commitment"] == [{"mw": 1}]


def test_what_of_the_timelines_is_left_out_is_named() -> None:
    records, problems = _epoch(
        "A,X,,1,2\n",
        "Data center,Date,Construction status,MW\nA,2025-01-05,Land clearing,~3\nA,soon,Roof,\n"
        "A,2025-02-01,who knows,\nB,2025-01-01,Land clearing,\nA,2025-06-01,Live,lots\n",
    )
    assert records["A"]["status_history"] == [
        {"status": "building", "date": "2025-01-05", "source": "epoch", "says": "Land clearing, about 3 MW"},
        {"status": "operating", "date": "2025-06-01", "source": "epoch", "says": "Live, MW: lots"},
    ]
    assert sorted(problems) == [
        "1: timelines, line 1: no data center 'B', its stages are left out",
        "1: timelines, line 1: no stage is known for 'who knows', its rows are left out",
        "1: timelines, line 3: no data center or no date, left out",
    ]


def test_what_of_an_atlas_cannot_be_read_is_named() -> None:
    facility = {
        "name": "A", "plannedMw": "~1,400", "operationalMw": "1.4 GW", "investmentUsd": {"usd": 5},
        "statusHistory": ["built", {"status": "announced"}], "sources": ["https://example.org", {"title": "x"}],
    }  # fmt: skip
    draft = read_compute_atlas(json.dumps([facility]), DAY, ())
    [record] = [values for table, values in draft.tables if table == "commitment"]
    assert (record["figures"], record["figure_qualifiers"]) == ({"mw": 1400}, {"mw": "about"})
    assert record["capacity"] == "about 1,400 MW planned; 1,400 MW operating"
    assert [problem.partition(": ")[2].partition(": ")[2] for problem in draft.problems] == [
        "'investmentUsd' has '{\"usd\": 5}', which is no number: it stands in the note alone",
        "sources: 'https://example.org' is no object, left out",
        "sources: no url in {'title': 'x'}, left out",
        "statusHistory: 'built' is no object, left out",
        "statusHistory: no date in {'status': 'announced'}, left out",
    ]


CELLS = {
    "amount,~5": ({"amount": 5, "qualifier": "about"}, ""),
    "amount,many": ({}, "'amount' must be a number above zero, not 'many'"),
    "amount,'+5+": ({}, "'amount' must be a number above zero, not '+5+'"),
    "line,37": ({"line": 37}, ""),
    "line,page 5": ({"line": 5}, "'line' must be a line's number, not 'page 5'"),
    "also_lines,5; 9": ({"also_lines": [5, 9]}, ""),
    "annual,yes": ({"annual": True}, ""),
    "annual,no": ({"annual": False}, ""),
    "annual,ja": ({}, "'annual' must be yes or no, not 'ja'"),
    "stated,USD 5; CNY 35": ({"stated": {"USD": 5, "CNY": 35}}, ""),
    'stated,"USD 5, CNY 3,500"': ({"stated": {"USD": 5, "CNY": 3500}}, ""),
    "stated,USD five": ({}, "'stated' must be a number above zero, not 'five'"),
    "stated,USD": ({}, "'stated' must be written as KEY 5; KEY 35, not 'USD'"),
    "figure_qualifiers,mw at least": ({"figure_qualifiers": {"mw": "at least"}}, ""),
    "source_date,soon": ({}, "'source_date' must be a day such as 2026-11-27, not 'soon'"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_of_our_csv_is_read_or_named(cell: str) -> None:
    name, _, text = cell.partition(",")
    draft = read_csv(f"id,source,{name}\na,news,{text}\n", ())
    [record] = [values for table, values in draft.tables if table == "commitment"]
    values, problem = CELLS[cell]
    assert {key: value for key, value in record.items() if key not in ("id", "source")} == values
    assert draft.problems == ([f"2: {problem}"] if problem else [])


@pytest.mark.parametrize(
    ("text", "ids", "problem"),
    [
        ('id;source;note\na;n;"x\nb;n;y\n', "b", "2: a quote is opened and not closed, left out"),
        ("id,source,note\na,n,x,y\nb,n,z\n", "b", "2: 4 cells under a head of 3, left out"),
        ("id,source\rA,n\rB,n", "A B", ""),
        ("id,source\n,n\nb,n\n", "b", "2: no id, left out"),
        ("id,source,source\na,n,m\n", "", "1: two columns are called 'source'"),
    ],
)
def test_rows_of_our_csv_are_read_or_named(text: str, ids: str, problem: str) -> None:
    draft = read_csv(text, ())
    assert " ".join(values["id"] for table, values in draft.tables if table == "commitment") == ids
    assert draft.problems == ([problem] if problem else [])
