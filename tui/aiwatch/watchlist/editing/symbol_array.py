"""The stocks of ``symbols = […]`` as they are written: changed item by item, with every comment where it belongs."""

from __future__ import annotations

import re
import tomllib

from msgspec import Struct

from aiwatch.files.toml_positions import statements_of
from aiwatch.market.spelling import symbol_of
from aiwatch.market.symbol import Symbol

_PART = re.compile(
    r"""(?P<text> \"{3} (?: [^\\] | \\. )*? \"{3,5} | '{3} .*? '{3,5} | " (?: [^"\\\n] | \\. )* " | ' [^'\n]* ' )
      | (?P<comma> , ) | (?P<end> \] ) | (?P<gap> [ \t\r\n]+ ) | (?P<comment> \#[^\n]* )
      | (?P<nested> [\[{] ) | (?P<bare> [^\s,\[\]{}\#"']+ (?:[ ]\d\d:[^\s,\]\#]+)? )""",
    re.VERBOSE | re.DOTALL,
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OPENING = re.compile(r"[^#\[]*\[")


_IN_NESTED = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{}]""", re.DOTALL
)


class Item(Struct):
    """A symbol with what stands ``before`` it since the item above, what stands between it and its comma, and what
    follows on its line; or what stands in its place and is none, which stays where it is."""

    before: str
    text: str
    gap: str = ""
    after: str = ""

    @property
    def symbol(self) -> Symbol | None:
        """The symbol that it spells; ``None`` for what is no text."""
        return symbol_of(str(tomllib.loads(f"key = {self.text}")["key"])) if self.is_symbol else None

    @property
    def is_symbol(self) -> bool:
        """Whether it is a text."""
        return self.text.startswith(("'", '"'))

    @property
    def comments(self) -> list[str]:
        """The comments that go with it."""
        lines = (self.before + self.gap + self.after).split("\n")
        return [line.strip() for line in lines if line.strip().startswith("#")]


class SymbolArray(Struct):
    """The array in the lines of a file: ``head`` is all up to its bracket, ``tail`` all from its last item on.

    Line breaks are line feeds in here, whatever ``newline`` is.
    """

    head: str
    items: list[Item]
    tail: str
    newline: str = "\n"
    ends_in_comma: bool = False

    @classmethod
    def read(cls, lines: list[str]) -> SymbolArray | None:
        """The array in ``lines``; ``None`` where there is none."""
        newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        lines = [line.replace("\r\n", "\n") for line in lines]
        text = "".join(lines)
        statement = next((each for each in statements_of(text) if each.place == ("symbols",)), None)
        if statement is None:
            return None
        start = sum(map(len, lines[: statement.first - 1]))
        opening = _OPENING.match(text, start)
        assert opening is not None
        array = cls(text[: opening.end()], [], "", newline)
        array.tail = text[array._read_items(text, opening.end()) :]
        return array

    def _read_items(self, text: str, at: int) -> int:
        """Read the items of ``text`` from ``at`` on; returns where the last of them ends."""
        end, before, here = at, "", at
        while part := _PART.match(text, here):
            kind, token = part.lastgroup, part[0]
            here = part.end()
            is_beside = bool(self.items) and not before
            if kind == "end":
                break
            if kind == "nested":
                here = _end_of_nested(text, part.start())
                kind, token = "bare", text[part.start() : here]
            if kind in ("text", "bare"):
                self.items.append(Item(before, token))
                self.ends_in_comma, before = False, ""
            elif kind == "comma":
                item = self.items[-1]
                item.gap, item.after = item.gap + item.after + before, ""
                self.ends_in_comma, before = True, ""
            elif is_beside and (kind == "comment" or ("\n" not in token and text[here] == "#")):
                self.items[-1].after += token
            else:
                before += token
                continue
            end = here
        return end

    def lines(self) -> list[str]:
        """The lines of the file."""
        text = self.head
        for at, item in enumerate(self.items):
            comma = "," if self.ends_in_comma or at < len(self.items) - 1 else ""
            text = _joined(text, f"{item.before}{item.text}{item.gap}{comma}{item.after}")
        return [line.replace("\n", self.newline) for line in _LINE.findall(_joined(text, self.tail))]

    @property
    def symbols(self) -> list[Symbol]:
        """The symbols, in their order."""
        return [item.symbol for item in self.items if item.symbol is not None]

    def _place(self, at: int) -> int:
        """Where the ``at``-th symbol stands among all items; behind all of them where there are fewer."""
        places = [place for place, item in enumerate(self.items) if item.is_symbol]
        return places[at] if at < len(places) else len(self.items)

    def insert(self, symbol: Symbol, at: int, comments: list[str]) -> None:
        """Put a symbol where it will be the ``at``-th, its comments at the end of its line or above it."""
        item = Item("", f'"{symbol}"')
        self.put(item, at)
        for comment in comments:
            indent = item.before.rpartition("\n")[2]
            item.before += f"{comment}\n{indent}"

    def put(self, item: Item, at: int) -> None:
        """Put an item where it will be the ``at``-th symbol; the space is that of the place."""
        at = self._place(at)
        space = self._space(at)
        if "#" in item.before:
            item.before = space + item.before.lstrip()
        else:
            item.before = space
        if at == 0 and self.items and "#" not in self.items[0].before:
            self.items[0].before = self._space(1)
        self.items.insert(at, item)

    def take(self, at: int) -> Item:
        """Take the ``at``-th symbol out with its comments; the next item has its place."""
        at = self._place(at)
        item = self.items.pop(at)
        if at < len(self.items) and "#" not in item.before + self.items[at].before:
            self.items[at].before = item.before
        return item

    def _space(self, at: int) -> str:
        """The space that stands before an item at that place."""
        spaces = [item.before for item in self.items if "#" not in item.before]
        if at == 0 or not self.items:
            first = self.items[0].before if self.items else ""
            return first if "#" not in first else first[: len(first) - len(first.lstrip())]
        later = [item.before for item in self.items[1:] if "#" not in item.before]
        if later:
            return later[0]
        return spaces[0] if spaces and "\n" in spaces[0] else " "


def _end_of_nested(text: str, at: int) -> int:
    """Where the array or table that begins at ``at`` ends."""
    depth = 0
    for part in _IN_NESTED.finditer(text, at):
        depth += (part[0] in "[{") - (part[0] in "]}")
        if depth == 0:
            return part.end()
    return len(text)


def _joined(above: str, below: str) -> str:
    """``below`` behind ``above``, on a line of its own where that ends in a comment."""
    is_open = "#" in above.rpartition("\n")[2] and not below.lstrip(" \t\r").startswith("\n")
    return f"{above}\n{below}" if is_open else above + below
