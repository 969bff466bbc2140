"""What a newcomer comes for, each job by the keys that it takes; no more than a good rival asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from aiwatch.watchlist import pinyin
from tests.screens.dashboard.chart.charting import History, area, charting, drawn
from tests.screens.dashboard.test_editing import FOUR, editing, in_file
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, on_stage


async def do(stage: Stage, *keys: str, most: int) -> None:
    """Press ``keys``, which are no more than ``most``."""
    assert len(keys) <= most
    await stage.press(*keys)
    await stage.settle()


async def newcomer(stage: Stage) -> None:
    """The screen of a first day, with its prices."""
    await fill(stage)
    assert "Left: prices. Right: who pledged what" in stage.text()
    await stage.press("escape")
    assert "Left: prices. Right: who pledged what" not in stage.text()


FRESH: dict[str, Any] = {"start_list": "named-in-the-articles"}


async def test_what_moves_anywhere() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await fill(stage)
        await do(stage, "[", most=1)
        board = stage.text("#overview")
        assert "Up most" in board
        assert "Honor Electronic" in board
        assert "At their daily limit" in board


async def test_find_nvidia_from_anywhere() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await fill(stage)
        await do(stage, "2", "f", *"nvda", "enter", most=7)
        assert stage.current == "NVDA"


async def test_find_by_pinyin(monkeypatch: pytest.MonkeyPatch) -> None:
    async def learn(names: Sequence[str]) -> bool:
        monkeypatch.setitem(pinyin._learnt, "英维克", ("ywk", "yingweike"))
        return True

    async with on_stage((160, 45), learn_names=learn, **FRESH) as stage:
        await fill(stage)
        await do(stage, "f", *"ywk", "enter", most=5)
        assert stage.current == "002837.SZ"


async def test_add_by_pinyin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def learn(names: Sequence[str]) -> bool:
        assert "阿里巴巴" in names
        monkeypatch.setitem(pinyin._learnt, "阿里巴巴", ("albb", "alibaba"))
        return True

    async with editing(tmp_path, learn_names=learn) as stage:
        await do(stage, "a", *"albb", "enter", most=6)
        await stage.until(lambda: stage.current == "9988.HK")
        assert in_file(tmp_path) == [FOUR[0], "9988.HK", *FOUR[1:]]


async def test_the_chart_of_a_year() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        await do(stage, "i", "full_stop", "full_stop", most=3)
        await stage.until(lambda: "in 1Y" in stage.text("#chart"))
        assert "▸1Y" in stage.text("#chart")
        assert area(stage, "board") == 0


async def test_compare_with_the_benchmark() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        await do(stage, "equals_sign", "enter", most=2)
        await stage.until(lambda: "2 CSI 300" in stage.text("#chart"))


async def test_the_biggest_commitments() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await do(stage, "2", "s", most=2)
        rows = stage.text("#commitments").splitlines()
        assert any("trn" in row or "bn" in row for row in rows[:4])


async def test_who_pays_whom() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await do(stage, "2", "m", most=2)
        assert stage.dashboard.panels.ledger.view == "deals"
        assert "OpenAI" in stage.text("#commitments")


async def test_is_it_to_be_trusted() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await do(stage, "2", "4", most=2)
        assert "trust" in stage.text("#record")


async def test_from_a_commitment_to_its_stocks_and_back() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await fill(stage)
        await do(stage, "2", "enter", "enter", most=3)
        assert stage.dashboard.panels.front == 1
        assert stage.current == "601988.SS"


async def test_from_a_stock_to_its_commitments() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await fill(stage)
        await do(stage, "enter", "enter", most=2)
        assert stage.dashboard.panels.front == 4


async def test_how_the_sources_are() -> None:
    async with on_stage((160, 45), **FRESH) as stage:
        await fill(stage)
        await do(stage, "H", most=1)
        assert "Tencent" in stage.text()


FOUND = (
    ("chinese", "view: names"),
    ("中文", "view: names"),
    ("chart", "row: chart"),
    ("candlestick", "row: chart"),
    ("intraday", "row: chart"),
    ("1y", "chart: longer range"),
    ("benchmark", "chart: compare"),
    ("position", "board: columns"),
    ("holdings", "board: columns"),
    ("p&l", "board: columns"),
    ("换手率", "board: sort by T/O %"),
    ("nvidia", "stock: NVDA NVIDIA 英伟达"),
    ("oracle contracted", "record: "),
    ("chips", "list: go to Chips"),
    ("movers", "list: go to Lists"),
    ("limit up", "list: go to Lists"),
    ("circles", "ledger: map"),
    ("forecasts", "ledger: view Projections"),
    ("health", "feed: sources"),
    ("stealth", "view: hide"),
    ("keys", "app: help"),
)
"""What a newcomer types into the palette, and the command that is meant."""


async def test_the_palette_finds_what_is_meant() -> None:
    from aiwatch.screens.dashboard.palette import Commands

    async with on_stage((160, 45), **FRESH) as stage:
        for query, title in FOUND:
            hits = [str(hit.text) async for hit in Commands(stage.dashboard).search(query)]
            assert any(hit.startswith(title) for hit in hits), (query, hits)


async def test_the_line_of_a_first_start_goes_for_good() -> None:
    from aiwatch.session.layout import ScreenLayout

    layouts: list[ScreenLayout] = []
    async with on_stage((80, 24), layout=ScreenLayout(welcomed=False), keep_layout=layouts.append) as stage:
        await stage.press("slash", "d", "a", "y", "u", "a", "n", "escape")
        panels = stage.dashboard.panels
        assert len(panels.board.board.shown) > 1
        assert not panels.welcomed, "a filter is left first"
        await newcomer(stage)
        await asyncio.sleep(0)
        assert layouts[-1].welcomed
