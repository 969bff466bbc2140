"""``aiwatch ledger diff``, ``import``, ``add`` and ``map``: files in, files out, nothing lost."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands.commitments.ledger import TOOLS, ledger
from aiwatch.config.paths import find_places
from aiwatch.ledger.imports import own_files
from aiwatch.ledger.imports.draft import Draft
from tests.ledger.imports.test_imports import ATLAS, CENTRES, TIMES

ADD = (
    "add", "--url", "https://example.org/n", "--date", "2026-11-20", "--title", "T", "--source-kind", "filing",
    "--kind", "chip purchase", "--from", "Acme", "--to", "Beta", "--amount", "2_500_000_000", "--currency", "USD",
    "--status", "signed",
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("home")


def _run(*arguments: str, status: int = 0, said: str | None = None) -> Result:
    result = CliRunner(env={"COLUMNS": "100"}).invoke(ledger, arguments, input=said)
    assert result.exit_code == status, result.output
    return result


def _folder() -> Path:
    return find_places(os.environ).ledger


def _ids() -> set[str]:
    return {row["id"] for row in json.loads(_run("--json").output)}


def test_every_tool_has_a_help() -> None:
    for tool in TOOLS:
        assert "Usage" in _run(tool, "--help").output


@pytest.mark.parametrize(
    ("form", "begin"), [("--mermaid", "flowchart LR"), ("--dot", "digraph ledger {"), ("--json", '{\n  "nodes"')]
)
def test_the_map_in_every_form(form: str, begin: str) -> None:
    assert _run("map", form).output.startswith(begin)


def test_epochs_table_becomes_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "data_centers.csv"
    file.write_text(CENTRES, encoding="utf-8")
    (tmp_path / "data_center_timelines.csv").write_text(TIMES, encoding="utf-8")
    result = _run("import", "epoch", str(file), "--retrieved", "2026-11-27")
    assert "2 records written" in result.output
    assert f"{file}:4: no name, left out" in result.output
    assert {"epoch-blue-lake-one", "epoch-blue-lake-two"} <= _ids()
    text = (_folder() / "epoch.toml").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text
    again = _run("import", "epoch", str(file), status=1)
    assert "is there already" in again.output
    assert (_folder() / "epoch.toml").read_text(encoding="utf-8") == text
    _run("import", "epoch", str(file), "--retrieved", "2026-11-27", "--replace")
    assert (_folder() / "epoch.toml").read_text(encoding="utf-8") == text, "the same table gives the same file"


def test_a_table_too_long_for_one_file_becomes_several_and_a_shorter_one_takes_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Draft.as_files, "__defaults__", (4_000,))
    file = tmp_path / "data_centers.csv"

    def write(sites: int) -> None:
        file.write_text("Name,Owner\n" + "".join(f"Site {at},Firm {at % 9}\n" for at in range(sites)), encoding="utf-8")

    write(60)
    said = _run("import", "epoch", str(file), "--name", "sites").output
    files = sorted(_folder().glob("*.toml"))
    assert len(files) >= 4
    assert f"60 records written to {len(files)} files" in said
    assert {f"epoch-site-{at}" for at in range(60)} <= _ids()
    for number in range(2, len(files) + 1):
        text = (_folder() / f"sites-{number}.toml").read_text("utf-8")
        assert f"# Part {number} of {len(files)}." in text
        assert len(text) < 4_200
    own = _folder() / f"sites-{len(files) + 1}.toml"
    own.write_text("# my own\n", encoding="utf-8")
    assert "is there already: --replace" in _run("import", "epoch", str(file), "--name", "sites", status=1).output
    write(80)
    said = _run("import", "epoch", str(file), "--name", "sites", "--replace", status=1).output
    assert f"{own} is there already: it is no part of an import" in said
    assert len(_ids() & {f"epoch-site-{at}" for at in range(80)}) == 60, "nothing was written"
    write(3)
    _run("import", "epoch", str(file), "--name", "sites", "--replace")
    assert sorted(path.name for path in _folder().glob("*.toml")) == sorted(("sites.toml", own.name))
    assert len(_ids() & {f"epoch-site-{at}" for at in range(80)}) == 3


def test_several_files_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draft.as_files, "__defaults__", (400,))
    file = tmp_path / "rows.csv"
    row = "{id},press,corporate capex,A,B,announced\n"
    text = "id,source,kind,from,to,status\n" + "".join(row.format(id=f"r{at}") for at in range(9))
    file.write_text(text + row.format(id="C001"), encoding="utf-8")
    assert "'C001' is already that of" in _run("import", "csv", str(file), status=1).output
    assert list(_folder().glob("*.toml")) == []


def test_no_name_of_a_file_makes_the_ledger_wrong(home: Path) -> None:
    path = home / "a\x1b]0;x\x07\n[[commitment]]\u202e.csv"
    path.write_text("Name,Owner\nA,X\n", encoding="utf-8")
    result = _run("import", "epoch", str(path))
    assert result.exit_code == 0, result.output
    [written] = (home / ".config" / "aiwatch" / "ledger").glob("*.toml")
    assert written.read_text("utf-8").startswith("# Made from a ]0;x [[commitment]] .csv by `aiwatch ledger import")


def test_an_atlas_can_be_looked_at_first(tmp_path: Path) -> None:
    file = tmp_path / "atlas.json"
    file.write_text(json.dumps(ATLAS), encoding="utf-8")
    shown = _run("import", "compute-atlas", str(file), "--dry-run").output
    assert 'to = "Green Field"' in shown
    assert not _folder().exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no record to import, read as csv"),
        ("id,source,kind,status\nC001,000,programme,announced\n", "the id 'C001' is already that of a [[commitment]]"),
        ("id,source,kind,status\nx,000,nonsense,announced\n", "'kind' is 'nonsense'"),
    ],
)
def test_what_would_make_the_ledger_wrong_is_not_written(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    assert words in _run("import", "csv", str(file), status=1).output
    assert not (_folder() / "mine.toml").exists()


def test_a_record_is_added_with_its_source_and_another_beside_it() -> None:
    assert "acme-beta-2026 written to" in _run(*ADD).output
    assert "acme-beta-2026-2 written to" in _run(*ADD).output
    row = next(row for row in json.loads(_run("--json").output) if row["id"] == "acme-beta-2026")
    assert (row["amount"], row["source_address"], row["source_date"]) == (
        "2500000000",
        "https://example.org/n",
        "2026-11-20",
    )
    assert row["trust"] == 3


def test_the_address_and_the_date_are_asked_first() -> None:
    said = "nowhere\nhttps://example.org/a\n2026-11-20\nT\nfiling\nchip purchase\nAcme\nBeta\n\n\nsigned\n"
    output = _run("add", said=said).output
    assert "'nowhere' is no address" in output
    order = [output.index(word) for word in ("Address", "Its date", "Its title", "Kind of source", "Who pays")]
    assert order == sorted(order)
    row = next(row for row in json.loads(_run("--json").output) if row["id"] == "acme-beta-2026")
    assert (row["amount"], row["qualifier"]) == (None, "not stated")


def test_an_amount_may_be_typed_when_it_is_asked_for() -> None:
    said = "https://example.org/a\n2026-11-20\nT\nfiling\nchip purchase\nAcme\nBeta\nmuch\n2,500,000\nUSD\nsigned\n"
    output = _run("add", said=said).output
    assert "'much' is no number above zero" in output
    row = next(row for row in json.loads(_run("--json").output) if row["id"] == "acme-beta-2026")
    assert (row["amount"], row["currency"]) == ("2500000", "USD")


def test_what_changed_since_an_edition(tmp_path: Path) -> None:
    rows = json.loads(_run("--json").output)
    old = tmp_path / "old.json"
    old.write_text(json.dumps([row | {"verified": []} for row in rows if row["id"] != "C044"]), encoding="utf-8")
    output = _run("diff", str(old)).output
    assert "added     C044  Meta → CoreWeave" in output
    assert "verified  C033  OpenAI → Oracle" in output
    assert json.loads(_run("diff", str(old), str(old), "--json").output) == []
    assert "Nothing changed." in _run("diff", str(old), str(old)).output


ROW = {"id": "x", "from": "A", "to": "B"}


@pytest.mark.parametrize(
    "text",
    [
        "{", '{"a": 1}', "3", '[{"b": 1}]', "[3]", "[" * 100_000,
        json.dumps([ROW | {"period": "soon"}]), json.dumps([ROW | {"status_history": ["announced"]}]),
        json.dumps([ROW | {"status_history": "announced"}]), json.dumps([ROW | {"verified": 3}]),
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_what_is_no_edition_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text, encoding="utf-8")
    assert f"{file}:1: no edition of the ledger" in _run("diff", str(file), status=1).output


def test_what_an_edition_says_commands_no_terminal(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps([ROW | {"note": "a"}]), encoding="utf-8")
    new.write_text(json.dumps([ROW | {"note": "b\x1b[2J\u202e\x9b31m\nC034 added"}]), encoding="utf-8")
    for form in ((), ("--json",)):
        output = _run("diff", str(old), str(new), *form).output
        assert not set(output) & set("\x1b\u202e\x9b")
    assert len(_run("diff", str(old), str(new)).output.splitlines()) == 2


def test_an_edition_of_thousands_of_records_is_read(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(json.dumps([ROW | {"id": f"x{at}", "note": "n" * 1000} for at in range(5000)]), encoding="utf-8")
    assert old.stat().st_size > 4 * 2**20
    assert "Nothing changed." in _run("diff", str(old), str(old)).output


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--url", "https://", "is no address"),
        ("--url", "https://exa mple.org", "is no address"),
        ("--url", "javascript:alert(1)", "is no address"),
        ("--url", "https://example.org/\x1b[2J", "is no address"),
        ("--date", "2026-02-30", "does not match the format"),
        ("--title", " \n ", "must be said"),
        ("--from", "\x07", "must be said"),
        ("--amount", "-5", "is no number above zero"),
        ("--amount", "1e999999999", "is no number above zero"),
        pytest.param("--amount", "9" * 5000, "is too large", id="a long amount"),
        ("--amount", "1,5", "is no number above zero"),
        ("--amount", "٥", "is no number above zero"),
        ("--currency", "dollars", "'currency' is 'dollars'"),
        ("--kind", "gift", "is not one of"),
    ],
)
def test_an_answer_that_cannot_be_used_leaves_the_ledger_alone(option: str, value: str, words: str) -> None:
    place = ADD.index(option)
    arguments = (*ADD[: place + 1], value, *ADD[place + 2 :])
    result = CliRunner(env={"COLUMNS": "200"}).invoke(ledger, arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert list(_folder().glob("*.toml")) == []


def test_quotes_newlines_and_letters_of_any_script_are_written_as_they_are_on_one_line() -> None:
    place = ADD.index("--from")
    payer = "Ac\"me' \\ \n\t[[commitment]]\x00 数据\u202e 中心 = é"
    _run(*ADD[: place + 1], payer, *ADD[place + 2 :], "--note", '"""')
    row = next(row for row in json.loads(_run("--json").output) if row["provenance"] == "yours")
    assert row["from"] == "Ac\"me' \\ [[commitment]] 数据 中心 = é"
    assert row["note"] == '"""'


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may write everywhere meets no wall")
def test_a_folder_that_may_not_be_written_is_named() -> None:
    _folder().mkdir(parents=True)
    _folder().chmod(0o500)
    try:
        result = _run(*ADD, status=1)
    finally:
        _folder().chmod(0o700)
    assert str(_folder()) in result.output
    assert "cannot be written" in result.output


def test_a_full_disk_leaves_the_file_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    _run(*ADD)
    before = (_folder() / "added.toml").read_bytes()

    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(own_files, "put", full)
    result = _run(*ADD, status=1)
    assert "added.toml: cannot be written: No space left on device" in result.output.replace("\n", "")
    assert (_folder() / "added.toml").read_bytes() == before
