"""Other tables as records: made-up files in the shapes of Epoch AI's and Compute Atlas's, and our own CSV."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.commands.tables import as_csv
from aiwatch.config.paths import bundled
from aiwatch.ledger import export
from aiwatch.ledger.imports.answers import Answers, draft_of
from aiwatch.ledger.imports.compute_atlas import read_compute_atlas
from aiwatch.ledger.imports.csv_rows import read_csv
from aiwatch.ledger.imports.draft import Draft, date, stage, toml
from aiwatch.ledger.imports.epoch import ATTRIBUTION, read_epoch, tagged
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger
from tests.ledger.bundled import bundled_ledger

DAY = datetime.date(2026, 11, 27)
CENTRES = """\
Name,Owner,Users,Project,Country,Address,Current H100 equivalents,Current power (MW),\
Current total capital cost (2025 USD billions),Selected Sources
Blue Lake One,Microsoft #confident,"OpenAI #likely, Acme #speculative",Lake,United States,"1 Road, Town",768769.2,636,\
24.1,https://example.org/a
Blue "Lake" Two,Unknown Co,,,China,,,120,,
,Nobody,,,,,,,,
"""
TIMES = """\
Data center,Date,Construction status,Buildings operational,Power (MW)
Blue Lake One,2027-05-01,All buildings operational,4,636
Blue Lake One,2025-01-05,Land clearing,0,
Blue Lake One,2025-06-05,Roof on building 1,0,
Blue Lake One,2026-03-01,Building 1 likely operational,1,300
"""
ATLAS = {
    "facilities": [
        {
            "id": "f1",
            "name": "Green Field",
            "operator": "Oracle",
            "tenants": ["OpenAI"],
            "city": "Saline",
            "country": "United States",
            "status": "under_construction",
            "confidence": "high",
            "plannedMw": 1400,
            "operationalMw": 0,
            "investmentUsd": 16000000000,
            "statusHistory": [
                {"status": "under_construction", "date": "2026-06-01"},
                {"status": "announced", "date": "2025-10-30"},
                {"status": "who knows", "date": "2026-07-01"},
            ],
            "sources": [
                {"url": "https://example.org/f", "publisher": "County", "kind": "permit", "retrieved": "2026-10-01"},
                {"url": "https://example.org/g", "publisher": "Daily", "kind": "news", "published": "2026-06-02"},
            ],
        },
        {"id": "f2", "name": "Other", "planned_mw": "12.5", "sources": [{"url": "https://example.org/f"}]},
        {"id": "nameless"},
    ]
}


def _loaded(folder: Path, draft: Draft) -> Ledger:
    (folder / "own.toml").write_text(draft.as_toml("made up"), encoding="utf-8")
    return load_ledger(bundled("seeds"), folder)


def test_epochs_data_centres_come_with_owner_users_power_and_stages(tmp_path: Path) -> None:
    draft = read_epoch(CENTRES, TIMES, DAY, bundled_ledger().entities.values())
    assert draft.problems == ["4: no name, left out"]
    ledger = _loaded(tmp_path, draft)
    item = ledger.commitments["epoch-blue-lake-one"]
    assert (item.payers, item.partners) == (("E023",), ("E011", "epoch-acme"))
    assert (item.amount, item.currency, item.qualifier) == (Decimal("24.1") * 10**9, "USD", "estimated")
    assert dict(item.figures) == {"mw": 636, "h100e": Decimal("768769.2")}
    assert [(step.status, step.date) for step in item.status_history] == [
        ("building", "2025-01-05"),
        ("operating", "2026-03-01"),
    ]
    assert item.status == "operating"
    assert "user OpenAI: likely" in item.note
    assert ledger.sources["epoch"].attribution == ATTRIBUTION
    assert ledger.commitments["epoch-blue-lake-two"].recipient == 'Blue "Lake" Two'
    assert ledger.commitments["epoch-blue-lake-two"].amount is None


def test_another_csv_is_not_taken_for_epochs() -> None:
    draft = read_epoch("a,b\n1,2\n", "", DAY, ())
    assert draft.tables == []
    assert draft.problems == ["1: no column 'Name', 'Owner': is this Epoch's data_centers.csv?"]


def test_tags_are_taken_from_names() -> None:
    assert tagged("Microsoft #likely, OpenAI #confident; Acme") == [
        ("Microsoft", "likely"),
        ("OpenAI", "confident"),
        ("Acme", ""),
    ]


def test_compute_atlas_comes_with_history_and_sources(tmp_path: Path) -> None:
    draft = read_compute_atlas(json.dumps(ATLAS), DAY, bundled_ledger().entities.values())
    assert draft.problems == [
        "1: facility 1: statusHistory: no known stage in {'status': 'who knows', 'date': '2026-07-01'}, left out",
        "1: facility 3 has no name, left out",
    ]
    ledger = _loaded(tmp_path, draft)
    field = ledger.commitments["atlas-f1"]
    assert (field.payers, field.partners, field.status) == (("E012",), ("E011",), "under construction")
    assert (field.amount, dict(field.figures)) == (Decimal(16_000_000_000), {"mw": Decimal(1400)})
    assert [step.status for step in field.status_history] == ["announced", "building"]
    assert [ledger.sources[id].kind for id in field.also_sources] == ["filing", "named press"]
    assert ledger.sources[field.also_sources[0]].retrieved == datetime.date(2026, 10, 1)
    assert ledger.sources["compute-atlas"].attribution
    second = ledger.commitments["atlas-f2"]
    assert dict(second.figures) == {"mw": Decimal("12.5")}
    assert second.also_sources == field.also_sources[:1], "an address is one source"


@pytest.mark.parametrize(
    ("text", "problem"), [("{", "no JSON"), ('{"a": 1}', "no list of facilities"), ("3", "no list of facilities")]
)
def test_what_is_no_atlas_says_so(text: str, problem: str) -> None:
    draft = read_compute_atlas(text, DAY, ())
    assert draft.tables == []
    assert problem in draft.problems[0]


def test_our_own_csv_can_be_read_back(tmp_path: Path) -> None:
    ledger = bundled_ledger()
    rows = [export.commitment(ledger, ledger.commitments[id]) for id in ("C002", "C004", "C022", "C040")]
    text = as_csv(rows)
    for id in ("C002", "C004", "C022", "C040"):
        text = text.replace(f"{id},", f"my-{id},", 1)
    draft = read_csv(text, ledger.sources)
    assert draft.problems == []
    again = _loaded(tmp_path, draft)
    stored = (
        "source line also_lines also_sources kind payer payers recipient recipients partners suppliers programme "
        "amount currency qualifier stated first_stated annual announced status binding capacity figures chain "
        "figure_qualifiers same_money_as part_of maybe_part_of counts_in_totals note"
    )
    for id in ("C002", "C004", "C022", "C040"):
        for name in stored.split():
            assert getattr(again.commitments[f"my-{id}"], name) == getattr(ledger.commitments[id], name), (id, name)


def test_a_csv_makes_the_sources_it_names(tmp_path: Path) -> None:
    text = (
        "id,source,source_title,source_address,source_date,kind,from,amount,currency,status,colour\n"
        "a,news,A page,https://example.org,2026-11-20,corporate capex,Acme,5,USD,announced,red\n"
        "b,news,,,,corporate capex,Acme,many,USD,announced,red\n"
    )
    draft = read_csv(text, ())
    assert draft.problems[0].startswith("1: unknown key 'colour'")
    assert draft.problems[1] == "3: 'amount' must be a number above zero, not 'many'"
    ledger = _loaded(tmp_path, draft)
    assert ledger.sources["news"].dated == datetime.date(2026, 11, 20)
    assert ledger.commitments["a"].amount == 5


def test_answers_make_a_source_and_a_record_with_new_ids(tmp_path: Path) -> None:
    answers = Answers(
        address="https://www.example.org/x", day=DAY, title="T", source_kind="filing", kind="chip purchase",
        payer="Acme", recipient="Beta \\ \"B\"", status="signed", amount=Decimal(5), currency="USD",
    )  # fmt: skip
    first = draft_of(answers, ())
    ids = {values["id"] for _, values in first.tables}
    assert ids == {"example-org-2026-11-27", "acme-beta-b-2026"}
    second = draft_of(answers, ids)
    (tmp_path / "a.toml").write_text(first.as_toml() + second.as_toml().replace("", ""), encoding="utf-8")
    ledger = load_ledger(bundled("seeds"), tmp_path)
    assert ledger.commitments["acme-beta-b-2026-2"].recipient == 'Beta \\ "B"'


@pytest.mark.parametrize(
    ("words", "reached"),
    [
        ("Under construction", "building"),
        ("building", "building"),
        ("Likely operational", "operating"),
        ("on-hold", "paused"),
        ("cancelled", "cancelled"),
        ("Planned", "announced"),
        ("who knows", ""),
    ],
)
def test_words_of_other_tables_mean_a_stage_or_none(words: str, reached: str) -> None:
    assert stage(words) == reached


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("2026-13-01", ""),
        ("soon", ""),
        ("20261", ""),
    ],
)
def test_dates_of_other_tables(text: str, value: str) -> None:
    assert date(text) == value


def test_values_are_written_as_the_reader_wants_them() -> None:
    assert toml(Decimal("24.1E+9")) == "24100000000"
    assert toml(Decimal("1.5")) == '"1.5"'
    assert toml(["a", 'b"\\']) == '["a", "b\\"\\\\"]'
    assert toml({"a": 1, "b": True}) == "{ a = 1, b = true }"


@pytest.mark.parametrize(
    ("heads", "power"),
    [
        ("Name,Owner,Users,Current power (MW),Current H100 equivalents", "1200"),
        ("name,owner,users,power (MW),H100 equivalents", "1200"),
        ("Data Centre,OWNERS,User,MW,h100e", "1200"),
        ("site,owner,users,power,h100 equivalents", ""),
    ],
    ids=["as today", "small letters", "other words", "a unit that is not said"],
)
def test_the_columns_of_epochs_tables_are_known_by_several_spellings(heads: str, power: str) -> None:
    centres = f'{heads}\nAbilene,Crusoe #likely,OpenAI,"1,200","400,000"\n'
    times = "site,date,status,MW\nAbilene,2025-09-01,Land clearing,300\n"
    draft = read_epoch(centres, times, DAY, ())
    record = next(values for table, values in draft.tables if table == "commitment")
    assert draft.problems == []
    assert (record["to"], record["from"]) == ("Abilene", "Crusoe")
    assert str(record["figures"].get("mw", "")) == power
    assert str(record["figures"]["h100e"]) == "400000"
    assert [step["date"] for step in record["status_history"]] == ["2025-09-01"]


QUALIFIED = """\
Name,Owner,Users,Current H100 equivalents,Current power (MW),Current total capital cost (2025 USD billions)
One,Acme,"OpenAI, OpenAI","~400,000",1–2 GW,>24
Two,Acme,,many,~500,$1–2 billion
Three,Acme,,n/a,-,
"""


def test_a_figure_with_a_sign_a_range_or_a_unit_keeps_its_word_and_none_is_dropped(tmp_path: Path) -> None:
    draft = read_epoch(QUALIFIED, "", DAY, bundled_ledger().entities.values())
    assert draft.problems == [
        "3: 'Current H100 equivalents' has 'many', which is no number: it stands in the note alone"
    ]
    ledger = _loaded(tmp_path, draft)
    item, two, three = (ledger.commitments[f"epoch-{name}"] for name in ("one", "two", "three"))
    assert dict(item.figures) == {"mw": 1000, "h100e": 400_000}
    assert dict(item.figure_qualifiers) == {"mw": "at least", "h100e": "about"}
    assert item.capacity == "at least 1,000 MW (1–2 GW); about 400,000 H100 equivalents"
    assert item.amount == 24 * 10**9
    assert (item.qualifier, item.partners) == ("over", ("E011",))
    assert dict(two.figures) == {"mw": 500}
    assert dict(two.figure_qualifiers) == {"mw": "about"}
    assert two.amount == 10**9
    assert two.qualifier == "at least"
    assert two.note.endswith("cost in billions of dollars: $1–2 billion; Current H100 equivalents: many")
    assert (three.figures, three.amount, three.qualifier) == ((), None, "not stated")


def test_what_an_import_makes_prints_and_reads_back_the_same(tmp_path: Path) -> None:
    draft = read_epoch(QUALIFIED, "", DAY, bundled_ledger().entities.values())
    (tmp_path / "first").mkdir()
    ledger = _loaded(tmp_path / "first", draft)
    ids = [id for id in ledger.commitments if id.startswith("epoch-")]
    text = as_csv([export.commitment(ledger, ledger.commitments[id]) for id in ids])
    again = read_csv(text, ledger.sources)
    assert again.problems == []
    sources = "".join(part for part in Draft(tables=[row for row in draft.tables if row[0] != "commitment"]).as_toml())
    (tmp_path / "first" / "own.toml").write_text(f"{sources}\n{again.as_toml()}", encoding="utf-8")
    read_again = load_ledger(bundled("seeds"), tmp_path / "first")
    for id in ids:
        assert read_again.commitments[id] == ledger.commitments[id]


HOSTILE: list[object] = [
    None, 3, "text", [], {}, {"name": ""}, {"name": {"en": "x"}}, {"name": ["x"]}, {"name": True},
    {"name": "a", "statusHistory": "soon", "sources": "https://example.org", "tenants": {"name": "OpenAI"}},
    {"name": "b", "statusHistory": [3, {"status": ["x"], "date": {}}], "sources": [None, {"url": "http://"}, 5]},
    {"name": "c\x1b[31m\nd", "operator": "\u202eevil", "plannedMw": True, "operationalMw": [5], "country": "Óc"},
    {"name": 'e"\\', "plannedMw": "~1.2 GW", "investmentUsd": 1e400, "tenants": ["OpenAI", "OpenAI", None, 5]},
    {"name": "f", "plannedMw": "500–700", "costUsd": "$1–2 billion", "sources": [{"url": "https://example.org/a b"}]},
    {"name": "f", "plannedMw": float("nan"), "sources": [{"url": "javascript:alert(1)", "publisher": "x"}]},
    {"name": "数据中心", "id": "../../etc/passwd", "status": "PLANNED", "confidence": {"a": 1}},
]  # fmt: skip


def test_whatever_an_atlas_holds_the_rest_of_it_is_read(tmp_path: Path) -> None:
    text = json.dumps({"facilities": HOSTILE})
    draft = read_compute_atlas(text, DAY, bundled_ledger().entities.values())
    ledger = _loaded(tmp_path, draft)
    made = {id: record for id, record in ledger.commitments.items() if id.startswith("atlas-")}
    assert list(made) == ["atlas-a", "atlas-b", "atlas-c-31m-d", "atlas-e", "atlas-f", "atlas-f-2", "atlas-etc-passwd"]
    assert sum("has no name, left out" in problem for problem in draft.problems) == 9
    assert all(text.isprintable() for record in made.values() for text in (record.recipient, record.payer, record.note))
    assert dict(made["atlas-e"].figures) == {"mw": 1200}
    assert dict(made["atlas-e"].figure_qualifiers) == {"mw": "about"}
    assert made["atlas-e"].partners[0] == made["atlas-a"].partners[0] == "E011"
    assert made["atlas-f"].amount == 10**9
    assert made["atlas-f"].qualifier == "at least"
    assert made["atlas-f"].capacity == "at least 500 MW planned (500–700)"
    assert ledger.sources[made["atlas-f"].also_sources[0]].origin == "https://example.org/a%20b"
    assert made["atlas-f-2"].also_sources == ()
    figures = [problem for problem in draft.problems if "which is" in problem]
    assert [problem.split(": ", 2)[1] for problem in figures] == ["facility 12", "facility 12", "facility 13"]
    parts = [problem for problem in draft.problems if "no name" not in problem and problem not in figures]
    assert [problem.split(": ")[1] for problem in parts] == [
        "facility 10", "facility 10", *["facility 11"] * 5, "facility 15",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("USD 5,000; CNY 35000", ""),
        ("USD 1,5", "2: 'stated' must be written as"),
        ("USD", "2: 'stated' must be written as"),
        ("USD many", "2: 'stated' must be a number"),
    ],
)
def test_a_sum_of_our_own_csv_is_read_whole_or_refused(cell: str, problem: str) -> None:
    text = f'id,source,kind,status,amount,currency,stated\na,000,corporate capex,announced,"5,000",USD,"{cell}"\n'
    draft = read_csv(text, ("000",))
    values = draft.tables[-1][1]
    if problem:
        assert draft.problems[0].startswith(problem)
    else:
        assert draft.problems == []
        assert (values["amount"], values["stated"]) == (5000, {"USD": 5000, "CNY": 35000})
