"""Mutates what hosts send, hundreds of lines at a time, so that tens of thousands are tried within a second or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import examples

WANTED = examples(20_000)
"""Mutated lines or frames that each parser is to be tried with."""
AT_ONCE = 400
"""Lines of one answer."""
ODD_TEXTS = [
    *("", "0", "0.00", "-", "--", "-1", "nan", "inf", "-inf", "1e308", "1e5", "1_0", "٣", "9" * 20, "D", "S", "ZS"),
    *("None", "null", "\x1b[2J", "\u202e", "2026-03-09", "20260302092000", "2026/03/02 25:00:00", "股", "\x00"),
]
ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 0.0, -0.5, 1e-300, 1e300, 2**70, -(2**70), "", "101.5", "USD", "GBp", [], {}, [1.0]),
]


class Mutator:
    """Changes things at random, the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self, text: str) -> str:
        """``text`` with one change: another number near by, an odd text, a sign, a digit, a part."""
        way = self.random.randrange(8)
        if way < 4:
            with suppress(ValueError):
                decimals = len(text.partition(".")[2])
                return f"{float(text) * self.random.uniform(0.9, 1.1):.{decimals}f}"
        if way == 4 and text:
            place = self.random.randrange(len(text))
            return text[:place] + self.random.choice("0123456789.-") + text[place + 1 :]
        if way == 5:
            return "-" + text
        return text[: self.random.randrange(len(text) + 1)] if way == 6 else self.random.choice(ODD_TEXTS)

    def row(self, row: Sequence[str], prices: Sequence[int], first: int) -> list[str]:
        """``row`` with one to three changes, none before the field ``first``, half of them in one of ``prices``."""
        changed = list(row)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            way = self.random.randrange(20)
            place = self.random.choice(prices) if way % 2 else self.random.randrange(first, len(row))
            if place >= len(changed):
                continue
            if way == 0:
                del changed[place]
            elif way == 2:
                changed.insert(place, self.random.choice(ODD_TEXTS))
            elif way == 4:
                del changed[place:]
            elif way == 6:
                second = self.random.randrange(first, len(changed))
                changed[place], changed[second] = changed[second], changed[place]
            else:
                changed[place] = self.text(changed[place])
        return changed

    def table(self, table: dict[str, Any], prices: Sequence[str]) -> dict[str, Any]:
        """``table`` with one to three values changed or taken out, half of them of ``prices``."""
        changed = dict(table)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            key = self.random.choice(prices) if self.random.random() < 0.5 else self.random.choice(list(table))
            value = changed.pop(key, None)
            way = self.random.randrange(8)
            if way < 5 and isinstance(value, (int, float)) and not isinstance(value, bool):
                changed[key] = round(value * self.random.uniform(0.9, 1.1), 4)
            elif way < 7:
                changed[key] = self.random.choice(ODD_VALUES)
        return changed

    def octets(self, data: bytes, first: int = 0) -> bytes:
        """``data`` with one to four bytes changed, put in, taken out or said again, none before ``first``."""
        changed = bytearray(data)
        for _ in range(self.random.choice((1, 1, 2, 4))):
            place, byte = self.random.randrange(first, len(changed) + 1), self.random.randrange(256)
            way = self.random.randrange(5)
            if way < 2:
                changed[place : place + 1] = bytes([byte])
            elif way == 2:
                changed.insert(place, byte)
            elif way == 3:
                del changed[place : place + 1 + byte % 8]
            else:
                changed[place:place] = changed[place : place + byte % 16]
        return bytes(changed)


@dataclass(slots=True)
class Outcome:
    """How many mutated lines were tried, and what became of them."""

    tried: int = 0
    believed: int = 0
    refused: int = 0

    def check(self) -> None:
        """Enough were tried, and neither end was the only one."""
        assert self.tried >= WANTED
        assert self.believed > WANTED / 50
        assert self.refused > WANTED / 50


def tried(attempt: Callable[[Mutator, Outcome], None], at_once: int = AT_ONCE) -> Outcome:
    """What comes of as many attempts, each with ``at_once`` lines, as are wanted; a failure names its seed."""
    outcome = Outcome()

    @settings(max_examples=-(-WANTED // at_once), deadline=None, database=None)
    @given(st.integers(0, 2**62))
    def one(seed: int) -> None:
        attempt(Mutator(seed), outcome)

    one()
    return outcome
