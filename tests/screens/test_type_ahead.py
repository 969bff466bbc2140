"""Keys that come in one read: each acts where the ones before it have led, and never on what lies behind."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen
from textual.widgets import Input

import aiwatch.screens
from aiwatch.app import AiwatchApp
from aiwatch.screens import external_editor
from aiwatch.screens.base import BaseScreen
from aiwatch.screens.comparison.screen import CompareScreen
from aiwatch.screens.dashboard import actions, history_actions
from aiwatch.screens.dashboard.palette import Palette
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.dialogs.add_stock import AddDialog
from aiwatch.screens.dialogs.alert_log import AlertLog
from aiwatch.screens.dialogs.alert_rules import AlertDialog
from aiwatch.screens.dialogs.columns import ColumnPicker
from aiwatch.screens.dialogs.find import FindDialog
from aiwatch.screens.dialogs.help import HelpScreen
from aiwatch.screens.dialogs.lists import ConfirmDialog, ListPicker, NameDialog
from aiwatch.screens.dialogs.sort import SortMenu
from aiwatch.screens.dialogs.sources import HealthScreen
from aiwatch.screens.filings.screen import FilingsScreen
from aiwatch.screens.input_gate import InputGate
from aiwatch.screens.stealth import StealthScreen
from tests.screens.bursts import burst, click_at, events_of, handled
from tests.screens.comparison.fixtures import FakeLists
from tests.screens.dashboard.test_editing import FOUR, editing, in_file, settled
from tests.screens.filings.given import FakeHosts
from tests.screens.stage import MORNING, Stage, on_stage, shown

OPENERS = {
    "a": AddDialog,
    "f": FindDialog,
    "A": AlertDialog,
    "m": ListPicker,
    "N": NameDialog,
    "R": NameDialog,
    "C": ColumnPicker,
    "O": SortMenu,
    "L": AlertLog,
    "H": HealthScreen,
    "?": HelpScreen,
    ":": Palette,
    "t": Palette,
}
"""Every key of the board that pushes a screen, and which."""


def _screens_of_the_project() -> Iterable[type[Screen[Any]]]:
    for module in pkgutil.iter_modules(aiwatch.screens.__path__):
        importlib.import_module(f"aiwatch.screens.{module.name}")
    kinds: list[type[Screen[Any]]] = [Screen]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return {kind for kind in kinds if kind.__module__.startswith("aiwatch.")}


def test_every_screen_has_the_base_that_is_left_once() -> None:
    kinds = set(_screens_of_the_project())
    assert {DashboardScreen, StealthScreen, *OPENERS.values(), ConfirmDialog} <= kinds
    for kind in kinds:
        assert issubclass(kind, BaseScreen)
        assert kind.dismiss is BaseScreen.dismiss, f"{kind.__name__} is left in its own way"


def field(stage: Stage) -> str:
    """What stands in the box that is typed into."""
    assert isinstance(stage.app.focused, Input)
    return stage.app.focused.value


async def test_no_key_behind_an_opener_acts_on_the_board(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        for opener, kind in OPENERS.items():
            for behind in ("dd", "zKJd"):
                await burst(stage, opener, behind)
                assert type(stage.app.screen) is kind, (opener, behind)
                await burst(stage, "escape", "escape")
                assert isinstance(stage.app.screen, DashboardScreen), (opener, behind)
            await settled(stage)
            assert shown(stage) == in_file(tmp_path) == FOUR, opener


@pytest.mark.parametrize(("opener", "kind"), [("F", FilingsScreen), ("I", CompareScreen)])
async def test_nor_does_one_behind_what_opens_a_screen_of_its_own(
    tmp_path: Path, opener: str, kind: type[Screen[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they need is imported beside the event loop meanwhile, which takes a while."""
    hosts, is_imported = FakeHosts(tmp_path / "filings", lambda: MORNING), Event()

    def after(work: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: is_imported.wait(10) and work(*arguments)

    monkeypatch.setattr(actions, "import_module", after(importlib.import_module))
    monkeypatch.setattr(history_actions, "_imported", after(history_actions._imported))
    async with editing(tmp_path, filings=hosts.open, list_history=FakeLists()) as stage:
        asyncio.get_running_loop().call_later(0.3, is_imported.set)
        await burst(stage, opener, "dd")
        await stage.until(lambda: type(stage.app.screen) is kind)
        assert type(stage.app.screen) is kind
        await burst(stage, "escape")
        await settled(stage)
        assert shown(stage) == in_file(tmp_path) == FOUR


@pytest.mark.parametrize(
    "keys",
    [
        ("enter", "enter", "enter"),
        ("escape", "escape"),
        ("down", "enter", "escape", "enter"),
        pytest.param(("enter", "enter"), marks=pytest.mark.long),
        pytest.param(("enter", "escape"), marks=pytest.mark.long),
        pytest.param(("escape", "enter"), marks=pytest.mark.long),
    ],
    ids=" ".join,
)
async def test_closing_twice_in_one_read_leaves_a_screen(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with editing(tmp_path) as stage:
        for opener in OPENERS:
            await burst(stage, "1", opener, *keys)
            await to_the_board(stage)


async def to_the_board(stage: Stage) -> None:
    """Close what lies over the dashboard; the app is still there."""
    for _ in range(3):
        if not isinstance(stage.app.screen, DashboardScreen):
            await burst(stage, "escape")
    assert isinstance(stage.app.screen, DashboardScreen)
    assert not stage.app._exit


@pytest.mark.parametrize("opener", ["L", "H", "?", "C", "O"])
async def test_a_key_that_closes_and_leaves_does_both_in_turn(opener: str) -> None:
    async with on_stage((80, 24)) as stage:
        await burst(stage, opener, "q")
        await to_the_board(stage)
        await burst(stage, opener, "qq")
        assert stage.app._exit
        assert stage.app.return_code in (0, None)


async def test_of_two_openers_the_first_opens(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        for first, second in zip(OPENERS, "afC?:aC?:aC?:", strict=True):
            await burst(stage, first, second)
            assert first == second or isinstance(stage.app.screen, OPENERS[first])
            await to_the_board(stage)
        assert in_file(tmp_path) == FOUR


async def test_text_after_the_slash_is_in_the_filter() -> None:
    async with on_stage() as stage:
        for panel in "1234":
            await burst(stage, panel, "/", "env d")
            assert field(stage) == "env d", panel
            await burst(stage, "escape", "1", "w", "/", "nv")
            assert field(stage) == "nv", panel
            await burst(stage, "escape")


async def test_after_a_filter_is_kept_keys_are_the_boards(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "/", "amd", "enter", "d")
        await settled(stage)
        assert in_file(tmp_path) == FOUR[:3]


async def test_text_after_the_colon_is_searched_and_run() -> None:
    async with on_stage() as stage:
        await burst(stage, ":", "view: names", "enter")
        assert isinstance(stage.app.screen, DashboardScreen)
        assert stage.dashboard.lists.language == "chinese"
        await burst(stage, ":", "view: names", "enter", "enter", "2")
        assert stage.dashboard.lists.language == "english"
        assert stage.dashboard.panels.front == 2


async def test_a_whole_conversation_in_one_read(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "a", "MSFT", "down", "enter", "j", "d")
        await settled(stage)
        assert in_file(tmp_path) == ["600406.SS", "MSFT", "NVDA", "AMD"], "the key waits for what was added before it"
        await burst(stage, "N", "Other", "enter", "a", "TSLA", "down", "enter")
        await settled(stage)
        assert in_file(tmp_path, "own/other") == ["TSLA"]


async def test_two_removals_in_one_read_remove_two_stocks(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "dd")
        await settled(stage)
        assert shown(stage) == in_file(tmp_path) == FOUR[2:]
        await burst(stage, "zz")
        await settled(stage)
        assert in_file(tmp_path) == FOUR


async def test_keys_before_the_first_paint_wait_for_it(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        stage.dashboard.is_painted = False
        for key in "j?":
            stage.app.simulate_key({"?": "question_mark"}.get(key, key))
        await stage.pilot.pause(0.05)
        assert isinstance(stage.app.screen, DashboardScreen)
        assert stage.current == FOUR[0]
        stage.dashboard.is_painted = True
        await handled(stage)
        assert isinstance(stage.app.screen, HelpScreen)
        assert stage.current == FOUR[1]


async def test_what_is_typed_for_the_editor_never_acts_on_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, may_end = asyncio.Event(), asyncio.Event()

    async def run(_command: list[str]) -> int:
        runs.set()
        await may_end.wait()
        return 0

    monkeypatch.setattr(external_editor, "_run", run)
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    monkeypatch.setattr(HeadlessDriver, "suspend_application_mode", lambda _: None)
    monkeypatch.setattr(HeadlessDriver, "resume_application_mode", lambda _: None)
    async with editing(tmp_path, variables={"EDITOR": "nano"}) as stage:
        for key in "edd":
            stage.app.simulate_key(key)
        await asyncio.wait_for(runs.wait(), 20)
        stage.app.simulate_key("d")
        may_end.set()
        await settled(stage, "editor")
        await handled(stage)
        await settled(stage)
        assert in_file(tmp_path) == FOUR
        await burst(stage, "d")
        await settled(stage)
        assert in_file(tmp_path) == FOUR[1:]


async def test_an_editor_that_is_refused_does_not_hand_its_keys_on(tmp_path: Path) -> None:
    async with editing(tmp_path, variables={"EDITOR": "'nano"}) as stage:
        await burst(stage, "e", "dd")
        await settled(stage)
        assert in_file(tmp_path) == FOUR


async def test_a_click_behind_an_opener_does_not_reach_the_board(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        region = stage.dashboard.lists.board.region
        for keys in ((), ("?",)):
            for event in (*events_of(*keys), *click_at(region.x + 3, region.y + 3 + len(keys))):
                stage.app.post_message(event)
            await handled(stage)
            assert stage.current == FOUR[2]
        assert isinstance(stage.app.screen, HelpScreen)


async def test_list_keys_stand_an_empty_list(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "C")
        picker = stage.app.screen
        assert isinstance(picker, ColumnPicker)
        picker.box.rows.clear_options()
        picker.action_tick()
        picker.action_shift(1)
        await burst(stage, "escape", "O")
        menu = stage.app.screen
        assert isinstance(menu, SortMenu)
        menu.box.rows.clear_options()
        menu.action_place(1)
        menu.action_turn()
        menu.action_take_out()


# What is pasted


async def test_the_filter_joins_pasted_lines(tmp_path: Path) -> None:
    async with on_stage() as stage:
        for panel in "12":
            await burst(stage, panel, "/", "paste:env\n  icool\r\n\r\nx")
            assert field(stage) == "env icool x"
            await burst(stage, "enter")


async def test_no_box_drops_a_pasted_line(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        for opener in "NRA:t":
            await burst(stage, opener)
            assert type(stage.app.screen) is OPENERS[opener]
            if isinstance(stage.app.focused, Input):
                stage.app.focused.value = ""
            await burst(stage, "paste:one\ntwo\n", "paste:\n")
            assert field(stage) == "one two", opener
            await to_the_board(stage)


async def test_add_takes_every_pasted_symbol(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        for text, added in (
            ("TSLA\nGOOG\n0700.HK\n", ["TSLA", "GOOG", "0700.HK"]),
            ("TSLA, GOOG", ["TSLA", "GOOG"]),
            ("TSLA GOOG\tMSFT", ["TSLA", "GOOG", "MSFT"]),
            ("TSLA\r\nNVDA\r\nTSLA", ["TSLA"]),
            ("\ufeffTSLA\r\nHSTECH\r\n", ["TSLA", "^HSTECH"]),
        ):
            assert stage.current == FOUR[0], text
            await burst(stage, "a", f"paste:{text}", "enter")
            await settled(stage)
            assert in_file(tmp_path) == [FOUR[0], *added, *FOUR[1:]], text
            await burst(stage, "z")
            await settled(stage)
            assert in_file(tmp_path) == FOUR, f"one edit, undone at once: {text}"
            await burst(stage, "g")


async def test_add_says_what_of_a_paste_it_does_not_know(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "a", "paste:TSLA\n!?\n", "enter")
        assert isinstance(stage.app.screen, AddDialog)
        assert "Not known, or more than one: !?" in stage.text()
        assert in_file(tmp_path) == FOUR


async def test_a_paste_on_the_board_does_nothing(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await burst(stage, "paste:dddd\nd")
        await settled(stage)
        assert in_file(tmp_path) == FOUR


# The palette


async def test_the_palette_finds_by_what_a_command_does() -> None:
    found = {"delete": "edit: remove", "clipboard": "row: copy", "boss": "view: hide", "ask the": "feed: refresh"}
    async with on_stage() as stage:
        for words, title in found.items():
            await burst(stage, ":", words, "down")
            assert title in stage.text(), words
            await to_the_board(stage)
            assert title not in stage.text()


async def test_the_palette_opens_nothing_that_escape_does_not_close() -> None:
    async with on_stage() as stage:
        titles = {command.title for command in stage.app.get_system_commands(stage.app.screen)}
        assert not {"Keys", "Maximize", "Minimize", "Quit", "Theme"} & titles
        for opener in ("ctrl+p", "t"):
            await burst(stage, opener)
            assert isinstance(stage.app.screen, CommandPalette)
            await burst(stage, "escape")
            assert isinstance(stage.app.screen, DashboardScreen)


def test_the_app_is_the_one_whose_input_is_gated() -> None:
    assert "on_event" in vars(AiwatchApp)


def test_a_key_that_was_let_in_is_dropped_when_the_app_has_closed_since() -> None:
    gate, key = InputGate(App[None]()), events.Key("j", "j")
    gate._admitted = key
    assert not gate.admits(key)
