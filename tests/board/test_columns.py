"""The table of columns: whole, without two columns of one name, and the one place where a column is added."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiwatch.board import drawing
from aiwatch.board.cells import FilterContext
from aiwatch.board.choices import ColumnChoice
from aiwatch.board.column import LEFT, RIGHT, of_quote
from aiwatch.board.columns import ALWAYS, BY_KEY, COLUMNS, FURTHER, legend
from aiwatch.board.filter.parser import parse_filter
from aiwatch.board.layout import header_texts, lay_out, measured
from aiwatch.board.rows import in_order
from aiwatch.config.paths import bundled
from aiwatch.errors import FileError
from aiwatch.watchlist.reader import read_watchlist
from aiwatch.watchlist.schema import FILE_NAME, schema_text, watchlist_schema
from tests.board.fixtures import NOW, QUOTES, STOCKS, cell, quote, view

CONTEXT = FilterContext(QUOTES, lambda symbol: (), NOW)


def reference() -> list[tuple[str, str]]:
    """The rows under "Columns" in the reference of watchlists."""
    text = (bundled("watchlists") / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Columns\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)


def test_every_entry_is_whole() -> None:
    assert list(BY_KEY) == [column.key for column in (*COLUMNS, *FURTHER)]
    assert ALWAYS in BY_KEY
    for column in BY_KEY.values():
        assert column.title
        assert column.words
        assert column.filter_names
        assert (column.figure is None) is not (column.value is None), f"{column.key}: one of figure and value"
        assert column.align in (LEFT, RIGHT)
        assert column.texts is None or column.align == LEFT
        assert {type(column.value_of(stock, QUOTES.get(stock.symbol), CONTEXT)) for stock in STOCKS} <= {
            *((str, type(None)) if column.texts else (int, float, type(None)))
        }


def test_the_reference_says_of_every_column_what_the_table_says() -> None:
    assert reference() == [(column.key, column.words) for column in BY_KEY.values()], (
        "paste into watchlists/README.md:\n"
        + "\n".join(f"| `{column.key}` | {column.words} |" for column in BY_KEY.values())
    )


def test_the_schema_that_ships_has_every_column() -> None:
    shipped = (bundled("watchlists") / FILE_NAME).read_text(encoding="utf-8")
    assert shipped == schema_text(BY_KEY), "write what `aiwatch check --schema` prints"


def test_a_column_is_added_in_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    column = of_quote(
        "lot",
        "Lot",
        "shares of a board lot",
        drawing.count_cell,
        filter_names=("lot", "每手"),
        width=6,
        first_falls=False,
    )
    file = tmp_path / "mine.toml"
    file.write_text('columns = ["name", "lot"]\nsymbols = ["NVDA"]\n', "utf-8")
    with pytest.raises(FileError, match="unknown column 'lot'"):
        read_watchlist(file, columns=BY_KEY)
    monkeypatch.setitem(BY_KEY, "lot", column)

    extent = measured(STOCKS, ["Envicool"])
    layout = lay_out(80, extent, ("name", "lot"))
    assert [placed.key for placed in layout.columns] == ["name", "lot", "age"]
    assert "Lot" in "".join(text for text, _ in header_texts(layout, ()))
    assert cell("lot", view(quote("NVDA", 178.88, 180.64, lot=100)), 6, extent)[0][0].strip() == "100"

    lots = {said.symbol: said for said in (quote("NVDA", 1.0, 1.0, lot=1), quote("0700.HK", 1.0, 1.0, lot=100))}
    context = CONTEXT._replace(quotes=lots)
    assert [stock.symbol.code for stock in in_order(STOCKS, (("lot", True),), context)][:2] == ["0700", "NVDA"]
    for text in ("lot > 50", "每手 > 50", "LOT > 50"):
        assert [stock.symbol.code for stock in filter(parse_filter(text).bind(context), STOCKS)] == ["0700"]

    assert "lot" in ColumnChoice().keys
    assert read_watchlist(file, columns=BY_KEY).columns == ("name", "lot")
    assert "lot" in watchlist_schema(BY_KEY)["properties"]["columns"]["items"]["enum"]
    assert ("Lot", "shares of a board lot") in legend()
    assert [key for key in BY_KEY if key not in dict(reference())] == ["lot"], "the reference's test asks for it"
