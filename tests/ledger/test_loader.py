"""The strict loader: every complaint with file and line, all at once; the user's files; superseding; the stages."""

from __future__ import annotations

import datetime
import gc
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.errors import FileError
from aiwatch.ledger.links import conflicts_of, current_id, history, related
from aiwatch.ledger.loader import FIRST_STAGE_BYTES, LedgerFolders, load_commitments, load_ledger
from aiwatch.ledger.records import Ledger, Mark
from tests.ledger.bundled import bundled_ledger

SOURCE = '[[source]]\nid = "me"\ntitle = "My notes"\ndated = 2026-11-20\n'
PLEDGE = '[[commitment]]\nid = "mine"\nsource = "me"\nkind = "corporate capex"\nstatus = "announced"\n'
SIGNAL = '[[signal]]\nid = "s1"\nsource = "me"\nkind = "metric"\ngroup = "power"\nsubject = "a"\nmetric = "b"\n'
CLAIM = '[[claim]]\nid = "r1"\nsource = "me"\nname = "a"\nwindow = "one day"\nverdict = "open"\n'
ENTITY = '[[entity]]\nid = "e1"\nname = "A"\ntype = "company"\n'
CONFLICT = '[[conflict]]\nid = "k1"\ntopic = "t"\ntitle = "t"\nshow_as = "both"\n'
SIDES = 'sides = [{ says = "a", at = "me" }, { says = "b", at = "000:2,3; 001:4" }]\n'
FX = '[[fx]]\nid = "x1"\nsource = "me"\ncommitment = "C001"\nbase = "USD"\nquote = "CNY"\n'


def _load(folder: Path, text: str) -> Ledger:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_ledger(bundled("seeds"), folder)


def _complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        _load(folder, text)
    assert {problem.path.name for problem in caught.value.problems} == {"own.toml"}
    return [f"{problem.line}: {problem.what}" for problem in caught.value.problems]


def test_own_records_come_after_the_bundled_ones_with_their_mark(tmp_path: Path) -> None:
    ledger = _load(tmp_path, SOURCE + PLEDGE + 'amount = "2500000000.50"\ncurrency = "USD"\n')
    assert list(ledger.commitments)[-1] == "mine"
    mine = ledger.commitments["mine"]
    assert (mine.mark, mine.amount, mine.currency) == (Mark.YOURS, Decimal("2500000000.50"), "USD")
    assert mine.stated == (("USD", Decimal("2500000000.50")),)
    assert mine.counts_in_totals
    assert {record.mark for record in bundled_ledger().commitments.values()} == {Mark.BUNDLED}


def test_a_whole_number_may_have_thirty_digits(tmp_path: Path) -> None:
    ledger = _load(tmp_path, SOURCE + PLEDGE + f'amount = {"9" * 30}\ncurrency = "USD"\n')
    assert str(ledger.commitments["mine"].amount) == "9" * 30


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    assert load_ledger(bundled("seeds"), tmp_path / "none") == bundled_ledger()


def test_a_single_file_can_be_merged(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(SOURCE + PLEDGE, encoding="utf-8")
    (tmp_path / "other.toml").write_text("nonsense = 1\n", encoding="utf-8")
    assert "mine" in load_ledger(bundled("seeds"), path).commitments


def test_an_empty_bundled_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no ledger file"):
        load_ledger(tmp_path)


def test_dates_may_be_quoted(tmp_path: Path) -> None:
    ledger = _load(tmp_path, SOURCE.replace("2026-11-20", '"2026-11-20"'))
    assert ledger.sources["me"].dated == datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[comitment]]\n", "1: unknown key 'comitment', did you mean 'commitment'?"),
        (SOURCE + PLEDGE + "ammount = 1\n", "10: unknown key 'ammount', did you mean 'amount'?"),
        (SOURCE + PLEDGE + "amount = 5\n", "10: 'amount' has no currency: add currency = \"USD\" or another ISO code"),
        (
            SOURCE + PLEDGE + f'amount = {10**30}\ncurrency = "USD"\n',
            "10: 'amount' is out of range: a number has at most",
        ),
        (SOURCE + PLEDGE + 'amount = 5\ncurrency = "dollar"\n', "11: 'currency' is 'dollar', but must be a currency's"),
        (
            SOURCE + PLEDGE + 'amount = 6.3\ncurrency = "USD"\n',
            "10: 'amount' must be a whole number, or a number in qu",
        ),
        (SOURCE + PLEDGE + 'amount = "6,3"\ncurrency = "USD"\n', "10: 'amount' must be a number, not '6,3'"),
        (SOURCE + PLEDGE + 'amount = "NaN"\ncurrency = "USD"\n', "10: 'amount' must be a number, not 'NaN'"),
        (SOURCE + PLEDGE + 'amount = true\ncurrency = "USD"\n', "10: 'amount' must be a number, not True"),
        (SOURCE + PLEDGE + 'amount = -5\ncurrency = "USD"\n', "10: 'amount' must not be negative"),
        (
            SOURCE + PLEDGE + 'amount = 0\ncurrency = "USD"\n',
            "10: 'amount' is zero: leave it out when no sum is stated",
        ),
        (
            SOURCE + PLEDGE + 'amount = 5\ncurrency = "USD"\nstated = { USD = 6 }\n',
            "12: 'stated' has USD 6, but 'amount' is 5",
        ),
        (
            SOURCE + PLEDGE + 'amount = 5\ncurrency = "USD"\nstated = { CNY = 35 }\n',
            "12: 'stated' must have the amount's own currency, USD, too",
        ),
        (SOURCE + PLEDGE + "stated = { USD = 6 }\n", "10: 'stated' needs 'amount' and 'currency'"),
        (
            SOURCE + PLEDGE + 'amount = 5\ncurrency = "USD"\nstated = { usd = 5, USD = 5 }\n',
            "12: 'stated' has 'usd', but must have currencies' ISO codes",
        ),
        (SOURCE + PLEDGE + "stated = 6\n", "10: 'stated' must be written as { USD = 100 }"),
        (
            SOURCE + PLEDGE + 'amount = 5\ncurrency = "USD"\nfirst_stated = "EUR"\n',
            "12: 'first_stated' is 'EUR', which 'stated' does not have",
        ),
        (
            SOURCE + PLEDGE.replace("corporate", "corporal"),
            "8: 'kind' is 'corporal capex', did you mean 'corporate capex'?",
        ),
        (SOURCE + PLEDGE.replace('status = "announced"\n', ""), "5: 'status' is missing"),
        (SOURCE + PLEDGE + "line = 0\n", "10: 'line' must be at least 1"),
        (SOURCE + PLEDGE + "also_lines = [1, -2]\n", "10: 'also_lines' must be a list of line numbers"),
        (SOURCE + PLEDGE + "figures = { watts = 3 }\n", "10: 'figures' has 'watts', but may hold only 'gw'"),
        (SOURCE + PLEDGE + 'chain = ["pumps"]\n', "10: 'chain' has 'pumps', but may hold only 'gas turbines'"),
        (SOURCE + PLEDGE + 'chain = [" "]\n', "10: 'chain' has an empty text or control characters in it"),
        (SOURCE + PLEDGE + 'part_of = "C999"\n', "10: 'part_of' names 'C999', but no [[commitment]] has that id"),
        (SOURCE + PLEDGE + 'same_money_as = ["S001"]\n', "10: 'same_money_as' names 'S001', but no [[commitment]]"),
        (
            SOURCE + PLEDGE + 'from_entities = ["E052"]\n',
            "10: 'from_entities' names 'E052', but no [[entity]] has that",
        ),
        (SOURCE + PLEDGE + 'part_of = "mine"\n', "10: 'mine' is part of itself in the end"),
        (SOURCE + PLEDGE + 'supersedes = "mine"\n', "10: 'mine' supersedes itself in the end"),
        (PLEDGE, "3: 'source' names 'me', but no [[source]] has that id"),
        (
            SOURCE + PLEDGE.replace('"mine"', '"C014"'),
            "6: the id 'C014' is already that of a [[commitment]] in commitm",
        ),
        (SOURCE + PLEDGE.replace('"mine"', '"no spaces"'), "6: 'id' is 'no spaces', but may have only letters"),
        (SOURCE.replace("2026-11-20", "2026-11-20T10:00:00Z"), "4: 'dated' must be a date such as 2025-08-15, not"),
        (SOURCE.replace("2026-11-20", '"20 November"'), "4: 'dated' must be a date such as 2025-08-15, not '20 Nov"),
        (SOURCE + 'confidence = "high"\n', "5: 'confidence' is 'high', but must be one of"),
        (
            SOURCE + SIGNAL + 'value = "ten"\nunit = "USD bn"\n',
            "12: 'value' must be a number, as 'unit' is money (USD bn)",
        ),
        (SOURCE + SIGNAL + "value = 1.5\n", "12: 'value' must be a whole number or text in quotes, not 1.5"),
        (SOURCE + CLAIM + 'symbols = ["nvda"]\n', "11: symbol 'nvda': write 'NVDA'"),
        (SOURCE + CLAIM + "base_date = 2025-08-15\nend_date = 2025-08-15\n", "12: 'end_date' 2025-08-15 is not after"),
        (SOURCE + CLAIM + 'repeats = "R99"\n', "11: 'repeats' names 'R99', but no [[claim]] has that id"),
        (ENTITY + 'symbols = ["2837.SZ"]\n', "5: symbol '2837.SZ': the code before .SZ has six digits"),
        (ENTITY + 'mentions = ["000 line 3"]\n', "5: 'mentions' has '000 line 3', but must be a source and lines"),
        (ENTITY + 'mentions = ["009:3"]\n', "5: 'mentions' names '009', but no [[source]] has that id"),
        (SOURCE + CONFLICT + SIDES + 'records = ["C999"]\n', "11: 'records' names 'C999', but no record has that id"),
        (CONFLICT + 'sides = [{ says = "a", at = "000" }]\n', "6: 'sides' must list at least two sides"),
        (CONFLICT + 'sides = ["a", "b"]\n', '6: a side must be written as { says = "…", at = "000:2,11" }'),
        (
            SOURCE + FX + 'rate = "7.1"\nnumerator = "35"\ndenominator = "5"\n',
            "11: 'rate' is 7.1, but 35 / 5 is 7.0000",
        ),
        (SOURCE + FX + 'rate = "7"\nnumerator = "35"\ndenominator = 0\n', "13: 'denominator' must be above zero"),
        (SOURCE + FX + 'rate = "7"\nnumerator = "7"\n', "5: 'denominator' is missing"),
        ("[[source]\n", "1: "),
        (SOURCE + 'origin = "a\\u001b[31m"\n', "5: 'origin' has a control character in it"),
    ],
)
def test_complaints_name_line_and_reason(tmp_path: Path, text: str, complaint: str) -> None:
    result = _complaints(tmp_path, text)
    assert any(item.startswith(complaint) for item in result), result


def test_all_problems_of_all_files_are_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SOURCE + PLEDGE + 'amount = 5\npart_of = "C999"\nnotes = "x"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(ENTITY + 'members = ["E999"]\n', encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_ledger(bundled("seeds"), tmp_path)
    assert [(problem.path.name, problem.line) for problem in caught.value.problems] == [
        ("a.toml", 10),
        ("a.toml", 11),
        ("a.toml", 12),
        ("b.toml", 5),
    ]


def test_an_unreadable_file_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[source]]\nid = "me\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(PLEDGE, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_ledger(bundled("seeds"), tmp_path)
    assert [problem.path.name for problem in caught.value.problems] == ["a.toml"]


def test_superseding_keeps_the_history_and_what_hangs_on_it(tmp_path: Path) -> None:
    newer = PLEDGE.replace('"mine"', '"mine-2"') + 'supersedes = "mine"\n'
    ledger = _load(tmp_path, SOURCE + PLEDGE + 'supersedes = "C019"\n' + newer)
    assert "C019" not in ledger.commitments
    assert "mine" not in ledger.commitments
    newest = ledger.commitments["mine-2"]
    assert [record.id for record in history(ledger, newest)] == ["mine", "C019"]
    assert current_id(ledger, "C019") == "mine-2"
    assert conflicts_of(ledger, newest) == (), "what it takes the place of had its own conflicts"
    assert {(item.record.id, item.how) for item in related(ledger, newest)} == {
        ("C018", "perhaps contains"),
        ("C020", "contains"),
        ("C021", "contains"),
        ("mine", "supersedes"),
        ("C019", "supersedes"),
    }


def test_two_records_cannot_supersede_the_same(tmp_path: Path) -> None:
    second = PLEDGE.replace('"mine"', '"other"')
    text = SOURCE + PLEDGE + 'supersedes = "C014"\n' + second + 'supersedes = "C014"\n'
    assert _complaints(tmp_path, text) == ["16: 'C014' is already superseded by another record"]


def test_circular_superseding_is_refused(tmp_path: Path) -> None:
    second = PLEDGE.replace('"mine"', '"other"')
    text = SOURCE + PLEDGE + 'supersedes = "other"\n' + second + 'supersedes = "mine"\n'
    assert len(_complaints(tmp_path, text)) == 2


def test_a_signal_can_be_superseded(tmp_path: Path) -> None:
    ledger = _load(tmp_path, SOURCE + SIGNAL + 'supersedes = "S018"\n')
    assert "S018" not in ledger.signals
    assert [record.id for record in history(ledger, ledger.signals["s1"])] == ["S018"]


def test_the_first_stage_agrees_with_the_whole(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(SOURCE + PLEDGE + SIGNAL, encoding="utf-8")
    first, whole = load_commitments(bundled("seeds"), tmp_path), load_ledger(bundled("seeds"), tmp_path)
    assert not first.complete
    assert whole.complete
    assert first.commitments == whole.commitments
    assert first.sources == whole.sources
    assert first.entities == whole.entities
    assert first.conflicts == whole.conflicts
    assert not first.signals
    assert "s1" in whole.signals


def test_a_record_that_says_the_same_is_held_once(tmp_path: Path) -> None:
    own = (
        SOURCE
        + PLEDGE
        + 'amount = "1.0"\ncurrency = "USD"\n'
        + PLEDGE.replace('"mine"', '"new"')
        + 'supersedes = "mine"\n'
    )
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    first = load_commitments(bundled("seeds"), tmp_path)
    folders = LedgerFolders(bundled("seeds"), tmp_path, first)
    whole = folders.load()
    assert whole == load_ledger(bundled("seeds"), tmp_path)
    for name in ("sources", "commitments", "entities", "conflicts", "spending", "superseded"):
        records = getattr(whole, name)
        assert records
        assert all(record is getattr(first, name)[id] for id, record in records.items())
    (tmp_path / "own.toml").write_text(own.replace("1.0", "1.00"), encoding="utf-8")
    edited = folders.load()
    assert str(edited.superseded["mine"].amount) == "1.00"  # type: ignore[union-attr]
    assert edited.sources["me"] is first.sources["me"]


def test_large_files_of_ones_own_are_left_for_the_second_stage(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(SOURCE + PLEDGE + f'note = "{"x" * FIRST_STAGE_BYTES}"\n', encoding="utf-8")
    first = load_commitments(bundled("seeds"), tmp_path)
    assert "mine" not in first.commitments
    assert first.deferred == 1
    whole = LedgerFolders(bundled("seeds"), tmp_path).load()
    assert "mine" in whole.commitments
    assert whole.deferred == 0


def test_the_collector_works_again_after_a_large_file_and_after_a_wrong_one(tmp_path: Path) -> None:
    folders = LedgerFolders(bundled("seeds"), tmp_path)
    for note in ("x" * FIRST_STAGE_BYTES, "x" * FIRST_STAGE_BYTES + '"\nnonsense = "'):
        (tmp_path / "own.toml").write_text(SOURCE + PLEDGE + f'note = "{note}"\n', encoding="utf-8")
        with suppress(FileError):
            folders.load()
        assert gc.isenabled()
    gc.unfreeze()
