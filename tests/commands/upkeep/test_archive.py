"""``aiwatch archive``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.archive.schema import TABLES, VERSION
from aiwatch.commands.upkeep.archive import archive
from tests.archive.kept import looked_into, make_quote, rows, write


@pytest.fixture
def path(home: Path) -> Path:
    """Where the user's archive is."""
    return home / ".local/state/aiwatch/archive.sqlite"


def run(*words: str) -> tuple[int, str]:
    """The exit status and what was printed."""
    result = CliRunner().invoke(archive, words)
    return result.exit_code, result.output


@pytest.mark.parametrize("command", ["check", "prune"])
def test_without_an_archive_it_says_so_and_makes_none(path: Path, command: str) -> None:
    status, output = run(command)
    assert (status, output) == (1, f"There is no archive yet at {path}; the screen makes one when it is live.\n")
    assert not path.parent.exists()


def test_check_counts_what_is_there_and_changes_nothing(path: Path) -> None:
    write(path, make_quote(), make_quote("NVDA"), make_quote("CNY=X"))
    before = path.read_bytes()
    status, output = run("check")
    assert status == 0
    assert output.startswith(f"{path}: no problem found, version {VERSION}, ")
    assert ["quotes", "3"] in [line.split() for line in output.splitlines()]
    status, output = run("check", "--json")
    decoded = json.loads(output)
    assert (decoded["path"], decoded["bytes"], decoded["version"], decoded["trouble"]) == (
        str(path),
        len(before),
        VERSION,
        None,
    )
    assert set(decoded["rows"]) == set(TABLES)
    assert path.read_bytes() == before


def test_check_tells_of_damage_and_leaves_it(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 500)
    status, output = run("check")
    assert status == 1
    assert "is damaged (file is not a database); the next screen moves it aside" in output
    assert json.loads(run("check", "--json")[1])["trouble"] == output.strip()
    assert path.read_bytes() == b"no database at all" * 500


@pytest.mark.parametrize("command", ["check", "prune"])
def test_a_later_version_is_left_alone(path: Path, command: str) -> None:
    write(path, make_quote())
    with looked_into(path) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    status, output = run(command)
    assert status == 1
    assert "was written by a later aiwatch" in output
    assert path.read_bytes() == before


def test_prune_deletes_what_is_old_and_gives_the_room_back(path: Path) -> None:
    now = datetime.now(UTC)
    old = now - timedelta(days=500)
    write(path, *(make_quote(f"{number:06}.SZ", at=old, name="x" * 300) for number in range(1, 500)))
    write(path, make_quote("NVDA", at=now))
    status, output = run("prune", "--json")
    decoded = json.loads(output)
    assert status == 0
    assert decoded["deleted"] == 2 * 499
    assert decoded["bytes_after"] < decoded["bytes_before"] / 3
    assert rows(path, "SELECT symbol FROM quotes") == [("NVDA",)]
    assert run("prune")[1].startswith(f"{path}: 0 rows deleted, ")
