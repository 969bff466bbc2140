"""A record of the reader's own: the same rules for the command and the form, and a file that is right or untouched."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.errors import EditError
from aiwatch.ledger.imports.answers import WrongAnswer, read_answers
from aiwatch.ledger.imports.own_files import ADDED, add_record, take_back
from aiwatch.ledger.loader import load_ledger

TYPED = {
    "address": "https://example.org/a", "day": "2026-11-20", "title": "A title", "source_kind": "filing",
    "kind": "chip purchase", "payer": "Acme", "recipient": "Beta", "amount": "2,500,000,000", "currency": "USD",
    "status": "signed", "binding": "binding",
}  # fmt: skip


def test_records_are_added_below_each_other_and_taken_back_one_by_one(tmp_path: Path) -> None:
    first = add_record(bundled("seeds"), tmp_path, read_answers(TYPED))
    alone = (tmp_path / ADDED).read_bytes()
    second = add_record(bundled("seeds"), tmp_path, read_answers(TYPED | {"payer": "Gamma", "amount": ""}))
    assert (first.id, second.id) == ("acme-beta-2026", "gamma-beta-2026")
    records = load_ledger(bundled("seeds"), tmp_path).commitments
    assert str(records[first.id].amount) == "2500000000"
    assert (records[second.id].amount, records[second.id].qualifier) == (None, "not stated")
    take_back(second)
    assert (tmp_path / ADDED).read_bytes() == alone
    take_back(first)
    assert not (tmp_path / ADDED).exists()


def test_what_would_make_the_ledger_wrong_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="'currency' is 'dollars'"):
        add_record(bundled("seeds"), tmp_path, read_answers(TYPED | {"currency": "dollars"}))
    assert not (tmp_path / ADDED).exists()


def test_a_file_that_was_changed_since_is_left_alone(tmp_path: Path) -> None:
    written = add_record(bundled("seeds"), tmp_path, read_answers(TYPED))
    (tmp_path / ADDED).write_text("# mine\n", encoding="utf-8")
    with pytest.raises(EditError, match="changed since"):
        take_back(written)
    assert (tmp_path / ADDED).read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("address", "example.org", "begins with https://"),
        ("address", "", "must be said"),
        ("day", "yesterday", "write it as 2026-11-27"),
        ("kind", "gift", "must be one of sovereign pledge"),
        ("amount", "2.5 bn", "whole units"),
        ("binding", "maybe", "must be one of binding"),
        ("status", " ", "must be said"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(key: str, text: str, words: str) -> None:
    with pytest.raises(WrongAnswer, match=words) as raised:
        read_answers(TYPED | {key: text})
    assert raised.value.key == key
