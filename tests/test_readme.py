"""The README keeps step with the program: every key, command and setting is in it, in the program's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiwatch import __version__
from aiwatch.app import keyboard_of
from aiwatch.commands.commitments.ledger import TOOLS
from aiwatch.commands.group import COMMANDS
from aiwatch.config.paths import bundled
from aiwatch.config.settings import KeySettings, settings_keys, variables
from aiwatch.ledger.links import sources_in
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.views import SCREEN_VIEWS
from aiwatch.screens.dialogs.help import key_rows

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> dict[str, str]:
    """The rows of the table under ``heading``: first column without its ticks, second as it is."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \|$", section, re.MULTILINE)
    return dict(rows)


def test_every_key_is_in_the_readme_by_panel_and_no_other() -> None:
    section = README.partition("\n## Keys\n")[2].partition("\n## ")[0]
    texts = []
    for part in section.split("\n### ")[1:]:
        heading, _, rest = part.partition("\n")
        rows = re.findall(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \|$", rest, re.MULTILINE)
        texts.append((heading, [(keys.replace(r"\|", "|"), words, name) for keys, words, name in rows]))
    assert texts == key_rows(keyboard_of(KeySettings()))


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    assert table("Settings") == settings_keys()


@pytest.mark.parametrize("variable", [*variables().values(), "AIWATCH_CONFIG"])
def test_every_variable_is_in_the_readme(variable: str) -> None:
    assert f"`{variable}`" in README


def test_every_command_is_in_the_readme_and_no_other() -> None:
    assert set(table("Commands")) == {"aiwatch", *(f"aiwatch {name}" for name in COMMANDS)}


def test_the_files_it_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_ledger_is_counted_honestly() -> None:
    ledger = load_ledger(bundled("seeds"))
    said = re.search(
        r"(\d+) commitments as printed in four articles, with (\d+) conflicts, each with its sides:\s+"
        r"(\d+) are contradictions, (\d+) are between articles",
        README,
    )
    assert said is not None
    conflicts = ledger.conflicts.values()
    assert [int(number) for number in said.groups()] == [
        len(ledger.commitments),
        len(conflicts),
        sum(conflict.kind == "contradiction" for conflict in conflicts),
        sum(len(sources_in(conflict)) > 1 for conflict in conflicts),
    ]


def test_every_view_and_tool_of_the_ledger_is_named() -> None:
    section = " ".join(README.partition("\n## The ledger\n")[2].partition("\n## ")[0].casefold().split())
    words = {"all": "everything", "years": "money by year", "verify": "verify again", "circles": "ledger circles"}
    for view in SCREEN_VIEWS:
        assert words.get(view.key, view.title.casefold()) in section, view.key
    assert all(f"aiwatch ledger {tool}" in section for tool in TOOLS)


def test_every_way_to_install_it_is_one_that_is_tried() -> None:
    section = README.partition("\n## Install\n")[2].partition("\n## ")[0]
    tried = (ROOT / "tests/test_packaging.py").read_text(encoding="utf-8")
    for words in ("pipx install .", "uv tool install .", "python3 -m pip install .", "python3 -m pip install aiwatch-"):
        assert words in section, words
    assert all(word in tried for word in ('"pipx"', '"uv"', '"checkout"', '"sdist"'))
    assert f"aiwatch-{__version__}.tar.gz" in section
