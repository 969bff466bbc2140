"""The dashboard is made of parts: small classes, one owner for each action, effects in an order that can be read."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

import aiwatch.screens
import aiwatch.session
import aiwatch.widgets
from aiwatch.app import ACTIONS, WAYS
from aiwatch.config.settings import KeySettings, OwnKeys
from aiwatch.feed.feed import Feed
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.base import BaseScreen
from aiwatch.screens.dashboard.alert_actions import AlertActions
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.keys.keyboard import DIALOG
from aiwatch.session.layout import Panel
from aiwatch.session.lists import DeletedFile, ListChange
from aiwatch.widgets.board.panel import BoardPanel
from aiwatch.widgets.status_line import NoticeLine
from tests.screens.stage import Stage, on_stage
from tests.source_trees import nodes_of, tree_of

LONGEST_REACH, MOST_METHODS = 350, 45


def classes_of(*packages: object) -> Iterator[type]:
    """Every class that the modules of ``packages`` define."""
    for package in packages:
        name, path = package.__name__, package.__path__  # type: ignore[attr-defined]
        for match in pkgutil.walk_packages(path, f"{name}."):
            module = importlib.import_module(match.name)
            for kind in vars(module).values():
                if isinstance(kind, type) and kind.__module__ == module.__name__:
                    yield kind


def own_bases(kind: type) -> list[type]:
    """``kind`` and those of its bases that are the project's."""
    return [base for base in kind.__mro__ if base.__module__.startswith("aiwatch.")]


# Classes


def test_no_class_of_the_screens_or_the_session_reaches_far() -> None:
    kinds = list(classes_of(aiwatch.screens, aiwatch.session))
    assert DashboardScreen in kinds
    far = {}
    for kind in kinds:
        bases = own_bases(kind)
        lines = sum(len(inspect.getsource(base).splitlines()) for base in bases)
        methods = sum(
            inspect.isroutine(value) or isinstance(value, property)
            for base in own_bases(kind)
            for value in vars(base).values()
        )
        if lines > LONGEST_REACH or methods > MOST_METHODS:
            far[kind.__qualname__] = (lines, methods)
    assert far == {}


def test_the_dashboard_is_no_part_of_a_part() -> None:
    assert own_bases(DashboardScreen) == [DashboardScreen, BaseScreen]


def test_the_panels_are_no_part_of_one_another() -> None:
    for kind in classes_of(aiwatch.widgets):
        if kind.__name__.endswith(("Panel", "Column", "View")) and issubclass(kind, DOMNode):
            assert own_bases(kind) == [kind]


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((Path(aiwatch.screens.__path__[0]).parent / folder).rglob("*.py")):
            yield path, tree_of(path)


def test_no_method_waits_for_a_subclass_to_write_it() -> None:
    stubs = [
        f"{path.name}:{node.lineno}"
        for path, tree in sources("screens", "session")
        for node in nodes_of(tree)
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert stubs == []


# Actions


def test_each_action_is_declared_by_one_class() -> None:
    declared: dict[str, list[str]] = {}
    for kind in classes_of(aiwatch.screens, aiwatch.widgets):
        for binding in vars(kind).get("BINDINGS", ()):
            name = str(binding.id) if isinstance(binding, Binding) else ""
            if name in ACTIONS and not ACTIONS[name].is_cursor:
                declared.setdefault(name, []).append(kind.__qualname__)
    assert {name: kinds for name, kinds in declared.items() if len(kinds) > 1} == {}
    assert declared.keys() == {name for name, action in ACTIONS.items() if not action.is_cursor}


def test_each_action_is_done_by_the_class_that_declares_it() -> None:
    for action in ACTIONS.values():
        namespace, _, name = action.command.partition("(")[0].rpartition(".")
        owner = App if namespace == "app" else action.owner
        if name != "stealth":
            assert callable(getattr(owner, f"action_{name}")), action.id


async def test_a_key_goes_the_way_that_is_written_down() -> None:
    async with on_stage() as stage:
        for panel in Panel:
            stage.dashboard.panels.go_to(panel)
            await stage.pilot.pause()
            assert stage.app.focused is not None
            nodes = [node for node in stage.app.focused.ancestors_with_self if node is not stage.app]
            assert tuple(type(node) for node in nodes if type(node).__module__.startswith("aiwatch.")) == WAYS[panel]
        assert WAYS.keys() == {*Panel, DIALOG}


# Without a focus


async def lose_focus(stage: Stage, panel: Panel) -> None:
    """Go to ``panel``, and click where nothing can have the focus."""
    stage.dashboard.panels.go_to(panel)
    await stage.pilot.pause()
    stage.dashboard.set_focus(None)
    await stage.pilot.pause()
    assert stage.app.focused is None
    assert stage.dashboard.panels.front is panel


async def test_the_keys_of_the_board_count_without_a_focus() -> None:
    async with on_stage() as stage:
        await lose_focus(stage, Panel.BOARD)
        await stage.press("space", "j")
        assert {str(symbol) for symbol in stage.dashboard.lists.board.picked} == {"603757.SS"}
        assert stage.current == "300870.SZ"
        assert stage.lines()[-1].strip().startswith("Enter open  / filter")


async def test_the_keys_of_the_ledger_count_without_a_focus() -> None:
    async with on_stage() as stage:
        await lose_focus(stage, Panel.COMMITMENTS)
        await stage.press("right")
        assert stage.dashboard.panels.ledger.view == "pledges"
        await lose_focus(stage, Panel.COMMITMENTS)
        await stage.press("m")
        assert stage.dashboard.panels.ledger.asked.mapped


async def test_the_keys_of_the_stock_count_without_a_focus() -> None:
    async with on_stage((160, 45), start_list="chips") as stage:
        figures = stage.dashboard.panels.stock.figures
        await lose_focus(stage, Panel.STOCK)
        first = figures.chosen
        await stage.press("right")
        assert figures.chosen != first
        await stage.press("m")
        assert not stage.dashboard.panels.ledger.asked.mapped, "the map is a key of the ledger and its records"


async def test_the_keys_of_the_record_count_without_a_focus() -> None:
    async with on_stage() as stage:
        await lose_focus(stage, Panel.RECORD)
        first = stage.dashboard.panels.record.detail.chosen
        await stage.press("right")
        assert stage.dashboard.panels.record.detail.chosen != first
        await stage.press("m")
        assert stage.dashboard.panels.ledger.asked.mapped
        assert stage.dashboard.panels.front is Panel.COMMITMENTS


async def test_a_moved_key_counts_without_a_focus_and_the_old_one_does_not() -> None:
    moved = KeySettings(own=(OwnKeys("edit.mark", ("f6",), Path("config.toml"), 1),))
    async with on_stage(keys=moved) as stage:
        await lose_focus(stage, Panel.BOARD)
        await stage.press("space")
        assert not stage.dashboard.lists.board.picked
        await stage.press("f6")
        assert len(stage.dashboard.lists.board.picked) == 1


async def test_a_click_on_the_frame_leaves_the_keys_of_the_panel() -> None:
    async with on_stage() as stage:
        await stage.press("2")
        await stage.pilot.click("#commitments-panel", offset=(5, 0))
        await stage.press("v")
        assert stage.dashboard.panels.ledger.view == "pledges"
        await stage.press("down")
        assert stage.dashboard.panels.front is Panel.COMMITMENTS


async def test_a_closed_dialog_gives_the_keys_back() -> None:
    async with on_stage() as stage:
        await stage.press("question_mark", "escape", "space")
        assert len(stage.dashboard.lists.board.picked) == 1


# Hints


_KEY_WORDS = re.compile(r"\b(?:Enter|Esc|Space|Tab|[A-Za-z]) (?:opens|closes|clears|undoes|adds|begins|shows|brings)\b")


def test_no_sentence_names_a_key_that_can_be_moved() -> None:
    named = [
        f"{path.name}:{node.lineno}: {node.value}"
        for path, tree in sources("screens/dashboard", "session", "widgets")
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _KEY_WORDS.search(node.value)
        and not _is_docstring(tree, node)
    ]
    assert named == []


def _is_docstring(tree: ast.Module, node: ast.Constant) -> bool:
    return any(isinstance(parent, ast.Expr) and parent.value is node for parent in nodes_of(tree))


async def test_hints_name_the_keys_there_are() -> None:
    keys = [("edit.new", "f6"), ("edit.add", "f7"), ("panel.back", "f8"), ("cursor.open", "f9")]
    own = tuple(OwnKeys(name, (key,), Path("config.toml"), line) for line, (name, key) in enumerate(keys, 1))
    async with on_stage(keys=KeySettings(own=own)) as stage:
        await stage.press("space")
        assert stage.dashboard.panels.board.border_subtitle == "1 marked: F8 clears"
        await stage.press("]", "]", "]", "]", "]", "J")
        assert stage.messages == ["Open a list first: F9 opens the one the cursor is on"]


async def test_a_hint_without_a_key_leaves_no_gap() -> None:
    none = KeySettings(own=(OwnKeys("panel.back", (), Path("config.toml"), 1),))
    async with on_stage(keys=none) as stage:
        await stage.press("space")
        assert stage.dashboard.panels.board.border_subtitle == "1 marked"


# What a change of the lists sets going


async def test_other_lists_are_shown_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    async with on_stage() as stage:
        await stage.until(lambda: stage.dashboard._is_watching)
        for owner, name, word in (
            (ListActions, "report_deleted", "deleted files"),
            (BoardPanel, "show", "board"),
            (DashboardScreen, "colour", "colours"),
            (DashboardScreen, "select", "stock"),
            (AlertActions, "follow", "alerts"),
            (Feed, "follow", "feed"),
            (NoticeLine, "say", "notices"),
        ):
            monkeypatch.setattr(owner, name, lambda *_, word=word: calls.append(word))
        changes = {
            "nothing": ListChange(),
            "names": ListChange(lists=True),
            "stocks": ListChange(lists=True, followed=True),
            "a file": ListChange(True, True, (DeletedFile(Path("mine.toml"), True),)),
        }
        effects = {}
        for what, change in changes.items():
            calls.clear()
            stage.dashboard.show_lists(change)
            effects[what] = list(calls)
        calls.clear()
        assert effects == {
            "nothing": ["deleted files", "notices"],
            "names": ["deleted files", "board", "colours", "stock", "alerts", "notices"],
            "stocks": ["deleted files", "board", "colours", "stock", "alerts", "feed", "notices"],
            "a file": ["deleted files", "board", "colours", "stock", "alerts", "feed", "notices"],
        }


async def test_a_request_of_the_board_says_list_and_stocks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, tuple[str, ...]]] = []

    def note(_actions: ListActions, request: object) -> None:
        symbols = tuple(str(symbol) for symbol in getattr(request, "symbols", ()))
        asked.append((type(request).__name__, getattr(request, "key", ""), symbols))

    monkeypatch.setattr(ListActions, "start", note)
    async with on_stage(start_list="chips") as stage:
        first = str(stage.dashboard.lists.board.current)
        await stage.press("a", "d", "J", "m", "e", "z", "N", "R")
        assert asked == [
            ("AddRequested", "chips", (first,)),
            ("RemoveRequested", "chips", (first,)),
            ("ShiftRequested", "chips", (first,)),
            ("MoveRequested", "chips", (first,)),
            ("FileRequested", "chips", (first,)),
            ("UndoRequested", "", ()),
            ("NewListRequested", "", ()),
            ("RenameRequested", "chips", ()),
        ]
        assert parse_symbol(first) in stage.dashboard.lists.symbols


def _begun_outside(tree: ast.Module) -> list[int]:
    """The lines at which a worker gets a coroutine that was made before it: one given up early would never be begun."""
    calls = [node for node in nodes_of(tree) if isinstance(node, ast.Call) and node.args]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "run_worker"
        and isinstance(call.args[0], ast.Call)
        and ast.unparse(call.args[0].func) != "partial"
    ]


def test_a_worker_begins_its_coroutine_itself() -> None:
    assert _begun_outside(ast.parse("a.run_worker(work())\na.run_worker(work)\na.run_worker(partial(work, 1))")) == [1]
    assert {
        path.name: lines
        for path in Path(aiwatch.screens.__path__[0]).parent.rglob("*.py")
        if (lines := _begun_outside(tree_of(path)))
    } == {}
