"""The way back from a jump leads to the same rows: a filter that the jump cleared comes back, one set since goes."""

from __future__ import annotations

import pytest

from aiwatch.ledger.records import Ledger
from tests.ledger.bundled import bundled_ledger
from tests.screens.stage import Stage, on_stage, shown
from tests.widgets.ledger.test_list import Files, begun

SIZES = [(160, 45), (80, 24)]


@pytest.fixture(autouse=True)
def whole() -> Ledger:
    """The whole ledger, read before a loop runs."""
    return bundled_ledger()


def filters(stage: Stage) -> tuple[str, str]:
    """The filters of the board and of the ledger."""
    panels = stage.dashboard.panels
    return panels.board.board.filter_text, panels.ledger.asked.text


def boxes(stage: Stage) -> list[str]:
    """What stands in the boxes that are to be seen."""
    return [str(box.value) for box in stage.dashboard.query("FilterBox.-shown")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_back_brings_the_filter_of_the_board_back(size: tuple[int, int]) -> None:
    async with on_stage(size, start_list="power") as stage:
        await stage.press("slash", *"yingliu", "enter")
        rows, before = shown(stage), stage.current
        await stage.press("f", *"nvda", "enter")
        await stage.until(lambda: stage.current == "NVDA" and stage.app.screen is stage.dashboard)
        await stage.settle()
        assert (filters(stage), boxes(stage)) == (("", ""), []), "the jump showed every row"
        await stage.press("b")
        await stage.until(lambda: stage.current == before)
        assert shown(stage) == rows
        assert (filters(stage), boxes(stage)) == (("yingliu", ""), ["yingliu"])
        await stage.press("escape")
        assert len(shown(stage)) > len(rows)


async def test_back_takes_a_filter_away_that_was_set_since() -> None:
    async with on_stage((160, 45), start_list="power") as stage:
        rows, before = shown(stage), stage.current
        await stage.press("f", *"nvda", "enter")
        await stage.until(lambda: stage.current == "NVDA" and stage.app.screen is stage.dashboard)
        await stage.settle()
        await stage.press("slash", *"nvda", "enter")
        await stage.until(lambda: boxes(stage) == ["nvda"])
        await stage.press("b")
        await stage.until(lambda: stage.current == before)
        assert (shown(stage), boxes(stage)) == (rows, [])


async def test_back_brings_the_filter_of_the_ledger_back(whole: Ledger) -> None:
    async with on_stage((160, 45), ledger_files=Files(whole)) as stage:
        await begun(stage)
        panels = stage.dashboard.panels
        await stage.press("2", "slash", *"oracle", "enter", "4")
        before, count = panels.ledger.key, panels.ledger.list.option_count
        while (chosen := panels.record.detail.chosen) is not None and not chosen.key.startswith("K"):
            await stage.press("l")
        await stage.press("enter")
        assert panels.ledger.view == "conflicts"
        assert filters(stage) == ("", "")
        await stage.press("b")
        assert (panels.ledger.view, panels.ledger.key, panels.ledger.list.option_count) == ("all", before, count)
        assert (filters(stage), boxes(stage)) == (("", "oracle"), ["oracle"])
