"""The JSON Schema of watchlists: that it is the one that ships, and that it and the reader judge alike."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from aiwatch.board.columns import BY_KEY
from aiwatch.commands.upkeep.check import check
from aiwatch.config.paths import bundled
from aiwatch.errors import FileError
from aiwatch.watchlist.reader import parse_list_file
from aiwatch.watchlist.schema import FILE_NAME, SCHEMA_LINE, schema_text, watchlist_schema

HEAD = "name = 'A'\ndescription = 'B'\n"
STOCK = f"{HEAD}[[stock]]\nsymbol = 'NVDA'\nname = 'x'\n"


def _faults(text: str) -> list[str]:
    data: dict[str, Any] = tomllib.loads(text)
    return [str(error.message) for error in Draft202012Validator(watchlist_schema(BY_KEY)).iter_errors(data)]


def test_it_is_a_schema_of_its_draft() -> None:
    Draft202012Validator.check_schema(watchlist_schema(BY_KEY))


def test_the_file_that_ships_is_the_one_that_is_printed() -> None:
    shipped = (bundled("watchlists") / FILE_NAME).read_text(encoding="utf-8")
    printed = CliRunner().invoke(check, ["--schema"])
    assert printed.exit_code == 0
    assert shipped == printed.output == schema_text(BY_KEY)
    assert json.loads(shipped) == watchlist_schema(BY_KEY)


@pytest.mark.parametrize("path", sorted(bundled("watchlists").glob("*.toml")), ids=lambda path: path.stem)
def test_the_bundled_lists_name_it_and_keep_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"{SCHEMA_LINE}\n")
    assert _faults(text) == []


def test_the_references_example_keeps_it() -> None:
    text = (bundled("watchlists") / "README.md").read_text(encoding="utf-8")
    assert _faults(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]) == []


@pytest.mark.parametrize(
    "text",
    [
        "name = ' '\ndescription = 'B'\n",
        HEAD + "ordr = 1\n",
        HEAD + "order = 1.5\n",
        HEAD + "columns = ['turnovr']\n",
        HEAD + "columns = ['name', 'name']\n",
        HEAD + "[stock]\nsymbol = 'NVDA'\nname = 'x'\n",
        HEAD + "[[stock]]\nname = 'x'\n",
        "symbols = ['NVDA', 'NVDA']\n",
        "symbols = 'NVDA'\n",
        STOCK + "symbl = 'x'\n",
        STOCK + "note = 1\n",
        STOCK + "tags = ['a', 'a']\n",
        STOCK + "tags = ['']\n",
        STOCK + "quantity = 0\n",
        STOCK + "quantity = '3'\n",
        STOCK + "cost = -1\n",
        STOCK + "alerts = true\n",
        STOCK + "alerts = { abov = 1 }\n",
        STOCK + "alerts = { above = 0 }\n",
        STOCK + "alerts = { limit = 1 }\n",
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(text: str) -> None:
    assert _faults(text)
    try:
        slips = parse_list_file(Path("list.toml"), text, BY_KEY).slips
    except FileError:
        return
    assert slips
