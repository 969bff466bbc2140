"""Which characters are text, and which a terminal, a log or a reader's eye could be led astray by."""

from __future__ import annotations

import unicodedata

_NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the order of the letters behind it round, so that a text reads as another."""


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
