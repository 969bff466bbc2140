"""The JSON Schema of ledger files: that it ships, and that it and the reader judge alike; old files stay good."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from aiwatch.commands.upkeep.check import check
from aiwatch.config.paths import bundled
from aiwatch.errors import FileError
from aiwatch.ledger.json_schema import FILE_NAME, form_of, ledger_schema
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.schema import KEYS, NEEDED

README = (bundled("seeds") / "README.md").read_text(encoding="utf-8")
SCHEMA = ledger_schema(README)
HEAD = '[[source]]\nid = "me"\ntitle = "t"\n'
RECORD = f'{HEAD}[[commitment]]\nid = "c"\nsource = "me"\nkind = "programme"\nstatus = "s"\n'
OLD = """
[[source]]
id = "press-1120"
title = "Example Cloud buys turbines"
origin = "https://example.com/news"
dated = 2026-11-20
date_sense = "on"
confidence = "normal"

[[entity]]
id = "example-cloud"
name = "Example Cloud"
type = "company"
listed = "no"
watchlist = "other"

[[commitment]]
id = "my-turbines"
source = "press-1120"
kind = "corporate capex"
from = "Example Cloud"
from_entities = ["example-cloud"]
to = "gas turbines"
amount = 2_500_000_000
currency = "USD"
qualifier = "over"
status = "announced"
figures = { gw = "1.5" }
chain = ["gas turbines"]
counts_in_totals = false
part_of = "C014"

[[conflict]]
id = "my-conflict"
topic = "Sums"
title = "Two sums"
sides = [{ says = "a", at = "000:2" }, { says = "b", at = "press-1120" }]
show_as = "both"
records = ["my-turbines"]
marks_records = true
"""
"""A reader's file of the edition before kinds of conflict, verifications and the like."""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _faults(text: str) -> list[str]:
    return [str(error.message) for error in Draft202012Validator(SCHEMA).iter_errors(_plain(tomllib.loads(text)))]


def test_the_file_that_ships_is_the_one_that_is_printed() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    printed = CliRunner().invoke(check, ["--schema", "ledger"])
    assert printed.exit_code == 0
    assert (bundled("seeds") / FILE_NAME).read_text(encoding="utf-8") == printed.output
    assert json.loads(printed.output) == SCHEMA


@pytest.mark.parametrize("path", sorted(bundled("seeds").glob("*.toml")), ids=lambda path: path.stem)
def test_the_bundled_files_keep_it(path: Path) -> None:
    assert _faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("table", KEYS)
def test_every_key_has_a_form_and_a_meaning_where_the_reference_has_one(table: str) -> None:
    properties = SCHEMA["properties"][table]["items"]["properties"]
    assert set(properties) >= set(KEYS[table])
    assert SCHEMA["properties"][table]["items"]["required"] == list(NEEDED[table])
    assert all(form_of(table, key) for key in KEYS[table])
    section = README.partition(f"## `[[{table}]]`")[2].partition("\n## ")[0]
    for key, meaning in re.findall(r"^\| `(\w+)` \| [^|]* \| (.+?) \|$", section, re.MULTILINE):
        assert properties[key]["description"] == meaning.replace("`", "")


def test_a_file_of_an_earlier_edition_stays_good(tmp_path: Path) -> None:
    assert _faults(OLD) == []
    (tmp_path / "old.toml").write_text(OLD, encoding="utf-8")
    ledger = load_ledger(bundled("seeds"), tmp_path)
    record = ledger.commitments["my-turbines"]
    assert (record.counts_in_totals, record.binding, record.verified, record.partners) == (False, "", (), ())
    conflict = ledger.conflicts["my-conflict"]
    assert (conflict.kind, conflict.marks_records) == ("contradiction", True)


@pytest.mark.parametrize(
    "line",
    [
        'kind = "nonsense"',
        'statsu = "x"',
        "line = 0",
        'also_lines = ["3"]',
        "amount = true",
        'currency = "dollars"',
        'chain = ["pumps"]',
        "figures = { watts = 3 }",
        'binding = "perhaps"',
        'verified = [{ date = "2026", says = "x" }]',
        'verified = [{ date = "soon", url = "https://a.b", says = "x" }]',
        'verified = [{ date = "2026", url = "a.b", says = "x" }]',
        'verified = [{ date = "2026", url = "https://a.b", says = "x", kind = "rumour" }]',
        'status_history = [{ status = "sold", date = "2026", source = "me" }]',
        'status_history = [{ status = "paused", date = "2026" }]',
        "annual = 1",
        "counts_in_totals = 'no'",
    ],
)
def test_schema_and_reader_refuse_the_same(tmp_path: Path, line: str) -> None:
    text = RECORD if not line.startswith("kind") else RECORD.replace('kind = "programme"\n', "")
    (tmp_path / "own.toml").write_text(f"{text}{line}\n", encoding="utf-8")
    with pytest.raises(FileError):
        load_ledger(bundled("seeds"), tmp_path)
    assert _faults(f"{text}{line}\n") != []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('figure_qualifiers = { gpus = "over" }', "'figure_qualifiers' has 'gpus', which 'figures' does not have"),
        ('also_sources = ["nobody"]', "'also_sources' names 'nobody', but no [[source]] has that id"),
        ('partners = ["nobody"]', "'partners' names 'nobody', but no [[entity]] has that id"),
        (
            'status_history = [{ status = "paused", date = "2026", source = "nobody" }]',
            "'status_history' names 'nobody', but no [[source]] has that id",
        ),
        (
            (
                'status_history = [{ status = "paused", date = "2026", source = "me" }, '
                '{ status = "building", date = "2025", source = "me" }]'
            ),
            "'status_history' must go from the earliest date to the latest",
        ),
        (
            'verified = [{ date = "2026-02-31", url = "https://a.b", says = "x" }]',
            "'verified' has the date '2026-02-31'",
        ),
    ],
)
def test_what_only_the_reader_sees_has_its_line(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "own.toml").write_text(f"{RECORD}{line}\n", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_ledger(bundled("seeds"), tmp_path)
    assert [(problem.line, problem.what.startswith(complaint)) for problem in caught.value.problems] == [(9, True)]
