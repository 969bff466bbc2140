"""The page a newcomer reads names what is there, and its recipes for a key, a view of the ledger and a command hold.

The recipes are followed to the letter in a copy of the source. That for a column is followed by
`tests.board.test_columns`, that for a source by `tests.market.test_data_sources`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "tui/README.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "tui/aiwatch"
FILES = sorted(set(re.findall(r"`([\w./]+\.py)`", PAGE)))
LONGEST_PAGE = 125
"""Lines: what a person reads before the first change."""


@pytest.mark.parametrize("name", FILES)
def test_each_file_that_the_page_names_is_there(name: str) -> None:
    """A file of a room's row is named without the room, so that it may lie anywhere below."""
    places = [ROOT / name, PACKAGE / name]
    assert any(place.exists() for place in places) or [*PACKAGE.rglob(name)], name


def test_each_room_has_its_row_and_the_page_is_short() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    head = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)/`", head)) == rooms
    assert PAGE.count("\n") <= LONGEST_PAGE


def test_the_rooms_stand_in_the_order_of_the_layers() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (layers,) = (each["layers"] for each in tools["importlinter"]["contracts"] if each["id"] == "layers")
    table = PAGE.partition("| Room |")[2].partition("\n\n")[0]
    rows = [set(re.findall(r"`(\w+)(?:/|\.py)`", line.split("|")[1])) for line in table.splitlines()[2:]]
    assert rows == [set(layer.split(" | ")) for layer in layers]


def _insert(path: Path, before: str, lines: str) -> None:
    """Put ``lines`` before the text ``before``, which stands in the file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, lines + before), encoding="utf-8")


_LINES = (
    (
        "widgets/board/panel.py",
        '    Binding("K", ',
        '    Binding("U", "cheer", "Cheer", id="board.cheer", tooltip="Cheer up"),\n',
    ),
    (
        "widgets/board/panel.py",
        "    def action_undo(",
        "    def action_cheer(self) -> None:\n        self.app.bell()\n\n",
    ),
    ("ledger/views.py", '    View("who", ', '    View("cheers", "Cheers", "what is good", sorts=True),\n'),
    ("widgets/ledger/more_views.py", '    "who": who_view,', '    "cheers": _pledges,\n'),
    ("commands/commitments/tables.py", '        "who": lambda', '        "cheers": lambda: _verify(read, width),\n'),
    ("commands/group.py", '    "paths": "Say', '    "cheer": "Cheer a person up.",\n'),
)
"""What is inserted: the file, the text that it goes before, and the lines."""

_COMMAND = """\
import click


@click.command()
def cheer() -> None:
    '''Cheer a person up.'''
    click.echo("Hooray")
"""


def _follow(source: Path) -> None:
    """Add a key, a view of the ledger and a command to the package at ``source``, as the page says."""
    for name, before, lines in _LINES:
        _insert(source / name, before, lines)
    (source / "commands/cheer.py").write_text(_COMMAND, encoding="utf-8")


_SEEN = """
from click.testing import CliRunner
from aiwatch.app import ACTIONS, keyboard_of
from aiwatch.commands.group import commands
from aiwatch.config.settings import KeySettings
from aiwatch.screens.dialogs.help import key_rows
from aiwatch.widgets.ledger.panel import SORTED_VIEWS, VIEWS

keyboard = keyboard_of(KeySettings())
print(keyboard.keys["board.cheer"], ACTIONS["board.cheer"].owner.__name__)
print(sum(row[0] == "U" and row[1] == "Cheer up" for _, rows in key_rows(keyboard) for row in rows))
print(("cheers", "Cheers") in VIEWS, "cheers" in SORTED_VIEWS)
for words in (["cheer"], ["--help"], ["ledger", "--help"], ["ledger", "cheers"], ["man"]):
    result = CliRunner().invoke(commands, words)
    print(words, result.exit_code, "heer" in result.output, "Hooray" in result.output)
"""


def test_the_recipes_for_a_key_a_view_and_a_command_hold(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tui/aiwatch"
    shutil.copytree(PACKAGE, copy)  # with its bytecode, or all of it would be compiled
    for name in ("seeds", "watchlists"):
        (tmp_path / name).symlink_to(ROOT / name)
    _follow(copy)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "tui"), "COLUMNS": "120"}
    command = [sys.executable, "-c", _SEEN]
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "('U',) BoardPanel",
        "1",
        "True True",
        "['cheer'] 0 False True",
        "['--help'] 0 True False",
        "['ledger', '--help'] 0 True False",
        "['ledger', 'cheers'] 0 False False",
        "['man'] 0 True False",
    ]
