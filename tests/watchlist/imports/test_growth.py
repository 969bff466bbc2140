"""What a larger file costs: more time in proportion, not by the square."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from aiwatch.errors import FileError
from aiwatch.watchlist.imports import yaml_configs
from tests.watchlist.imports.reading import read


def _code(number: int) -> str:
    return f"A{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}{chr(65 + number // 676 % 26)}"


FILES: dict[str, Callable[[int], tuple[str, str]]] = {
    "aliases squared": lambda n: (
        f"groups:\n  - &g\n    name: x\n    watchlist: [{','.join(map(_code, range(n)))}]\n" + "  - *g\n" * (n - 1),
        "t.yaml",
    ),
    "tickers with a blank": lambda n: (
        json.dumps({"s": [{"ticker": f" {_code(at)}"} for at in range(n)]}),
        "lists.json",
    ),
    "tickers that are nowhere": lambda n: (json.dumps({"Tickers": [_code(at) for at in range(n)][::-1]}), ".moprc"),
    "open quotes": lambda n: ("Symbol,Name\n" + "".join(f'{_code(at)},"x\n' for at in range(n)), "t.csv"),
    "quotes over lines": lambda n: ("Symbol,Name\n" + '"x y,\n' * n, "t.csv"),
    "lots with tags": lambda n: (
        "Symbol,Quantity,Tags\n" + "".join(f"NVDA,1,t{at}\n" for at in range(n)),
        "t.csv",
    ),
    "one long line": lambda n: (",".join(_code(at) for at in range(n)), "t.txt"),
    "many sections": lambda n: ("".join(f"###S,{_code(at)}," for at in range(n // 8)), "t.txt"),
    "tags of a list": lambda n: (
        f"name = 'a'\ndescription = 'b'\n[[stock]]\nsymbol = 'NVDA'\nname = 'x'\ntags = {[f't{i}' for i in range(n)]}",
        "t.toml",
    ),
}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("symbols:\n" + "  - NVDA\n" * 300, 249),
        ("watchlist: [" + "NVDA," * 300 + "NVDA]\n", 1),
        ("lots:\n" + "  - symbol: NVDA\n    quantity: 1\n" * 60, 100),
    ],
    ids=["lines", "one line", "lots"],
)
def test_a_file_of_too_many_entries_says_the_limit_and_what_to_do(
    text: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_configs, "_MOST_NODES", 250)
    with pytest.raises(FileError) as raised:
        read(text, "big.yaml")
    [problem] = raised.value.problems
    assert (problem.path.name, problem.line) == ("big.yaml", line)
    assert problem.what == (
        "more than 250 entries, the most that are read of one file; nothing is imported: "
        "split the file and import each part"
    )


def _seconds(text: str, file: str) -> float:
    start = time.process_time()
    read(text, file)
    return time.process_time() - start


@pytest.mark.parametrize("made", FILES.values(), ids=list(FILES))
def test_the_time_grows_as_the_file_does(made: Callable[[int], tuple[str, str]]) -> None:
    """Eight times the size: about 8 times the time where it grows with the size, about 64 where with its square."""
    size = 500
    short, long = (min(_seconds(*made(many)) for _ in range(2)) for many in (size, 8 * size))
    assert long < 24 * short + 0.1
