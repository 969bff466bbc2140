"""Keys that a person moved: what the settings may say, which action wins, and that the screen follows."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import ClassVar

import pytest
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.widget import Widget

import aiwatch.screens
import aiwatch.widgets
from aiwatch.app import ACTIONS, KEY_RULES, keyboard_of
from aiwatch.config.loader import load_settings
from aiwatch.config.settings import PRESETS, KeySettings, OwnKeys
from aiwatch.errors import FileError
from aiwatch.screens.keys.dialogs import DIALOGS, bindings_in
from aiwatch.screens.keys.keyboard import DIALOG, PANELS, PRESET_KEYS, collected
from aiwatch.session.layout import Panel

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


# Which actions there are


class _Rows(Widget):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "down", "down", id="cursor.down", tooltip="A row down"),
        Binding("a", "own", "own", id="rows.own", tooltip="Of these rows"),
        Binding("b", "nameless", "has no id"),
    ]


class _Frame(Widget):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f10", "leave", "Leave", id="frame.leave", tooltip="Leave")]


@pytest.fixture(name="_ours")
def _as_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (_Rows, _Frame):
        monkeypatch.setattr(kind, "__module__", "aiwatch.widgets.x")


@pytest.mark.usefixtures("_ours")
def test_actions_are_collected_from_the_classes_on_the_way() -> None:
    actions = collected({Panel.STOCK: (_Frame,), Panel.BOARD: (_Rows, _Frame)})
    assert list(actions) == ["cursor.down", "rows.own", "frame.leave"], "moves, then what one panel has, then the rest"
    assert {name: action.places for name, action in actions.items()} == {
        "cursor.down": {Panel.BOARD},
        "rows.own": {Panel.BOARD},
        "frame.leave": {Panel.BOARD, Panel.STOCK},
    }
    leave = actions["frame.leave"]
    assert (leave.keys, leave.command, leave.owner, leave.area) == (("q", "f10"), "leave", _Frame, "frame")


def test_a_hint_has_the_present_keys_and_nothing_where_there_is_none() -> None:
    keyboard = keyboard_of(own(edit_undo="f6,f7", edit_add=""))
    assert keyboard.hint("edit.undo", "undoes") == ": F6 F7 undoes"
    assert keyboard.hint("edit.undo", "undoes", " · ") == " · F6 F7 undoes"
    assert keyboard.hint("edit.add", "adds one") == ""


# Which action has a key


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_one_key_to_two_actions_of_a_panel(preset: str) -> None:
    assert set(PRESET_KEYS) == set(PRESETS)
    keys = keyboard_of(KeySettings(preset)).keys
    for place in (*PANELS, DIALOG):
        held = [key for name, action in ACTIONS.items() if place in action.places for key in keys[name]]
        assert len(held) == len(set(held)), f"twice in {place}: {sorted(key for key in held if held.count(key) > 1)}"


def test_the_presets_are_what_they_are_called() -> None:
    plain, vim, both = (keyboard_of(KeySettings(preset)).keys for preset in ("plain", "vim", "both"))
    moving = [name for name in ACTIONS if name.startswith("cursor.")]
    assert not [key for name in moving for key in plain[name] if len(key) == 1 or key.startswith("ctrl+")]
    assert {"up", "down", "pageup", "pagedown", "home", "end"} <= {key for name in moving for key in plain[name]}
    assert {"h", "j", "k", "l", "g", "G", "ctrl+d", "ctrl+u"} <= {key for name in moving for key in vim[name]}
    assert not [key for keys in vim.values() for key in keys if key.startswith("f") and key[1:].isdecimal()]
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
    assert ACTIONS["ledger.map"].places == {Panel.COMMITMENTS, Panel.RECORD}
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
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    seen = {
        str(binding.id)
        for kind in _below(DOMNode)
        if kind.__module__.startswith("aiwatch.")
        for binding in kind.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id
    }
    of_dialogs = {str(binding.id) for name in DIALOGS for binding in bindings_in(name)}
    of_dialogs.discard("dialog.close")
    assert seen == {*ACTIONS, *of_dialogs}
    assert not of_dialogs & set(ACTIONS)


def _below(kind: type) -> set[type]:
    children: list[type] = kind.__subclasses__()
    return {kind, *(deeper for child in children for deeper in _below(child))}
