"""The house rules that a machine can check, beside those of import-linter."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "tui").rglob("*.py"))
MODULES = [
    ".".join(path.relative_to(ROOT / "tui").with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCES
    if path.name != "__main__.py"
]
HEAVY = ("aiohttp", "exchange_calendars", "httpx", "numpy", "pandas", "textual", "websockets", "yfinance")
LONGEST_FILE, LONGEST_CLASS, LONGEST_FUNCTION = 400, 350, 40

_MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:root|home|Users|work|opt|mnt)/\w")


def _audit(root: Path, *modules: str) -> list[str]:
    script = Path(__file__).with_name("import_audit.py")
    command = [sys.executable, str(script), f"{root}/", *modules]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_no_module_does_anything_outside_when_it_is_imported() -> None:
    assert len(MODULES) > 30
    assert _audit(ROOT / "tui", *MODULES) == []


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
    seen = _audit(tmp_path, "busy", "idle")
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


@pytest.mark.parametrize(
    "layer", ["market", "watchlist.reader", "ledger.loader", "config.settings", "config.paths", "files.bundled"]
)
def test_the_data_layers_load_neither_toolkit_nor_network(layer: str) -> None:
    assert _modules_after(f"import aiwatch.{layer}").intersection({*HEAVY, "rich", "platformdirs"}) == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "tui")))
def test_every_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= LONGEST_FILE
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            assert _length(node) <= LONGEST_CLASS, f"class {node.name} has {_length(node)} lines"
            assert node.name.startswith("_") or ast.get_docstring(node), f"class {node.name} has no docstring"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert _length(node) <= LONGEST_FUNCTION, f"{node.name} has {_length(node)} lines"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def _length(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


POSIX_ONLY = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")


_AS_ON_WINDOWS = """
import importlib, sys, types
names = {names}
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == "aiwatch"]:
    del sys.modules[name]
sys.platform = "win32"
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
for name in {hidden}:
    sys.modules[name] = None
for name in names:
    importlib.import_module(name)
"""
"""Imports all modules, then ours again as Windows would: other packages have their own tests for that."""


def test_every_module_can_be_imported_where_there_is_no_posix() -> None:
    names = [name for name in MODULES if name != "aiwatch.screens.terminal_driver"]  # never loaded on Windows
    source = _AS_ON_WINDOWS.format(names=names, hidden=POSIX_ONLY)
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


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
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if _MACHINE_PATH.search(line)
    ]
    assert found == []


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
