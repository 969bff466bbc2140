"""A person's own keys on the screen: in the panels, the help, the palette and the bottom row."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.app import ACTIONS
from aiwatch.config.settings import KeySettings, OwnKeys
from aiwatch.screens.dialogs.help import HelpScreen
from aiwatch.screens.keys.dialogs import dialog_rows
from aiwatch.screens.keys.keyboard import PANELS, footer_order
from aiwatch.session.layout import Panel
from tests.screens.stage import on_stage

FILE = Path("config.toml")


def own(**keys: str) -> KeySettings:
    """Settings of one line each: ``board_sort="o"`` is in line 1."""
    entries = enumerate(keys.items(), 1)
    made = [
        OwnKeys(name.replace("_", ".", 1), tuple(filter(None, k.split(","))), FILE, at) for at, (name, k) in entries
    ]
    return KeySettings(own=tuple(made))


async def test_a_moved_key_does_its_action_and_the_old_one_nothing() -> None:
    async with on_stage(keys=own(view_names="f6,f7")) as stage:
        await stage.press("n")
        assert stage.dashboard.lists.language == "english"
        for key, language in (("f6", "chinese"), ("f7", "english")):
            await stage.press(key)
            assert stage.dashboard.lists.language == language


async def test_a_swap_of_keys_works_both_ways() -> None:
    async with on_stage(keys=own(view_names="s", board_sort="n")) as stage:
        await stage.press("s")
        assert stage.dashboard.lists.language == "chinese"
        assert stage.dashboard.lists.board.sort_key == ""
        await stage.press("n")
        assert stage.dashboard.lists.board.sort_key == "change_percent"


async def test_a_key_of_the_board_works_when_that_of_the_ledger_was_moved() -> None:
    async with on_stage(keys=own(ledger_map="f6", edit_mark="m", edit_move="")) as stage:
        await stage.press("m")
        assert len(stage.dashboard.lists.board.picked) == 1
        await stage.press("2", "m")
        assert not stage.dashboard.panels.ledger.asked.mapped
        await stage.press("f6")
        assert stage.dashboard.panels.ledger.asked.mapped
    async with on_stage(keys=own(edit_mark="m", edit_move="")) as stage:
        await stage.press("m", "2", "m")
        assert len(stage.dashboard.lists.board.picked) == 1
        assert stage.dashboard.panels.ledger.asked.mapped


async def test_the_keys_that_move_can_be_moved_in_every_panel() -> None:
    keys = own(cursor_down="ctrl+n", cursor_up="ctrl+k", cursor_open="enter,f9", cursor_right="f8")
    async with on_stage((160, 45), keys=keys) as stage:
        await stage.press("j")
        assert stage.current == "603757.SS"
        await stage.press("ctrl+n")
        assert stage.current == "002837.SZ"
        await stage.press("ctrl+k", "2")
        first = stage.dashboard.panels.ledger.list.highlighted
        await stage.press("j", "down")
        assert stage.dashboard.panels.ledger.list.highlighted == first
        await stage.press("ctrl+n")
        assert stage.dashboard.panels.ledger.list.highlighted == (first or 0) + 1
        await stage.press("f8")
        assert stage.dashboard.panels.ledger.view == "pledges"
        await stage.press("f9")
        assert stage.dashboard.panels.front == 4


@pytest.mark.parametrize(("preset", "moves"), [("both", True), ("vim", True), ("plain", False)])
async def test_a_preset_decides_whether_letters_move(preset: str, moves: bool) -> None:
    async with on_stage(keys=KeySettings(preset)) as stage:
        await stage.press("j")
        assert (stage.current == "002837.SZ") is moves
        await stage.press("home", "down")
        assert stage.current == "002837.SZ"
        await stage.press("f1")
        assert isinstance(stage.app.screen, HelpScreen) is (preset != "vim")


async def test_half_a_page_in_every_panel() -> None:
    async with on_stage((100, 24), start_list="chips") as stage:
        board = stage.dashboard.lists.board
        await stage.press("ctrl+d")
        half = (board.size.height - 1) // 2
        assert half > 1
        assert stage.current == str(board.shown[min(half, len(board.shown) - 1)].symbol)
        await stage.press("ctrl+u")
        assert stage.current == str(board.shown[0].symbol)
        await stage.press("2", "ctrl+d")
        rows = stage.dashboard.panels.ledger.list
        first = next(at for at in range(rows.option_count) if rows.row_at(at).key)
        assert (rows.highlighted or 0) > first + 1
        await stage.press("ctrl+u")
        assert rows.highlighted == first
        await stage.press("j", "j", "4", "ctrl+d")
        await stage.until(lambda: stage.dashboard.panels.record.detail.scroll_y > 1)


async def test_a_conflict_is_said_on_the_screen() -> None:
    async with on_stage((160, 45), keys=own(view_theme="s")) as stage:
        assert "config.toml:1: s now is the key of 'view.theme'; 'board.sort' has no key left" in stage.text()
        await stage.press("s")
        assert stage.dashboard.lists.board.sort_key == ""


async def test_a_text_of_links_names_the_keys_that_choose_and_open() -> None:
    async with on_stage((160, 45)) as stage:
        panel = stage.app.screen.query_one("#record-panel")
        await stage.press("4")
        assert str(panel.border_subtitle) == "← → choose · Enter opens · b back"
        await stage.press("1")
        assert not panel.border_subtitle
    async with on_stage((160, 45), keys=own(cursor_open="f9", cursor_right="f8")) as stage:
        await stage.press("4")
        assert "← F8 choose · F9 opens · b back" in stage.text("#record-panel")


async def test_an_action_without_a_key_is_in_the_palette_and_the_help_alone() -> None:
    async with on_stage((300, 160), keys=own(board_sort="", ledger_back="", cursor_left="")) as stage:
        assert "S sort" in stage.lines()[-1]
        assert "gnore" not in stage.text()
        await stage.press("4")
        assert str(stage.app.screen.query_one("#record-panel").border_subtitle) == "→ choose · Enter opens"
        values = {command.title: command.help for command in stage.app.get_system_commands(stage.app.screen)}
        assert values["board: sort"] == "Sort by the next column"
        await stage.press("f1", "f9")
        assert "–               Sort by the next column  board.sort" in stage.text("#help")


async def test_help_and_bottom_row_show_the_keys_as_they_are() -> None:
    async with on_stage((300, 160), keys=own(view_names="f6", app_help="f2", dialog_close="f4")) as stage:
        assert "F6 names" in stage.lines()[-1]
        assert "F2 help" in stage.lines()[-1]
        await stage.press("f2", "f9")
        text = stage.text("#help")
        assert "F6              English or Chinese names  view.names" in text
        assert "F4 closes" in text
        await stage.press("f2")
        assert stage.app.screen is stage.dashboard, "the key that opens it closes it"
        await stage.press("f2", "f4")
        assert stage.app.screen is stage.dashboard


async def test_the_help_tells_the_keys_of_every_dialog() -> None:
    async with on_stage((110, 240)) as stage:
        await stage.press("f1")
        flowing = " ".join(stage.text("#help").replace("│", " ").split())
        for heading, rows in dialog_rows():
            assert rows
            assert heading in flowing
            for keys, words in rows:
                assert f"{keys} {words}" in flowing


async def test_the_bottom_row_begins_with_what_matters_in_the_panel() -> None:
    async with on_stage((200, 50)) as stage:
        begins = {1: "Enter open  / filter  s S sort  [ ] list  a add", 2: "Enter open  m map  v view  c currency"}
        for panel, words in begins.items():
            await stage.press(str(panel))
            assert stage.lines()[-1].strip().startswith(words)
            assert stage.lines()[-1].strip().endswith(": palette  ? help  q quit")
        await stage.press("3")
        assert "map" not in stage.lines()[-1]


@pytest.mark.parametrize("panel", Panel)
def test_the_order_of_the_bottom_row_has_every_key_of_the_dashboard(panel: Panel) -> None:
    order = footer_order(ACTIONS, panel)
    assert len(order) == len(set(order))
    assert {action.id for action in ACTIONS.values() if action.places & PANELS and not action.is_cursor} < set(order)
    assert order[-2:] == ("app.help", "app.quit")
