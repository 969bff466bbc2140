"""Which characters are text, and which a terminal, a log or a reader's eye could be led astray by."""

from __future__ import annotations

import unicodedata

_NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the order of the letters behind it round, so that a text reads as another."""

REPLACEMENT = "?"
"""Stands for a character that must not reach a terminal; as wide as one, so that columns stay in line."""

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_SEPARATORS = (0x2028, 0x2029)
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SURROGATES = range(0xD800, 0xE000)

UNPRINTABLE = dict.fromkeys((*_CONTROLS, *_SEPARATORS, *_DIRECTIONS, *_SURROGATES), REPLACEMENT)
"""What `str.translate` replaces: the control characters of ASCII and Latin-1, by which a terminal is commanded; the
separators and directions of Unicode, which forge lines; halves of surrogate pairs, which no encoding can write."""
for _layout in "\t\n":
    del UNPRINTABLE[ord(_layout)]

_IN_ONE_LINE = UNPRINTABLE | dict.fromkeys(map(ord, "\t\n"), " ")


def is_text(character: str) -> bool:
    """Whether ``character`` is part of a text on one line: letters of any script, signs, spaces, emoji and what joins
    or varies them. Control characters, line ends and what reorders a line are not."""
    return character.isprintable() or (unicodedata.category(character) not in _NOT_TEXT and character not in _ORDERING)


def control_in(text: str) -> str:
    """The first character of ``text`` that is no text; empty when there is none."""
    return "" if text.isprintable() else next((each for each in text if not is_text(each)), "")


def one_line(text: str) -> str:
    """``text`` on one line, and only what is text of it."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(filter(is_text, line))


def printable(text: str) -> str:
    """``text`` with `REPLACEMENT` for what a terminal must not be given; tabs and ends of lines stay."""
    return text.translate(UNPRINTABLE)


def in_one_line(text: str) -> str:
    """``text`` as `printable` gives it, with spaces for tabs and ends of lines."""
    return text if text.isprintable() else text.translate(_IN_ONE_LINE)
