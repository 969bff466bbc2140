"""Where in a TOML text each table and key stands: the line numbers that `tomllib` does not give.

Works on text that `tomllib` has accepted, so that it need not judge it again.
"""

from __future__ import annotations

import re

from msgspec import Struct

Place = tuple[str | int, ...]
"""A way into the file's data: ``("stock", 2, "symbol")`` is the symbol of the third ``[[stock]]``."""

_TOKEN = re.compile(
    r"""
      (?P<text>  \"{3} (?: [^\\] | \\. )*? \"{3,5}  |  '{3} .*? '{3,5}
               | " (?: [^"\\\n] | \\. )* "          |  ' [^'\n]* ' )
    | (?P<skip>  \#[^\n]* | [ \t\r]+ )
    | (?P<line>  \n )
    | (?P<mark>  [\[\]{}=,.] )
    | (?P<bare>  [^\s\[\]{}=,.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_Token = tuple[str, str, int]


def places_of(text: str) -> dict[Place, int]:
    """The line (from 1) of every table head and key of ``text``, which must be valid TOML.

    A table has the line of its header, or of the first mention when it has none.
    """
    return _Reader(text).read()


class Statement(Struct, frozen=True):
    """A table's head or a pair of key and value, as it is written: lines ``first`` to ``last`` (from 1).

    ``place`` is the table or the key; ``table`` the table whose head it stands under, itself if it is a head.
    """

    first: int
    last: int
    place: Place
    table: Place

    @property
    def is_head(self) -> bool:
        """Whether it begins a table."""
        return self.place == self.table


def statements_of(text: str) -> list[Statement]:
    """Every head and pair of ``text``, which must be valid TOML, from top to bottom; what lies between them is blank
    or a comment."""
    reader = _Reader(text)
    reader.read()
    return reader.statements


def comments_of(text: str) -> list[str]:
    """The comments of ``text`` from top to bottom, each from its ``#`` on."""
    return [
        token[0].rstrip() for token in _TOKEN.finditer(text) if token.lastgroup == "skip" and token[0].startswith("#")
    ]


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match[0]
        if kind == "skip":
            continue
        if kind != "line" or not tokens or tokens[-1][0] != "line":  # empty lines say nothing
            tokens.append((kind, token, line))
        if kind == "line":
            line += 1
        elif kind == "text":
            line += token.count("\n")
    tokens.append(("line", "", line))
    return tokens


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._lengths: dict[Place, int] = {}
        self._places: dict[Place, int] = {(): 1}
        self.statements: list[Statement] = []

    def read(self) -> dict[Place, int]:
        table: Place = ()
        while self._next < len(self._tokens):
            kind, token, line = self._peek()
            if kind == "line":
                self._take()
                continue
            if token == "[":
                place = table = self._header()
            else:
                place = self._pair(table)
            _, token, last = self._tokens[self._next - 1]
            self.statements.append(Statement(line, last + token.count("\n"), place, table))
        return self._places

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _header(self) -> Place:
        line = self._take()[2]
        many = self._peek()[1] == "["
        if many:
            self._take()
        *above, last = self._names("]")
        if many:
            self._take()
        place: Place = ()
        for name in above:
            place = self._newest((*place, name))
            self._places.setdefault(place, line)
        place = (*place, last)
        if many:
            self._places.setdefault(place, line)
            index = self._lengths.get(place, 0)
            self._lengths[place] = index + 1
            place = (*place, index)
        self._places[place] = line
        return place

    def _newest(self, place: Place) -> Place:
        """The last table so far of an array of tables; any other ``place`` as it is."""
        return (*place, self._lengths[place] - 1) if place in self._lengths else place

    def _names(self, end: str) -> list[str]:
        """The parts of a dotted key, up to and with the token ``end``."""
        names = []
        while (token := self._take())[1] != end:
            if token[0] == "text":
                import tomllib  # few keys are in quotes

                names.append(str(tomllib.loads(f"key = {token[1]}")["key"]))
            elif token[0] == "bare":
                names.append(token[1])
        return names

    def _pair(self, table: Place) -> Place:
        line = self._peek()[2]
        place = table
        for name in self._names("="):
            place = (*place, name)
            self._places.setdefault(place, line)
        self._value(place)
        return place

    def _value(self, place: Place) -> None:
        opening = self._take()[1]
        if opening == "{":
            while self._past_commas() != "}":
                self._pair(place)
            self._take()
        elif opening == "[":
            index = 0
            while self._past_commas() != "]":
                self._places[(*place, index)] = self._peek()[2]
                self._value((*place, index))
                index += 1
            self._take()
        else:
            while self._peek()[0] in ("bare", "text") or self._peek()[1] == ".":
                self._take()

    def _past_commas(self) -> str:
        while self._peek()[1] in ("\n", ","):
            self._take()
        return self._peek()[1]
