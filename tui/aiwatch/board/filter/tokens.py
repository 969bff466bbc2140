"""The words, signs and numbers of what is typed into the filter box, each with the place it stands at."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from aiwatch.errors import FilterError

LONGEST = 1_000
"""Characters of a filter at most."""

WORD, QUOTED, SIGN, OPEN, CLOSE, END = "word", "quoted", "sign", "(", ")", "end"

_SIGNS = {
    ">": ">",
    ">=": ">=",
    "≥": ">=",
    "<": "<",
    "<=": "<=",
    "≤": "<=",
    "=": "=",
    "==": "=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
    "~": "~",
    "=~": "~",
    "!~": "!~",
}
"""How each sign may be written, and what it is."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<quoted>["“”](?P<inner>[^"“”]*)(?P<closed>["“”])?)
    | (?P<open>\() | (?P<close>\))
    | (?P<sign>>=|<=|<>|==|!=|!~|=~|[<>=~≥≤≠])
    | (?P<not>!)
    | (?P<word>(?:(?![!][=~]|=X\b)[^\s()<>=~≥≤≠"“”])+(?:=X\b)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""``=X`` ends the symbol of a currency pair, and is part of a word."""

_NUMBER = re.compile(
    r"(?P<figure>[+-]?(?:[0-9][0-9,_]*(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)(?P<unit>.*)", re.IGNORECASE
)

UNITS = {
    "": 1.0,
    "%": 1.0,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trn": 1e12,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "百万": 1e6,
    "亿": 1e8,
    "億": 1e8,
    "万亿": 1e12,
}
"""What a unit multiplies a figure by; a percent sign says only what the figure is."""
SPANS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "秒": 1.0, "分": 60.0, "分钟": 60.0}
"""The seconds of a unit of time."""


class Token(NamedTuple):
    """A piece of a filter: its kind, what it says, and where it begins, counted from 1."""

    kind: str
    text: str
    position: int


def _plain(text: str) -> str:
    """``text`` with full-width letters and signs as the plain ones, character by character."""
    folded = (unicodedata.normalize("NFKC", letter) for letter in text)
    plain = "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))
    return plain.replace("−", "-")


def tokens(text: str) -> list[Token]:
    """The pieces of ``text``, and one that says where it ends. Raises `FilterError`."""
    if len(text) > LONGEST:
        raise FilterError(f"too long: at most {LONGEST} characters", LONGEST + 1)
    result, at, plain = [], 0, _plain(text)
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            raise FilterError(f"{plain[at]!r} cannot stand here", at + 1)
        if not match["space"]:
            result.append(_token(match))
        at = match.end()
    return [*result, Token(END, "", len(plain) + 1)]


def _token(match: re.Match[str]) -> Token:
    position = match.start() + 1
    if match["quoted"]:
        if not match["closed"]:
            raise FilterError("the closing quote is missing", position)
        return Token(QUOTED, match["inner"], position)
    if match["sign"]:
        return Token(SIGN, _SIGNS[match["sign"]], position)
    if match["not"]:
        return Token(WORD, "not", position)
    kind = OPEN if match["open"] else CLOSE if match["close"] else WORD
    return Token(kind, match[0], position)


def number(token: Token, units: dict[str, float] = UNITS, *, unit: str = "") -> float | None:
    """The number that ``token`` is, in one of ``units``, which may also follow it as a word of its own; ``None`` if it
    does not begin like one. Raises `FilterError` for a unit that is none."""
    match = _NUMBER.fullmatch(token.text) if token.kind == WORD else None
    if match is None:
        return None
    written = match["unit"].strip() or unit
    scale = units.get(written.casefold())
    if scale is None:
        accepted = ", ".join(list(filter(None, units)))
        raise FilterError(f"{written!r} is no unit: {accepted}", token.position + match.end("figure"))
    figure = float(match["figure"].replace(",", "").replace("_", "")) * scale
    if figure in (float("inf"), float("-inf")):
        raise FilterError("the number is too large", token.position)
    return figure
