"""``aiwatch paths``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.commands.upkeep.paths import paths
from aiwatch.config.settings import Flags

NAMES = [
    "settings",
    "your watchlists",
    "bundled watchlists",
    "your ledger",
    "bundled ledger",
    "state",
    "archive",
    "layout",
    "cache",
    "history",
    "log",
]


def test_every_place_has_a_line_that_says_whether_it_is_there(home: Path) -> None:
    result = CliRunner().invoke(paths)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == len(NAMES)
    for name, line in zip(NAMES, lines, strict=True):
        assert line.startswith(name)
        assert line.endswith("(not there)") is not name.startswith("bundled")
        assert (str(home) in line) is not name.startswith("bundled")
    assert list(home.rglob("*aiwatch*")) == []


def test_json_is_for_other_programs(home: Path) -> None:
    own = home / "lists"
    own.mkdir()
    settings = home / "mine.toml"
    settings.write_text("watchlists = 'lists'\n", encoding="utf-8")
    result = CliRunner(env={"AIWATCH_CONFIG": str(settings)}).invoke(paths, ["--json"])
    listing = json.loads(result.stdout)
    assert list(listing) == NAMES
    assert listing["settings"] == {"path": str(settings), "exists": True}
    assert listing["your watchlists"] == {"path": str(own), "exists": True}
    assert listing["state"]["exists"] is False


def test_what_was_typed_before_the_command_counts(home: Path) -> None:
    result = CliRunner().invoke(paths, obj=Flags(watchlists=str(home)))
    assert f"your watchlists     {home}\n" in result.output


def test_broken_settings_do_not_hide_where_they_are(home: Path) -> None:
    settings = home / "mine.toml"
    settings.write_text("colour = 1\n", encoding="utf-8")
    result = CliRunner(env={"AIWATCH_CONFIG": str(settings)}).invoke(paths)
    assert result.exit_code == 0
    assert str(settings) in result.stdout
    assert "mine.toml:1: unknown key 'colour', did you mean 'colours'?" in result.stderr


@pytest.mark.usefixtures("home")
def test_a_place_that_cannot_be_is_told() -> None:
    result = CliRunner(env={"AIWATCH_CONFIG": "~no-such-user-here/x"}).invoke(paths)
    assert result.exit_code == 1
    assert "Error: AIWATCH_CONFIG:" in result.stderr
