"""Figures as other tables write them: ``~400,000``, ``> 1.2 GW``, ``1–2``, ``500+ MW``, ``$12 billion (est.)``.

What goes with a figure is kept as one of the words of the ledger, and what cannot be read is said, never left out
without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from aiwatch.errors import AiwatchError
from aiwatch.ledger.imports.draft import clean

_QUALIFIERS = {
    "about": "~ ∼ ≈ ～ about around approx approx. approximately circa ca ca. c. est est. estimated roughly some",
    "over": "> over above exceeding",
    "at least": ">= ≥ min min. minimum from",
    "below": "< below under",
    "up to": "<= ≤ max max. maximum",
}
_PHRASES = {"more than": "over", "at least": "at least", "less than": "below", "up to": "up to", "at most": "up to"}
_WORDS = {word: name for name, words in _QUALIFIERS.items() for word in words.split()} | _PHRASES
_NOTHING = frozenset(
    ("", "-", "–", "—", "?", "n/a", "na", "nan", "none", "null", "unknown", "tbd", "tba", "undisclosed",
     "not disclosed", "not stated")
)  # fmt: skip
"""What stands in a cell that has no figure."""

_MOST = Decimal(10) ** 15
_NUMBER = r"(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?(?:[eE]\+?\d{1,2})?"
_WORD = r"(?!(?:to|est|approx)\b)(?:H100[a-z]*|[a-z]+)"
_UNIT = rf"{_WORD}(?:\s+{_WORD})*"
_CELL = re.compile(
    rf"(?P<before>{'|'.join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))})?\s*"
    rf"(?P<sign>US\$|USD|\$)?\s*(?P<low>{_NUMBER})\s*(?P<unit_low>{_UNIT})?\s*"
    rf"(?:(?:-|–|—|\bto\b)\s*(?:US\$|USD|\$)?\s*(?P<high>{_NUMBER})\s*)?"
    rf"(?P<plus>\+)?\s*(?P<unit>{_UNIT})?\s*(?:\(?(?P<after>est|est\.|estimated|approx|approx\.)\)?)?",
    re.ASCII | re.IGNORECASE,
)

Units = Mapping[str, Decimal | int]
"""What each unit of a column is worth in the one that has 1; the empty one is the column's own."""
POWER: Units = {"": 1, "mw": 1, "megawatt": 1, "megawatts": 1, "gw": 1000, "gigawatt": 1000, "gigawatts": 1000,
         "kw": Decimal("0.001")}  # fmt: skip
"""What a unit is worth in megawatts; without one a figure is in the unit of its column."""
PIECES: Units = {"": 1, "k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6}
"""What a unit is worth in pieces."""
BILLIONS: Units = {"": 1, "b": 1, "bn": 1, "billion": 1, "m": Decimal("0.001"), "mn": Decimal("0.001"),
            "million": Decimal("0.001"), "t": 1000, "tn": 1000, "trn": 1000, "trillion": 1000}  # fmt: skip
"""What a unit is worth in billions of dollars."""
DOLLARS: Units = {unit: worth * 10**9 for unit, worth in BILLIONS.items() if unit} | {
    "": 1,
    "k": 1000,
    "thousand": 1000,
}
"""What a unit is worth in dollars."""
_SPARE = re.compile(r"\b(?:usd|dollars?|h100s?|h100e|gpus?|chips|equivalents?|eq)\b", re.IGNORECASE)
"""Words of the column that a cell may say again."""


class Unreadable(AiwatchError):
    """A cell that holds no figure of its column."""

    title = "Figure"


class Quantity(Struct, frozen=True):
    """A figure in the unit of its column, with a ``qualifier`` such as ``about``; of a range the lower end, with the
    whole range as it is ``printed``."""

    value: Decimal
    qualifier: str = ""
    printed: str = ""

    def words(self, unit: str) -> str:
        """``about 400,000 H100 equivalents``; a range as ``at least 1,000 MW (1–2 GW)``."""
        number = f"{self.value:,f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        before = f"{self.qualifier} " if self.qualifier else ""
        return f"{before}{number} {unit}{f' ({self.printed})' if self.printed else ''}"


class Quantities(Struct):
    """The figures of one row, by their names in the ledger. What cannot be read is ``left_out`` with its column, and
    said in ``problems``, which begin with ``place``."""

    place: str = ""
    by_name: dict[str, Quantity] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def read(self, name: str, column: str, cell: str, units: Units) -> Quantity | None:
        """The figure in ``cell``, held as ``name`` where that is not empty; ``None`` without one."""
        text = clean(cell)
        try:
            quantity = read_quantity(text, units)
        except Unreadable as refused:
            self.left_out.append(f"{column}: {text}".lstrip(": "))
            self.problems.append(f"{self.place}{column!r} has {text!r}, which {refused}: it stands in the note alone")
            return None
        if quantity is not None and name:
            self.by_name[name] = quantity
        return quantity

    @property
    def values(self) -> dict[str, Decimal]:
        """The figures as `figures` of a commitment."""
        return {name: quantity.value for name, quantity in self.by_name.items()}

    @property
    def qualifiers(self) -> dict[str, str]:
        """Their words as `figure_qualifiers` of a commitment."""
        return {name: quantity.qualifier for name, quantity in self.by_name.items() if quantity.qualifier}

    def words(self, units: Mapping[str, str]) -> str:
        """The figures that ``units`` names, each with its unit."""
        return "; ".join(self.by_name[name].words(unit) for name, unit in units.items() if name in self.by_name)


def read_quantity(text: str, units: Units) -> Quantity | None:
    """The figure of a cell, in the unit for which ``units`` has 1; ``None`` for an empty cell, one that says that there
    is none, and for nought. Raises `Unreadable` for anything else."""
    if text.casefold() in _NOTHING:
        return None
    match = _CELL.fullmatch(text)
    if match is None:
        raise Unreadable("is no number")
    high = _number(match["high"]) if match["high"] else None
    unit = match["unit"] or match["unit_low"] or ""
    value = _number(match["low"]) * _worth(match["unit_low"] or unit, units)
    if high is not None and high * _worth(unit, units) <= value:
        raise Unreadable("is a range that ends below its begin")
    if value > _MOST:
        raise Unreadable("is too large")
    if not value:
        return None
    before = (match["before"] or "").casefold()
    about = "about" if match["after"] else ""
    bound = "at least" if high is not None or match["plus"] else ""
    return Quantity(value, bound or _WORDS.get(before, about), text if high is not None else "")


def _number(text: str) -> Decimal:
    return Decimal(re.sub("[, ]", "", text))


def _worth(unit: str, units: Units) -> Decimal | int:
    plain = " ".join(_SPARE.sub(" ", unit.casefold()).split())
    if plain not in units:
        raise Unreadable(f"is in {unit}, which the column is not")
    return units[plain]
