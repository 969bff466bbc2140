"""``aiwatch ledger``: its views, its forms, and tables that fit the terminal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from aiwatch.commands.ledger import VIEWS, ledger
from aiwatch.config.paths import find_places
from aiwatch.errors import FileError

FIELDS = (
    "id kind from to programme amount currency stated period annual announced status growth_percent capacity source "
    "line same_money_as part_of counts_in_totals conflicts tickers note"
)


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
@pytest.mark.parametrize("view", [*VIEWS, ""])
def test_every_view_fits_the_terminal(view: str, columns: int) -> None:
    lines = _run(*([view] if view else []), columns=columns).output.splitlines()
    assert len(lines) > 8
    assert max(map(cell_len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)


def test_commitments_have_exactly_the_fields_and_exact_amounts() -> None:
    rows = _json()
    assert len(rows) == 46
    assert {" ".join(row) for row in rows} == {FIELDS}
    assert rows[1] == {
        "id": "C002",
        "kind": "compute contract",
        "from": "OpenAI",
        "to": "Oracle",
        "programme": "Stargate",
        "amount": "30000000000",
        "currency": "USD",
        "stated": {"CNY": "210000000000", "USD": "30000000000"},
        "period": {"start": None, "end": None, "years": None},
        "annual": True,
        "announced": "July (year not stated)",
        "status": "announced",
        "growth_percent": None,
        "capacity": "4.5 GW",
        "source": "000",
        "line": 14,
        "same_money_as": ["C033"],
        "part_of": "C001",
        "counts_in_totals": False,
        "conflicts": ["K02", "K03", "K12", "K27", "K25"],
        "tickers": ["ORCL", "9984.T"],
        "note": rows[1]["note"],
    }


def test_an_unsure_relation_says_so() -> None:
    rows = {row["id"]: row for row in _json()}
    assert rows["C018"]["part_of"] == "C019 (unclear)"
    assert rows["C037"]["same_money_as"] == ["C027 (unclear)"]
    assert rows["C017"]["amount"] is None


@pytest.mark.parametrize(
    ("view", "count"),
    [("pledges", 30), ("deals", 16), ("capacity", 8), ("signals", 74), ("claims", 13), ("conflicts", 32)],
)
def test_views_hold_their_records(view: str, count: int) -> None:
    assert len(_json(view)) == count


def test_conversion_names_its_rate() -> None:
    rows = {row["id"]: row for row in _json("pledges", "--in", "usd")}
    assert rows["C014"]["in"] == {
        "currency": "USD",
        "amount": "54285714286",
        "rate": "7 CNY per USD",
        "rate_date": "2025-08-15",
        "rate_basis": "implied by source 000 (X01, 7 of 12 sums)",
    }
    assert rows["C017"]["in"]["amount"] is None
    output = _run("pledges", "--in", "USD", columns=140).output
    assert "$54.29 bn" in output
    assert "7.0 CNY per USD, implied by source 000" in output.replace("\n", " ")


@pytest.mark.parametrize("view", ["signals", "claims", "conflicts", "capacity", "circles"])
def test_conversion_where_it_has_no_meaning_is_refused(view: str) -> None:
    result = CliRunner().invoke(ledger, [view, "--in", "USD"])
    assert result.exit_code == 2
    assert f"--in has no meaning for {view}" in result.output


def test_totals_explain_themselves() -> None:
    totals = {(row["by"], row["label"]): row for row in _json("totals", "--in", "USD")}
    capex = totals["kind", "corporate capex"]
    assert capex["sums"] == {"USD": "320000000000", "CNY": "618700000000"}
    assert capex["in"]["amount"] == "408385714286"
    assert totals["kind", "programme"]["in"]["amount"] is None
    assert {"id": "C026", "why": "part of C025"} in totals["kind", "equity investment"]["left_out"]
    assert {"id": "C027", "why": "not stated"} in totals["kind", "equity investment"]["unknown"]
    output = _run("totals", columns=120).output
    assert "$320 bn + ¥618.7 bn" in output
    assert "No grand total" in output


def test_circles_show_legs_and_what_comes_back() -> None:
    circle, *companies = _json("circles")
    assert circle["circle"] == "NVIDIA → OpenAI → Oracle → NVIDIA"
    assert circle["moved"] == {"USD": "440000000000"}
    assert circle["narrowest"] == {"USD": "40000000000"}
    shares = {row["company"]: row["round_about_percent"] for row in companies}
    assert shares["Oracle"] == {"USD": "100.0"}
    assert shares["OpenAI"] == {"USD": "87.7"}
    assert shares["Broadcom"] == {}
    assert "OpenAI → Oracle: $300 bn" in _run("circles").output


def test_claims_stand_beside_what_the_closes_say() -> None:
    output = _run("claims", columns=130).output
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
    assert len(rows) == 46
    assert " ".join(rows[0]) == FIELDS
    assert rows[0]["stated"] == "CNY 3500000000000, USD 500000000000"
    assert rows[0]["same_money_as"] == "C006; C030; C034"
    assert rows[10]["counts_in_totals"] == "yes"


def test_markdown_is_one_table() -> None:
    lines = _run("signals", "--markdown").output.splitlines()
    assert len(lines) == 76
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
