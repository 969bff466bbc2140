"""YAML as a tree of nodes with their lines, whose scalars stay the text that was written.

Nothing is constructed, so that ``NO`` stays a ticker, ``000001`` a code, and no tag of a file can do anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from aiwatch.errors import FileError, Problem


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a YAML file; one that is not there is empty. ``line`` is where it begins."""

    node: yaml.Node | None
    line: int = 1

    @property
    def text(self) -> str | None:
        """A scalar as it is written, an empty text for nothing or null; ``None`` for a list or a mapping."""
        if self.node is None:
            return ""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        is_null = self.node.tag == "tag:yaml.org,2002:null"
        return "" if is_null else str(self.node.value)

    def items(self) -> list[Node] | None:
        """The items of a list, none for nothing; ``None`` for anything else."""
        if isinstance(self.node, yaml.SequenceNode):
            return [Node(item, item.start_mark.line + 1) for item in self.node.value]
        return [] if self.text == "" else None

    def pairs(self) -> list[tuple[str, Node]]:
        """The keys and values of a mapping; none for anything else."""
        if not isinstance(self.node, yaml.MappingNode):
            return []
        return [(str(key.value), Node(value, key.start_mark.line + 1)) for key, value in self.node.value]


def compose(text: str, path: Path) -> Node:
    """The first document of ``text``. Raises `FileError` when it is not YAML."""
    try:
        return Node(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileError([Problem(path, line, f"not YAML: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError):
        raise FileError([Problem(path, 1, "not YAML: a control character, or nested too deeply")]) from None
