"""``aiwatch ledger``: its views, its forms, and tables that fit the terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from aiwatch.commands.commitments.ledger import VIEWS, ledger
from aiwatch.config.paths import find_places
from aiwatch.errors import FileError
from aiwatch.ledger import views
from aiwatch.ledger.schema import KEYS

BESIDE = {
    "provenance", "period", "in_totals", "source_title", "source_address", "source_date", "source_confidence",
    "conflicts", "tickers", "trust", "trust_because",
}  # fmt: skip
"""What an exported commitment has beside the keys of its file."""


def _run(*arguments: str, columns: int = 80) -> Result:
    result = CliRunner(env={"COLUMNS": str(columns)}).invoke(ledger, arguments)
    assert result.exit_code == 0, result.output
    return result


def _json(*arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_run(*arguments, "--json").output)
    return rows


def _own(home: Path, text: str) -> Path:
    import os

    folder = find_places(os.environ).ledger
    assert home in folder.parents
    folder.mkdir(parents=True)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("view", [*(view for view in VIEWS if view != "delivered"), ""])
def test_every_view_fits_the_terminal(view: str, columns: int) -> None:
    lines = _run(*([view] if view else []), columns=columns).output.splitlines()
    assert len(lines) >= 8
    assert max(map(cell_len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)


def test_commitments_have_exactly_the_fields_and_exact_amounts() -> None:
    rows = _json()
    assert len(rows) == 49
    in_period = {"period_start", "period_end", "period_printed", "period_years"}
    assert {frozenset(row) for row in rows} == {frozenset({*KEYS["commitment"]} - in_period | BESIDE)}
    lease = {name: rows[1][name] for name in rows[1] if name not in ("verified", "status_history", "note")}
    assert lease == {
        "id": "C002",
        "kind": "compute contract",
        "from": "OpenAI",
        "to": "Oracle",
        "programme": "Stargate",
        "amount": "30000000000",
        "currency": "USD",
        "stated": {"CNY": "210000000000", "USD": "30000000000"},
        "period": {"start": None, "end": None, "printed": None, "years": None},
        "annual": True,
        "announced": "July (year not stated)",
        "status": "contracted",
        "binding": "binding",
        "growth_percent": None,
        "capacity": "4.5 GW",
        "source": "000",
        "line": 14,
        "also_lines": [13, 15],
        "also_sources": ["techradar-2025-07-03"],
        "provenance": "bundled",
        "from_entities": ["E011"],
        "to_entities": ["E012"],
        "partners": [],
        "suppliers": [],
        "programme_entity": "E018",
        "region": None,
        "qualifier": None,
        "first_stated": "CNY",
        "valuation": {},
        "figures": {"gw": "4.5"},
        "figure_qualifiers": {},
        "chain": ["gas turbines", "grid"],
        "maybe_same_money_as": [],
        "maybe_part_of": None,
        "supersedes": None,
        "in_totals": "not in the totals: a yearly rate without a term, same money as C033",
        "source_title": "OpenAI's trillion-dollar plan (Key Points)",
        "source_address": rows[1]["source_address"],
        "source_date": "2025-08-15",
        "source_confidence": "normal",
        "trust": 1,
        "trust_because": rows[1]["trust_because"],
        "same_money_as": ["C033"],
        "part_of": "C001",
        "counts_in_totals": True,
        "conflicts": ["K02", "K03", "K38", "K12", "K27", "K25"],
        "tickers": ["ORCL", "9984.T"],
    }
    assert rows[1]["source_address"].startswith("https://")


def test_an_unsure_relation_says_so() -> None:
    rows = {row["id"]: row for row in _json()}
    assert (rows["C018"]["part_of"], rows["C018"]["maybe_part_of"]) == (None, "C019")
    assert rows["C037"]["maybe_same_money_as"] == ["C027"]
    assert rows["C017"]["amount"] is None


@pytest.mark.parametrize(
    ("view", "count"),
    [
        ("all", 49),
        ("pledges", 28),
        ("deals", 16),
        ("projections", 5),
        ("capacity", 8),
        ("signals", 85),
        ("claims", 14),
        ("conflicts", 38),
        ("who", 51),
        ("sources", 15),
    ],
)
def test_views_hold_their_records(view: str, count: int) -> None:
    assert len(_json(view)) == count


def test_conversion_names_its_rate() -> None:
    rows = {row["id"]: row for row in _json("pledges", "--in", "usd")}
    assert rows["C014"]["in"] == {
        "currency": "USD",
        "amount": "52280000000",
        "basis": "printed",
        "rate": None,
        "rate_date": None,
        "rate_basis": None,
    }
    assert rows["C015"]["in"] == {
        "currency": "USD",
        "amount": "5228571429",
        "basis": "converted",
        "rate": "7 CNY per USD",
        "rate_date": "2025-08-15",
        "rate_basis": "implied by source 000 (X01, 7 of 12 sums)",
    }
    assert "C017" not in rows, "a figure of speech is no pledge"
    output = _run("pledges", "--in", "USD", columns=140).output
    assert ">$52.28 bn (printed)" in output
    assert "$5.23 bn" in output, "converted, in the digits of the source"
    assert "7.0 CNY per USD, implied by source 000" in output.replace("\n", " ")


@pytest.mark.parametrize("view", ["signals", "claims", "conflicts", "capacity", "circles", "who"])
def test_conversion_where_it_has_no_meaning_is_refused(view: str) -> None:
    result = CliRunner().invoke(ledger, [view, "--in", "USD"])
    assert result.exit_code == 2
    assert f"--in has no meaning for {view}" in result.output


def test_totals_explain_themselves() -> None:
    totals = {(row["by"], row["label"]): row for row in _json("totals", "--in", "USD")}
    capex = totals["kind", "corporate capex"]
    assert capex["sums"] == {"USD": "320000000000", "CNY": "594100000000"}
    assert capex["in"]["amount"] == "402077142857"
    assert totals["kind", "programme"]["in"]["amount"] is None
    assert {"id": "C005", "why": "part of C006, which is same money as C001, C034"} in (
        totals["kind", "sovereign pledge"]["left_out"]
    )
    assert {"id": "C025", "why": "joint, and the shares are not printed"} in totals["payer", "Amazon"]["beside"]
    assert {"id": "C027", "why": "not stated"} in totals["kind", "equity investment"]["unknown"]
    output = _run("totals", columns=120).output
    assert "$320 bn + ¥594.1 bn" in output
    assert "No grand total" in output


def test_circles_show_legs_and_what_comes_back() -> None:
    *_, circle = circles = [row for row in _json("circles") if "circle" in row]
    companies = [row for row in _json("circles") if "company" in row]
    assert len(circles) == 3
    assert circle["circle"] == "NVIDIA → OpenAI → Oracle → NVIDIA"
    assert circle["moved"] == {"USD": "440000000000"}
    assert circle["narrowest"] == {"USD": "40000000000"}
    shares = {row["company"]: row["round_about_percent"] for row in companies}
    assert shares["Oracle"] == {"USD": "100.0"}
    assert shares["OpenAI"] == {"USD": "61.0"}
    assert shares["Scale AI"] == {"USD": None}, "it pays nobody in the ledger, which is not 0 %"
    assert {row["company"]: row["pays_anybody"] for row in companies}["Scale AI"] is False
    words = " ".join(_run("circles").output.split())
    assert "returns through others 100 % of the known dollars" in words
    assert "pays nobody in the ledger" in words
    assert "OpenAI → Oracle: $300 bn" in _run("circles").output


def test_claims_stand_beside_what_the_closes_say() -> None:
    output = _run("claims", columns=180).output
    (first,) = [line for line in output.splitlines() if line.startswith("R01")]
    assert "Dayuan Pumps 大元泵业" in first
    assert "> 98 %" in first
    assert "98.484 %" in first
    assert "2025-07-30  2025-08-15" in first
    assert ">= 98 %" in output
    assert "repeats R01" in output


def test_chinese_names_keep_the_columns_straight() -> None:
    lines = _run("claims", columns=100).output.splitlines()
    head = lines[0]
    place = cell_len(head[: head.index("Window")])
    for line in lines[1:10]:
        before = ""
        for character in line:
            if cell_len(before) == place:
                break
            before += character
        assert cell_len(before) == place
        assert before.endswith("  ")


def test_csv_has_a_row_for_each_and_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(_run("--csv").output)))
    assert len(rows) == 49
    assert {*rows[0]} == {*_json()[0]}
    assert rows[0]["stated"] == "CNY 3500000000000, USD 500000000000"
    assert rows[0]["same_money_as"] == "C006; C030; C034"
    assert rows[10]["counts_in_totals"] == "yes"
    assert (rows[0]["qualifier"], rows[24]["valuation"]) == ("planned", "USD 852000000000")


def test_markdown_is_one_table() -> None:
    lines = _run("signals", "--markdown").output.splitlines()
    assert len(lines) == 87
    assert lines[1] == "|" + " --- |" * lines[0].replace("\\|", "").count(" |")
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)


def test_own_records_are_merged_and_low_confidence_is_shown(home: Path) -> None:
    _own(
        home,
        '[[source]]\nid = "me"\ntitle = "t"\nconfidence = "low"\n'
        '[[commitment]]\nid = "mine"\nsource = "me"\nkind = "chip purchase"\nstatus = "announced"\n'
        'from = "甲"\namount = "1.5"\ncurrency = "SEK"\n',
    )
    assert [row["amount"] for row in _json("deals") if row["id"] == "mine"] == ["1.5"]
    (line,) = [line for line in _run("deals", "--in", "USD").output.splitlines() if line.startswith("mine")]
    assert "SEK 1.5" in line
    assert "no rate" in line
    assert "me low" in line


def test_a_bad_own_file_is_reported_with_its_line(home: Path) -> None:
    path = _own(home, "[[commitment]]\nid = 'x'\n")
    result = CliRunner().invoke(ledger, [])
    assert isinstance(result.exception, FileError)
    assert f"{path}:1: 'source' is missing" in str(result.exception)


@pytest.mark.parametrize(
    ("view", "table"),
    [("signals", "signal"), ("claims", "claim"), ("conflicts", "conflict"), ("who", "entity"), ("sources", "source")],
)
def test_every_view_of_records_exports_every_key_of_its_table(view: str, table: str) -> None:
    assert set(_json(view)[0]) >= set(KEYS[table])


def test_without_a_view_a_table_and_all_fields_when_asked_for() -> None:
    lines = _run(columns=120).output.splitlines()
    assert lines[0].split()[:3] == ["Id", "From", "To"]
    full = _run("--full", columns=120).output
    assert "trust because" in full
    assert "source address" in full
    assert _run("deals", "--full").output.count("provenance") == 16


def test_a_form_may_stand_before_or_behind_the_view() -> None:
    assert _run("--json", "deals").output == _run("deals", "--json").output
    assert _run("--in", "usd", "deals").output == _run("deals", "--in", "USD").output


@pytest.mark.parametrize("view", ["all", "pledges", "deals"])
def test_no_yearly_rate_is_said_twice(view: str) -> None:
    assert not re.search(r"a year.{0,3}a year|per year a year", _run(view, "--in", "CNY", columns=200).output)


def test_one_list_of_views_for_screen_and_command() -> None:
    assert [*VIEWS] == [view.key for view in views.VIEWS if view.in_command]
    assert [view.key for view in views.SCREEN_VIEWS] == [view.key for view in views.VIEWS if view.on_screen]
    assert {view.key for view in views.VIEWS} - set(VIEWS) == set()
