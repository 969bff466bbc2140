"""Where the cursor is on no row, the panel beside it says that nothing is selected, why, and which key helps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.ledger.records import Ledger
from aiwatch.watchlist import ALL_LISTS, Watchlist
from tests.ledger.bundled import bundled_ledger
from tests.screens.dashboard.chart.charting import History, charting, drawn
from tests.screens.stage import Stage, lists, on_stage
from tests.widgets.ledger.test_list import Files, begun

EMPTY = (Watchlist("empty", "Nothing yet", "", (), Path("empty.toml")), *lists())
NO_MATCH = ("slash", *"xyzzy", "enter")
IN_TIME = datetime(2025, 8, 20, tzinfo=UTC)
"""When no record of the ledger is so old that it is to be verified again."""


@pytest.fixture(autouse=True)
def whole() -> Ledger:
    """The whole ledger, read before a loop runs."""
    return bundled_ledger()


def frame(stage: Stage, panel: str) -> str:
    """What stands on the frame of ``panel``."""
    return str(getattr(stage.dashboard.panels, panel).border_title)


@pytest.mark.parametrize(
    ("start", "keys", "says"),
    [
        ("empty", (), "No stock selected, the list has none: a adds one"),
        ("cooling", NO_MATCH, "No stock selected, none matches the filter: Esc shows all"),
        (ALL_LISTS, NO_MATCH, "No list selected, none matches the filter: Esc shows all"),
    ],
)
async def test_no_stock_is_shown_where_none_is_selected(start: str, keys: tuple[str, ...], says: str) -> None:
    async with charting(History(), (160, 45), watchlists=EMPTY, start_list="named-in-the-articles") as stage:
        await drawn(stage)
        before = frame(stage, "stock")
        stage.dashboard.lists.chosen = start
        await stage.press(*keys)
        await stage.rest()
        assert says in stage.text("#stock-panel")
        assert frame(stage, "stock") == "3 Stock" != before
        assert stage.dashboard.panels.stock.chart is None
        await stage.press("3", "v", "y", "o", "i", "i", "escape", "escape")
        stage.dashboard.lists.chosen = "named-in-the-articles"
        await stage.press("1", "escape", "g")
        await drawn(stage)
        assert frame(stage, "stock") == before


@pytest.mark.parametrize(
    ("view", "keys", "in_list", "in_record"),
    [
        ("verify", (), "Nothing to verify", "No record selected, this view has none: v shows the next"),
        ("all", NO_MATCH, "Nothing matches “xyzzy”: Esc shows all", "none matches the filter: Esc shows all"),
        ("conflicts", NO_MATCH, "Nothing matches “xyzzy”: Esc shows all", "none matches the filter: Esc shows all"),
    ],
)
async def test_no_record_is_shown_where_none_is_selected(
    view: str, keys: tuple[str, ...], in_list: str, in_record: str
) -> None:
    async with on_stage((160, 45), whole_ledger=True, clock=lambda: IN_TIME, stale_after_days=100_000) as stage:
        await stage.press("2")
        before = frame(stage, "record")
        stage.dashboard.panels.ledger.view = view
        await stage.press(*keys)
        await stage.rest()
        assert in_list in stage.text("#commitments")
        assert in_record in " ".join(stage.text("#record-panel").split())
        assert frame(stage, "record") == "4 Record" != before
        await stage.press("4", "enter", "y", "o", "escape", "2", "escape")
        stage.dashboard.panels.ledger.view = "all"
        await stage.press("2", "j", "k")
        assert frame(stage, "record") == before


async def test_a_view_without_a_record_says_so(whole: Ledger) -> None:
    async with on_stage((160, 45), ledger_files=Files(replace(whole, claims={}))) as stage:
        await begun(stage)
        stage.dashboard.panels.ledger.view = "claims"
        await stage.rest()
        assert "Nothing in this view: v shows the next" in stage.text("#commitments")
        assert "No record selected, this view has none: v shows the next" in stage.text("#record")


@pytest.mark.parametrize(("front", "source"), [("3", "1"), ("4", "2")])
async def test_one_press_shows_all_from_the_panel_that_says_so(front: str, source: str) -> None:
    async with on_stage((160, 45), whole_ledger=True, clock=lambda: IN_TIME) as stage:
        panel = {"3": "#stock-panel", "4": "#record-panel"}[front]
        await stage.press(source)
        before = stage.text(panel).splitlines()[:-1]
        await stage.press(*NO_MATCH, front)
        await stage.rest()
        assert "Esc shows all" in " ".join(stage.text(panel).split())
        await stage.press("escape")
        await stage.rest()
        assert stage.text(panel).splitlines()[:-1] == before
        assert stage.dashboard.panels.front.value == int(front), "the panel stays in front"
        await stage.press("escape")
        assert stage.dashboard.panels.front.value == 1, "the next press goes back to the board"


@pytest.mark.parametrize(("start", "key"), [("empty", "a"), (ALL_LISTS, "N")])
async def test_the_key_that_an_empty_stock_panel_names_acts_there(start: str, key: str) -> None:
    lists_now = EMPTY if start == "empty" else ()
    async with on_stage((120, 36), watchlists=lists_now, start_list=start) as stage:
        await stage.press("3")
        assert f": {key} " in stage.text("#stock-panel")
        assert key in stage.dashboard.active_bindings
        before = len(stage.app.screen_stack)
        await stage.press(key)
        await stage.rest()
        assert len(stage.app.screen_stack) == before + 1


async def test_keys_of_the_board_stay_there_where_a_stock_is_shown() -> None:
    async with on_stage((120, 36)) as stage:
        await stage.press("3")
        assert "a" not in stage.dashboard.active_bindings
