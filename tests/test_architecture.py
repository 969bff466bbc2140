"""The house rules that a machine can check, beside those of import-linter."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.source_trees import ROOT, SOURCES, nodes_of, tree_of

MODULES = [
    ".".join(path.relative_to(ROOT / "tui").with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCES
    if path.name != "__main__.py"
]
HEAVY = ("aiohttp", "exchange_calendars", "httpx", "numpy", "pandas", "textual", "websockets", "yfinance")
LONGEST_FILE, LONGEST_CLASS, LONGEST_FUNCTION = 400, 350, 40
LONGEST_REACH, MOST_METHODS = 350, 45
"""Lines and methods of a class together with those of its bases in this project."""
MOST_MODULES = 14
"""Modules in a folder, but for its ``__init__``."""
ALLOWED_REACH: frozenset[str] = frozenset(("aiwatch.feed.replay.ReplayFeed",))
ALLOWED_STUBS: frozenset[str] = frozenset(("aiwatch.widgets.linked_rows.LinkedRows",))
ALLOWED_FOLDERS: frozenset[str] = frozenset()
ALLOWED_KEYS: frozenset[str] = frozenset(
    (
        "screens/dialogs/add_stock.py",
        "screens/dialogs/find.py",
        "screens/dialogs/alert_rules.py",
        "screens/dialogs/compare.py",
        "screens/dialogs/lists.py",
    )
)
ALLOWED_TESTS: frozenset[str] = frozenset()
"""What does not keep a rule yet. An entry that has become needless fails its test, so that these only shrink."""

_MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:root|home|Users|work|opt|mnt)/\w")


def _audit(root: Path, *modules: str, then: str = "pass") -> tuple[list[str], str]:
    """What ``modules`` below ``root`` do when they are imported, and how the statements ``then`` fail after it."""
    script = Path(__file__).with_name("import_audit.py")
    command = [sys.executable, str(script), f"{root}/", then, *modules]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seen, nul, wrong = printed.partition("\0")
    assert nul
    return seen.splitlines(), wrong


@cache
def _audit_of_all() -> tuple[list[str], str]:
    """All of our modules, here and then as on Windows: what they import from elsewhere takes seconds, so both in one
    process."""
    return _audit(ROOT / "tui", *MODULES, then=_AS_ON_WINDOWS)


def test_no_module_does_anything_outside_when_it_is_imported() -> None:
    assert len(MODULES) > 30
    assert _audit_of_all()[0] == []


@pytest.mark.parametrize(
    "line",
    [
        "open(__file__).close()",
        "import pathlib; pathlib.Path(__file__).read_text()",
        "import socket; socket.socket().close()",
        "import sqlite3; sqlite3.connect(':memory:').close()",
        "import os; os.listdir('/')",
        "import subprocess, sys; subprocess.run([sys.executable, '--version'], stdout=-3)",
    ],
)
def test_the_audit_sees_what_a_module_does_at_import(tmp_path: Path, line: str) -> None:
    (tmp_path / "busy.py").write_text(f"\n{line}\n", encoding="utf-8")
    (tmp_path / "idle.py").write_text("import decimal, asyncio, click\n", encoding="utf-8")
    seen, _ = _audit(tmp_path, "busy", "idle")
    assert seen
    assert all(place.startswith("busy.py:2 ") for place in seen)


def _modules_after(statement: str) -> set[str]:
    source = f"{statement}\nimport sys\nprint(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True).stdout.split()
    )


def test_the_command_line_starts_light() -> None:
    assert _modules_after("import httpx").intersection(HEAVY) == {"httpx"}
    assert _modules_after("import aiwatch.cli").intersection(HEAVY) == set()


@pytest.mark.parametrize("layer", ["market", "watchlist.reader", "ledger.loader", "config.settings", "config.paths"])
def test_the_data_layers_load_neither_toolkit_nor_network(layer: str) -> None:
    assert _modules_after(f"import aiwatch.{layer}").intersection({*HEAVY, "rich", "platformdirs"}) == set()


def _shortcomings(path: Path) -> Iterator[str]:
    """What is too long in the module at ``path``, and what has no docstring."""
    tree = tree_of(path)
    if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE:
        yield "the file is too long"
    if not ast.get_docstring(tree):
        yield "the module has no docstring"
    for node in nodes_of(tree):
        if isinstance(node, ast.ClassDef):
            if _length(node) > LONGEST_CLASS:
                yield f"class {node.name} has {_length(node)} lines"
            if not (node.name.startswith("_") or ast.get_docstring(node)):
                yield f"class {node.name} has no docstring"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION:
            yield f"{node.name} has {_length(node)} lines"
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in functions:
        if not (node.name.startswith("_") or ast.get_docstring(node)):
            yield f"{node.name} has no docstring"


def test_every_module_is_short_and_says_what_it_is() -> None:
    assert [f"{path.relative_to(ROOT)}: {what}" for path in SOURCES for what in _shortcomings(path)] == []


def test_what_is_long_or_silent_in_a_module_is_seen(tmp_path: Path) -> None:
    body = "    x = 1\n" * LONGEST_CLASS
    path = tmp_path / "module.py"
    path.write_text(f"class A:\n{body}def f():\n{body}def _g():\n    pass\n", encoding="utf-8")
    assert list(_shortcomings(path)) == [
        "the file is too long",
        "the module has no docstring",
        f"class A has {LONGEST_CLASS + 1} lines",
        "class A has no docstring",
        f"f has {LONGEST_CLASS + 1} lines",
        "f has no docstring",
    ]


def _length(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_test_is_longer_than_a_module_may_be() -> None:
    tests = {str(path.relative_to(ROOT)): path for path in (ROOT / "tests").rglob("*.py")}
    assert {name for name, path in tests.items() if path.read_text().count("\n") > LONGEST_FILE} == ALLOWED_TESTS


def test_no_folder_is_a_flat_hall() -> None:
    counts = Counter(str(path.parent.relative_to(ROOT / "tui")) for path in SOURCES if path.name != "__init__.py")
    assert {folder for folder, count in counts.items() if count > MOST_MODULES} == ALLOWED_FOLDERS


def _classes(trees: Mapping[str, ast.Module]) -> dict[str, tuple[ast.ClassDef, list[str]]]:
    """Every class by its full name, with the full names of its bases as far as they are imported or near by."""
    result: dict[str, tuple[ast.ClassDef, list[str]]] = {}
    for module, tree in trees.items():
        names = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in nodes_of(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        nodes = [node for node in nodes_of(tree) if isinstance(node, ast.ClassDef)]
        names |= {node.name: f"{module}.{node.name}" for node in nodes}
        for node in nodes:
            bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
            result[f"{module}.{node.name}"] = node, [names.get(ast.unparse(base), ast.unparse(base)) for base in bases]
    return result


def _reach(name: str, classes: Mapping[str, tuple[ast.ClassDef, list[str]]]) -> set[str]:
    """The class called ``name`` and its bases, and theirs, as far as they are among ``classes``."""
    reached, waiting = set[str](), [name]
    while waiting:
        name = waiting.pop()
        if name in classes and name not in reached:
            reached.add(name)
            waiting += classes[name][1]
    return reached


def _methods(node: ast.ClassDef) -> int:
    return sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body)


def _too_far(classes: Mapping[str, tuple[ast.ClassDef, list[str]]]) -> set[str]:
    """The classes that reach too far."""
    far = set()
    for name in classes:
        nodes = [classes[each][0] for each in _reach(name, classes)]
        if sum(map(_length, nodes)) > LONGEST_REACH or sum(map(_methods, nodes)) > MOST_METHODS:
            far.add(name)
    return far


@cache
def _ours() -> dict[str, tuple[ast.ClassDef, list[str]]]:
    return _classes({".".join(path.relative_to(ROOT / "tui").with_suffix("").parts): tree_of(path) for path in SOURCES})


def test_no_class_is_cut_in_pieces_that_inherit_from_each_other() -> None:
    assert _too_far(_ours()) == ALLOWED_REACH


def test_a_class_is_measured_with_its_bases() -> None:
    half = "class {}:\n" + "    def {}(self): ...\n" * (MOST_METHODS // 2 + 1)
    trees = {
        "one": ast.parse(half.format("A", *map("a{}".format, range(99)))),
        "two": ast.parse("from one import A\n" + half.format("B(A)", *map("b{}".format, range(99)))),
    }
    assert _too_far(_classes(trees)) == {"two.B"}


def _stubs(classes: Mapping[str, tuple[ast.ClassDef, list[str]]]) -> set[str]:
    """The classes that leave a method to others with ``NotImplementedError`` and are no abstract ones."""
    return {
        name
        for name, (node, bases) in classes.items()
        if not {"abc.ABC", "typing.Protocol"}.intersection(bases)
        and any(isinstance(each, ast.Raise) and "NotImplementedError" in ast.unparse(each) for each in ast.walk(node))
    }


def test_no_method_is_a_stub_outside_an_abstract_class() -> None:
    assert _stubs(_ours()) == ALLOWED_STUBS


def test_a_stub_is_seen() -> None:
    stub = "    def x(self):\n        raise NotImplementedError\n"
    trees = {"a": ast.parse(f"from abc import ABC\nclass A:\n{stub}class B(ABC):\n{stub}class C:\n    pass\n")}
    assert _stubs(_classes(trees)) == {"a.A"}


_KEY_IN_A_SENTENCE = re.compile(
    r"(?:^|[·,:\n] ?)(?:[A-Za-z]|Esc|Enter|Space|Backspace|Tab)(?: or (?:[A-Za-z]|Esc|Enter))? [a-z]+s\b"
)
"""A key and what it does, as in ``Saved · z undoes``: such a hint lies once the key is another."""


def _sentences_with_a_key(tree: ast.Module) -> list[str]:
    """The texts of ``tree`` that name a key, but for docstrings."""
    nodes = [node for node in nodes_of(tree) if hasattr(node, "body")]
    said = {
        id(each.value)
        for node in nodes
        if isinstance(node.body, list)
        for each in node.body
        if isinstance(each, ast.Expr)
    }
    texts = [node for node in nodes_of(tree) if isinstance(node, ast.Constant) and id(node) not in said]
    return [text.value for text in texts if isinstance(text.value, str) and _KEY_IN_A_SENTENCE.search(text.value)]


def test_no_sentence_names_a_key_that_may_be_another() -> None:
    rooms = ("screens", "session", "widgets")
    trees = {path: tree_of(path) for path in SOURCES if path.relative_to(ROOT / "tui/aiwatch").parts[0] in rooms}
    naming = {
        str(path.relative_to(ROOT / "tui/aiwatch")) for path, tree in trees.items() if _sentences_with_a_key(tree)
    }
    assert naming == ALLOWED_KEYS


def test_a_sentence_that_names_a_key_is_seen() -> None:
    source = '"""Enter opens it."""\na = "Esc leaves"\nb = f"Saved {a} · z undoes"\nc = "a list that has stocks"\n'
    assert _sentences_with_a_key(ast.parse(source)) == ["Esc leaves", " · z undoes"]


TESTED = sorted((ROOT / "tests").rglob("test_*.py"))
NAMED_FOR_AN_IDEA = frozenset(
    (
        "archive/test_alerts.py",
        "ledger/test_facts.py",
        "ledger/test_format.py",
        "screens/dashboard/test_editing.py",
        "screens/dashboard/test_faults.py",
        "screens/dashboard/test_positions.py",
        "widgets/ledger/test_columns.py",
        "widgets/ledger/test_views.py",
        "widgets/test_lines.py",
    )
)
"""Tests of an idea of their room whose name a module of another room has too."""


def test_every_room_has_its_tests_and_every_folder_of_tests_its_room() -> None:
    rooms = {path.parent.relative_to(ROOT / "tui/aiwatch") for path in SOURCES}
    assert {path.parent.relative_to(ROOT / "tests") for path in TESTED} == rooms


def test_a_test_that_is_named_for_a_module_lies_where_that_does() -> None:
    places: dict[str, set[Path]] = {}
    for path in SOURCES:
        place = path.parent.relative_to(ROOT / "tui/aiwatch")
        if path.name == "__init__.py":  # a package is tested beside its modules, or above them
            places.setdefault(place.name, set()).update((place, place.parent))
        else:
            places.setdefault(path.stem, set()).add(place)
    elsewhere = set()
    for path in TESTED:
        name, place = path.stem.removeprefix("test_"), path.relative_to(ROOT / "tests").parent
        if place not in places.get(name, {place}):
            elsewhere.add(path.relative_to(ROOT / "tests").as_posix())
    assert elsewhere == NAMED_FOR_AN_IDEA


POSIX_ONLY = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")


_AS_ON_WINDOWS = f"""
import importlib, sys, types
for name in [name for name in sys.modules if name.partition(".")[0] == "aiwatch"]:
    del sys.modules[name]
sys.platform = "win32"
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
for name in {POSIX_ONLY}:
    sys.modules[name] = None
for name in {[name for name in MODULES if name != "aiwatch.screens.terminal_driver"]}:  # never loaded on Windows
    importlib.import_module(name)
"""
"""Imports ours again as Windows would, after all modules: other packages have their own tests for that."""


def test_every_module_can_be_imported_where_there_is_no_posix() -> None:
    assert _audit_of_all()[1] == ""


def test_a_module_that_needs_posix_is_seen(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text("", encoding="utf-8")
    _, wrong = _audit(tmp_path, "busy", then="import sys\nsys.modules['fcntl'] = None\nimport fcntl")
    assert "ModuleNotFoundError" in wrong


def test_every_folder_of_modules_is_a_package() -> None:
    for folder in {path.parent for path in SOURCES}:
        assert (folder / "__init__.py").exists(), folder


def _project_files() -> Iterator[Path]:
    """Every file of the project: as git has them, or where there is no git, those of the known folders."""
    if (ROOT / ".git").exists():
        names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        yield from (path for name in names.split("\0") if name and (path := ROOT / name).is_file())
        return
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in ("tui", "watchlists", "seeds", "tests", ".ci"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")


def test_no_file_names_a_path_of_one_machine() -> None:
    files = list(_project_files())
    assert ROOT / "pyproject.toml" in files
    result = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if _MACHINE_PATH.search(line)
    ]
    assert result == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ('open("' + "/ho" + 'me/someone/x")', True),
        ("cd " + "/Us" + "ers/someone", True),
        ("https://example.org" + "/ho" + "me/page", False),
        ("~" + "/wo" + "rk/x", False),
    ],
)
def test_what_counts_as_a_path_of_one_machine(text: str, is_one: bool) -> None:
    assert bool(_MACHINE_PATH.search(text)) is is_one


def test_constraints_are_exact_pins_and_name_no_registry() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 40
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin), pin
    assert pins == sorted(pins, key=str.lower)
