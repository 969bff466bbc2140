"""CSV that no spreadsheet runs, and that comes back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aiwatch
from aiwatch.commands.quotes import FIELDS, as_text
from aiwatch.commands.tables import as_csv as ledger_csv
from aiwatch.formatting.spreadsheets import guarded, table, unguarded
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.directory import Directory
from aiwatch.watchlist.exports import as_csv
from aiwatch.watchlist.imports import read_import

FORMULAS = (
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "-",
    "+86 755",
    "@handle",
)
STARTS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("value", [-1.5, -3, "-1.5", "+2", "-1,234.5", "1e-5", "Apple", "'s", "", None, True])
def test_anything_else_is_left_alone(value: object) -> None:
    assert guarded(value) is value


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n a1.;\"＝"), max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(STARTS) or guarded(text).strip("+-").replace(".", "").isdigit()


def _cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_door_lets_a_formula_out(text: str) -> None:
    stock = Stock(parse_symbol("NVDA"), text, text, text, text, note=text, tags=(text, "b"))
    row = dict.fromkeys(FIELDS) | {"symbol": "NVDA", "name": text, "name_zh": text, "change": -1.5}
    doors = (
        as_csv(Watchlist("a", "A", "", (stock,), Path("a"))),
        as_text([row], [""], as_csv=True),
        ledger_csv([{"id": text, "tickers": [text], text: -5}]),
        table(["a"], [[text]]),
    )
    for door in doors:
        cells = _cells(door)
        assert f"'{text}" in cells
        assert not any(cell.startswith(STARTS) for cell in cells if cell not in ("-1.5", "-5"))


@given(
    st.lists(st.sampled_from([text.strip() for text in FORMULAS] + ["plain", "a;b", "'=x"]), min_size=1, unique=True)
)
def test_our_own_import_reads_what_was_there(texts: list[str]) -> None:
    stock = Stock(parse_symbol("NVDA"), texts[0], texts[-1], texts[0], texts[-1], note=texts[0], tags=tuple(texts))
    text = as_csv(Watchlist("a", "A", "", (stock,), Path("a")))
    [back] = read_import(text, Path("a.csv"), Directory()).lists[0].stocks
    assert (back.name, back.name_zh, back.note, back.tags) == (stock.name, stock.name_zh, stock.note, stock.tags)


def test_every_table_of_the_program_is_written_here() -> None:
    """A door of its own would let formulas out. The tags of a list are a cell of a table, guarded one by one."""
    root = Path(aiwatch.__file__).parent
    writers = {
        file.relative_to(root).as_posix() for file in root.rglob("*.py") if "csv.writer" in file.read_text("utf-8")
    }
    assert writers == {"formatting/spreadsheets.py", "watchlist/exports.py"}
