"""CSV for programs that take a cell which begins with ``=`` for a formula, and run it.

A text that begins so is guarded by an apostrophe, as OWASP advises against CSV injection: a spreadsheet shows it as
text. Numbers are left alone, whatever their sign.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA = re.compile(r"'*[\s\x00]*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?")


def guarded(value: Any) -> Any:
    """``value`` as a cell that no spreadsheet runs: a text that begins as a formula does gets an apostrophe in front.

    One that has such an apostrophe already gets another, so that `unguarded` gives back what was there.
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def unguarded(text: str) -> str:
    """What `guarded` was given where ``text`` came out; any other text as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """``rows`` under a head of ``names`` as CSV, every text guarded."""
    return "".join(map(_line, [names, *rows]))


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(map(guarded, cells))  # so that a carriage return is quoted
    return out.getvalue().removesuffix("\r\n") + "\n"
