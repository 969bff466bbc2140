"""The source of aiwatch as trees, for the rules that it is held to: a file is read and parsed once for all of them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TUI = ROOT / "tui"
SOURCES = sorted(TUI.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """What stands in the module at ``path``; whoever asks changes nothing in it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of ``tree``, which is gone through once for all the rules."""
    return tuple(ast.walk(tree))
