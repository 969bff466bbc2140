"""Keys that a person moved: what the settings may say, which action wins, and that the screen follows."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import aiwatch.screens
import aiwatch.widgets
from aiwatch.config.keymap import PRESETS, KeySettings, OwnKeys
from aiwatch.config.loader import load_settings
from aiwatch.errors import FileError
from aiwatch.screens.dialogs.dialog_keys import DIALOGS, bindings_in, dialog_rows
from aiwatch.screens.dialogs.help import HelpScreen
from aiwatch.screens.keys.bindings import BOARD_KEYS, LEDGER_KEYS, footer_order
from aiwatch.screens.keys.keymap import ACTIONS, DIALOG, EVERYWHERE, KEY_RULES, PRESET_KEYS, keyboard_of
from tests.screens.stage import on_stage

FILE = Path("config.toml")


def own(**keys: str) -> KeySettings:
    """Settings of one line each: ``board_sort="o"`` is in line 1."""
    entries = enumerate(keys.items(), 1)
    made = [
        OwnKeys(name.replace("_", ".", 1), tuple(filter(None, k.split(","))), FILE, at) for at, (name, k) in entries
    ]
    return KeySettings(own=tuple(made))


def read(tmp_path: Path, text: str) -> KeySettings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, key_rules=KEY_RULES).keys


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        read(tmp_path, text)
    return [f"{problem.line}: {problem.what}" for problem in caught.value.problems]


# What the settings may say


@pytest.mark.parametrize(
    "text",
    [
        '[keys]\n"board.sort" = "o,f6"',
        '[keys]\nboard.sort = "o,f6"',
        '[keys]\n"board.sort" = ["o", "f6"]',
        '[keys.board]\nsort = ["o,f6"]',
    ],
)
def test_an_action_is_given_keys_in_every_form_of_toml(tmp_path: Path, text: str) -> None:
    (entry,) = read(tmp_path, text).own
    assert (entry.id, entry.keys, entry.line) == ("board.sort", ("o", "f6"), 2)


def test_keys_have_one_name_each(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, '[keys]\n"board.sort" = ["?", "question_mark", "/", "slash", ",", "+"]').own
    assert entry.keys == ("question_mark", "slash", "comma", "plus")


@pytest.mark.parametrize("nothing", ['""', "[]"])
def test_an_action_may_have_no_key(tmp_path: Path, nothing: str) -> None:
    keyboard = keyboard_of(read(tmp_path, f'[keys]\n"board.sort" = {nothing}'))
    assert keyboard.keys["board.sort"] == ()
    assert keyboard.shown("board.sort") == "–"
    assert keyboard.problems == ()


def test_everything_wrong_is_told_at_once_with_its_line_and_the_nearest_right_word(tmp_path: Path) -> None:
    text = """\
colour = "auto"
[keys]
preset = "emacs"
"board.sorrt" = "o"
"board.sort" = "pgdn"
"view.names" = "ctrl+i"
"view.theme" = "shift+t"
"feed.pause" = "ctrl+q"
"feed.refresh" = 5
board = { revers = "R" }
"""
    assert problems(tmp_path, text) == [
        "1: unknown key 'colour', did you mean 'colours'?",
        "3: 'preset' is 'emacs', but must be one of 'both', 'plain', 'vim'",
        "4: unknown action 'board.sorrt', did you mean 'board.sort'?",
        "5: 'board.sort': unknown key 'pgdn', did you mean 'pagedown'?",
        "6: 'view.names': 'ctrl+i' is a key that terminals send as 'tab': write that",
        "7: 'view.theme': 'shift+t' is sent by terminals as 'T': write that",
        "8: 'feed.pause': 'ctrl+q' always leaves aiwatch and cannot do anything else",
        "9: 'feed.refresh' must be keys in quotes, such as 's' or 's,f5', not 5",
        "10: unknown action 'board.revers', did you mean 'board.reverse'?",
    ]


def test_a_command_without_a_screen_looks_at_no_action(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[keys]\n"board.absent" = "o"', encoding="utf-8")
    assert load_settings(path).keys.own[0].id == "board.absent"


# Which action has a key


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_one_key_to_two_actions_of_a_panel(preset: str) -> None:
    assert set(PRESET_KEYS) == set(PRESETS)
    keys = keyboard_of(KeySettings(preset)).keys
    for place in (*EVERYWHERE, DIALOG):
        held = [key for name, action in ACTIONS.items() if place in action.places for key in keys[name]]
        assert len(held) == len(set(held)), f"twice in {place}: {sorted(key for key in held if held.count(key) > 1)}"


def test_the_presets_are_what_they_are_called() -> None:
    plain, vim, both = (keyboard_of(KeySettings(preset)).keys for preset in ("plain", "vim", "both"))
    moving = [name for name in ACTIONS if name.startswith("cursor.")]
    assert not [key for name in moving for key in plain[name] if len(key) == 1 or key.startswith("ctrl+")]
    assert {"up", "down", "pageup", "pagedown", "home", "end"} <= {key for name in moving for key in plain[name]}
    assert {"h", "j", "k", "l", "g", "G", "ctrl+d", "ctrl+u"} <= {key for name in moving for key in vim[name]}
    assert not [key for keys in vim.values() for key in keys if key.startswith("f") and len(key) > 1]
    for name in moving:
        assert {*plain[name], *vim[name]} == set(both[name])


def test_ones_own_key_wins_and_the_one_that_lost_it_is_told() -> None:
    keyboard = keyboard_of(own(view_theme="s"))
    assert keyboard.keys["view.theme"] == ("s",)
    assert keyboard.keys["board.sort"] == ()
    assert [str(problem) for problem in keyboard.problems] == [
        "config.toml:1: s now is the key of 'view.theme'; 'board.sort' has no key left"
    ]
    (problem,) = keyboard_of(own(view_theme="r")).problems
    assert problem.what == "r now is the key of 'view.theme'; 'feed.refresh' has F5 left"


def test_of_two_own_keys_the_first_in_the_file_wins() -> None:
    keyboard = keyboard_of(own(view_theme="f6", view_names="f6,f7"))
    assert (keyboard.keys["view.theme"], keyboard.keys["view.names"]) == (("f6",), ("f7",))
    assert [str(problem) for problem in keyboard.problems] == [
        "config.toml:2: F6 is the key of 'view.theme' in line 1; 'view.names' has F7 left"
    ]


def test_keys_that_change_places_are_no_conflict() -> None:
    keyboard = keyboard_of(own(view_theme="n", view_names="t"))
    assert keyboard.problems == ()
    assert (keyboard.keys["view.theme"], keyboard.keys["view.names"]) == (("n",), ("t",))


def test_a_key_of_one_panel_is_no_conflict_with_that_of_another() -> None:
    assert ACTIONS["ledger.map"].places == {2, 4}
    assert keyboard_of(own(dialog_close="m,escape")).problems == ()
    assert keyboard_of(own(ledger_map="n")).problems != ()


def test_a_key_that_moves_can_be_taken_too() -> None:
    keyboard = keyboard_of(own(view_names="j"))
    assert keyboard.keys["cursor.down"] == ("down",)
    assert "'cursor.down' has ↓ left" in keyboard.problems[0].what


def test_textual_is_told_nothing_where_nothing_is_moved() -> None:
    assert keyboard_of(KeySettings()).keymap == {}


def test_textual_is_told_of_all_that_share_a_moved_key() -> None:
    assert keyboard_of(own(view_theme="n", view_names="")).keymap == {"view.theme": "n", "view.names": "<ignore>"}
    assert {"view.theme", "board.sort"} <= set(keyboard_of(own(view_theme="s")).keymap)


def test_a_key_of_two_panels_stays_with_the_one_that_was_not_moved() -> None:
    assert keyboard_of(own(ledger_map="f6")).keymap == {"edit.move": "m", "ledger.map": "f6"}
    assert keyboard_of(own(edit_mark="m", edit_move="")).keymap == {
        "edit.move": "<ignore>",
        "edit.mark": "m",
        "ledger.map": "m",
    }


def test_every_binding_with_an_id_can_be_moved_or_is_a_dialogs_own() -> None:
    for package in (aiwatch.screens, aiwatch.widgets):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    seen = {
        str(binding.id)
        for kind in _below(DOMNode)
        if kind.__module__.startswith("aiwatch.")
        for binding in kind.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id
    }
    of_dialogs = {str(binding.id) for name in DIALOGS for binding in bindings_in(name)}
    assert seen == {*ACTIONS, *of_dialogs}
    assert not of_dialogs & set(ACTIONS)


def _below(kind: type) -> set[type]:
    children: list[type] = kind.__subclasses__()
    return {kind, *(deeper for child in children for deeper in _below(child))}


# The screen


async def test_a_moved_key_does_its_action_and_the_old_one_nothing() -> None:
    async with on_stage(keys=own(view_names="f6,f7")) as stage:
        await stage.press("n")
        assert stage.dashboard.board_panel.language == "english"
        for key, language in (("f6", "chinese"), ("f7", "english")):
            await stage.press(key)
            assert stage.dashboard.board_panel.language == language


async def test_a_swap_of_keys_works_both_ways() -> None:
    async with on_stage(keys=own(view_names="s", board_sort="n")) as stage:
        await stage.press("s")
        assert stage.dashboard.board_panel.language == "chinese"
        assert stage.dashboard.board_panel.board.sort_key == ""
        await stage.press("n")
        assert stage.dashboard.board_panel.board.sort_key == "change_percent"


async def test_a_key_of_the_board_works_when_that_of_the_ledger_was_moved() -> None:
    async with on_stage(keys=own(ledger_map="f6", edit_mark="m", edit_move="")) as stage:
        await stage.press("m")
        assert len(stage.dashboard.board_panel.board.picked) == 1
        await stage.press("2", "m")
        assert not stage.dashboard.ledger_panel.asked.mapped
        await stage.press("f6")
        assert stage.dashboard.ledger_panel.asked.mapped
    async with on_stage(keys=own(edit_mark="m", edit_move="")) as stage:
        await stage.press("m", "2", "m")
        assert len(stage.dashboard.board_panel.board.picked) == 1
        assert stage.dashboard.ledger_panel.asked.mapped


async def test_the_keys_that_move_can_be_moved_in_every_panel() -> None:
    keys = own(cursor_down="ctrl+n", cursor_up="ctrl+k", cursor_open="enter,f9", cursor_right="f8")
    async with on_stage((160, 45), keys=keys) as stage:
        await stage.press("j")
        assert stage.current == "603757.SS"
        await stage.press("ctrl+n")
        assert stage.current == "002837.SZ"
        await stage.press("ctrl+k", "2")
        first = stage.dashboard.commitments.highlighted
        await stage.press("j", "down")
        assert stage.dashboard.commitments.highlighted == first
        await stage.press("ctrl+n")
        assert stage.dashboard.commitments.highlighted == (first or 0) + 1
        await stage.press("f8")
        assert stage.dashboard.ledger_panel.view == "pledges"
        await stage.press("f9")
        assert stage.dashboard.front == 4


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
        board = stage.dashboard.board_panel.board
        await stage.press("ctrl+d")
        half = (board.size.height - 1) // 2
        assert half > 1
        assert stage.current == str(board.shown[min(half, len(board.shown) - 1)].symbol)
        await stage.press("ctrl+u")
        assert stage.current == str(board.shown[0].symbol)
        await stage.press("2", "ctrl+d")
        rows = stage.dashboard.commitments
        first = next(at for at in range(rows.option_count) if rows.row_at(at).key)
        assert (rows.highlighted or 0) > first + 1
        await stage.press("ctrl+u")
        assert rows.highlighted == first
        await stage.press("j", "j", "4", "ctrl+d")
        await stage.until(lambda: stage.dashboard.record.scroll_y > 1)


async def test_a_conflict_is_said_on_the_screen() -> None:
    async with on_stage((160, 45), keys=own(view_theme="s")) as stage:
        assert "config.toml:1: s now is the key of 'view.theme'; 'board.sort' has no key left" in stage.text()
        await stage.press("s")
        assert stage.dashboard.board_panel.board.sort_key == ""


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
        told = {command.title: command.help for command in stage.app.get_system_commands(stage.app.screen)}
        assert told["board: sort"] == "Sort by the next column"
        await stage.press("f1")
        assert "–               Sort by the next column  board.sort" in stage.text("#help")


async def test_help_and_bottom_row_show_the_keys_as_they_are() -> None:
    async with on_stage((300, 160), keys=own(view_names="f6", app_help="f2", dialog_close="f4")) as stage:
        assert "F6 names" in stage.lines()[-1]
        assert "F2 help" in stage.lines()[-1]
        await stage.press("f2")
        text = stage.text("#help")
        assert "F6              English or Chinese names  view.names" in text
        assert "F4 closes" in text
        await stage.press("f2")
        assert stage.app.screen is stage.dashboard, "the key that opens it closes it"
        await stage.press("f2", "f4")
        assert stage.app.screen is stage.dashboard


async def test_the_help_tells_the_keys_of_every_dialog() -> None:
    async with on_stage((110, 160)) as stage:
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


@pytest.mark.parametrize("panel", sorted(EVERYWHERE))
def test_the_order_of_the_bottom_row_has_every_key_of_the_dashboard(panel: int) -> None:
    order = footer_order(panel)
    assert len(order) == len(set(order))
    assert {str(binding.id) for binding in (*BOARD_KEYS, *LEDGER_KEYS)} < set(order)
    assert order[-2:] == ("app.help", "app.quit")
