"""seeds/README.md documents the format: every key, every word, and an example that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import CHAIN, FIGURES, GROUPS, KINDS, Mark
from aiwatch.ledger.schema import ENTITY_TYPES, KEYS, SIGNAL_KINDS

README = (bundled("seeds") / "README.md").read_text(encoding="utf-8")


def _section(name: str) -> str:
    return README.split(f"## `[[{name}]]`", 1)[1].split("\n## ", 1)[0]


def test_every_table_is_documented() -> None:
    assert re.findall(r"^## `\[\[(\w+)\]\]`", README, re.MULTILINE) == list(KEYS)


@pytest.mark.parametrize("name", list(KEYS))
def test_the_documented_keys_are_the_accepted_ones(name: str) -> None:
    documented = re.findall(r"^\| `(\w+)` \|", _section(name), re.MULTILINE)
    assert documented == list(KEYS[name])


@pytest.mark.parametrize("name", list(KEYS))
def test_needed_keys_are_missed_and_no_others(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text(f"[[{name}]]\n", encoding="utf-8")
    with pytest.raises(Exception) as caught:  # a FileError, whose text is looked at
        load_ledger(bundled("seeds"), tmp_path)
    missed = set(re.findall(r"'(\w+)' is missing", str(caught.value)))
    if "must list at least two sides" in str(caught.value):
        missed.add("sides")
    assert missed == set(re.findall(r"^\| `(\w+)` \| needed", _section(name), re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "words"), [("commitment", KINDS), ("commitment", FIGURES), ("signal", SIGNAL_KINDS), ("signal", GROUPS)]
)
def test_the_words_of_a_key_are_documented(name: str, words: tuple[str, ...]) -> None:
    assert [word for word in words if f"`{word}`" not in _section(name)] == []


def test_entity_types_and_the_chain_are_documented() -> None:
    assert [word for word in ENTITY_TYPES if f"`{word}`" not in _section("entity")] == []
    chain = README.split("## The value chain", 1)[1]
    assert tuple(re.findall(r"`([^`]+)`", chain)) == CHAIN


def test_the_example_works_as_it_stands(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    (tmp_path / "mine.toml").write_text(example.group(1), encoding="utf-8")
    ledger = load_ledger(bundled("seeds"), tmp_path)
    mine = ledger.commitments["my-turbines"]
    assert (mine.mark, mine.payers, mine.chain) == (Mark.YOURS, ("example-cloud",), ("gas turbines",))
    assert len(ledger.commitments) == 50


def test_every_accepted_key_is_used_by_a_bundled_file_or_by_a_user_alone() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in bundled("seeds").glob("*.toml"))
    unused = {key for keys in KEYS.values() for key in keys if not re.search(rf"^{key} = ", text, re.MULTILINE)}
    assert unused == {"supersedes", "close_retrieved", "attribution", "loses", "cik"}
