"""What a terminal may be given of a text from outside: no control character, nothing that turns the line round."""

from __future__ import annotations

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


def printable(text: str) -> str:
    """``text`` with `REPLACEMENT` for what a terminal must not be given; tabs and ends of lines stay."""
    return text.translate(UNPRINTABLE)


def in_one_line(text: str) -> str:
    """``text`` as `printable` gives it, with spaces for tabs and ends of lines."""
    return text if text.isprintable() else text.translate(_IN_ONE_LINE)
