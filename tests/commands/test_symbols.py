"""``aiwatch SYMBOL…``: the screen on a list that is written nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiwatch.commands import symbols as command
from aiwatch.config.settings import Flags
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.load import load_all
from aiwatch.runtime.screen import read_ledger, with_looked_up
from aiwatch.watchlist import LOOKED_UP
from tests.commands.in_process import run_here


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        (["NVDA"], ["NVDA"]),
        (["NVDA", "0700.HK", "600519", "NVDA"], ["NVDA", "0700.HK", "600519.SS"]),
        (["sz002837"], ["002837.SZ"]),
        (["^HSI"], ["^HSI"]),
    ],
)
def test_symbols_open_the_screen_on_them(
    home: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str], opened: list[str]
) -> None:
    words: list[Any] = []
    monkeypatch.setattr(command, "open_screen", lambda flags, symbols: words.append(symbols))
    assert run_here("--names", "chinese", *typed).status == 0
    assert [symbol.text for symbol in words[0]] == opened


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["quots"], "No such command 'quots', did you mean 'quotes'?"),
        (["NVDA", "600519.XX"], "600519.XX"),
    ],
)
def test_what_is_neither_is_refused_with_the_nearest(home: Path, typed: list[str], said: str) -> None:
    ended = run_here(*typed)
    assert ended.status != 0
    assert said in ended.stderr.decode()


def test_the_list_is_in_front_with_the_names_that_are_known(home: Path) -> None:
    read = load_all(Flags())
    symbols = [parse_symbol(text) for text in ("002837.SZ", "ZZZZ")]
    shown = with_looked_up(read, read_ledger(read), symbols)
    assert [(stock.symbol.text, stock.name) for stock in shown.looked_up] == [
        ("002837.SZ", "Envicool"),
        ("ZZZZ", "ZZZZ"),
    ]
    assert shown.settings.start_list == LOOKED_UP
    assert "start_list" in shown.settings.given, "whatever list the last run was left on"
    assert with_looked_up(read, read_ledger(read), ()) is read
