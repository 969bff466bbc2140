"""Collects what a file names into lists: symbols in any form, positions from lots, and everything left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from aiwatch.errors import Problem, SymbolError
from aiwatch.files.characters import one_line
from aiwatch.market.spelling.reader import symbol_of
from aiwatch.market.symbol import AmbiguousSymbol, Symbol
from aiwatch.watchlist import AlertRules, Stock, Watchlist
from aiwatch.watchlist.directory import Directory, Entry
from aiwatch.watchlist.positions import COST_STEP, Lot, holding_of
from aiwatch.watchlist.reader import name_of

_CRYPTO = re.compile(
    r".+\.(X|CG|CB)"
    r"|(BINANCE|BINANCEUS|BITFINEX|BITGET|BITMEX|BITSTAMP|BYBIT|COINBASE|CRYPTO|CRYPTOCAP|GATEIO|GEMINI|HTX|HUOBI"
    r"|KRAKEN|KUCOIN|MEXC|OKX|POLONIEX|UNISWAP|UPBIT):.+"
)
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_SPELLED = re.compile(r"[A-Z0-9_]{1,16}:[A-Z0-9.!^&/_-]{1,20}|[A-Z0-9^&=-]{1,12}(\.[A-Z]{1,4})?")
"""What is written as symbols are: what is wrong with one of these is not its spelling."""
MOST_SYMBOLS, MOST_LISTS = 50_000, 500
"""What a file may have; nobody keeps more."""
_MOST_SHOWN = 60
_PROSE = 5
"""Strange words in one line that make it a sentence."""
_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?(?<=[0-9.])([eE][+-]?[0-9]{1,2})?")
_GREATEST = Decimal("1e15")


@dataclass(slots=True)
class Mention:
    """What a list says of one stock, gathered over all its lines; ``line`` is the first."""

    symbol: Symbol
    line: int
    is_listed: bool = False
    name: str = ""
    name_zh: str = ""
    role: str = ""
    printed_as: str = ""
    note: str = ""
    tags: dict[str, None] = field(default_factory=dict)
    alerts: AlertRules | None = None
    lots: list[Lot] = field(default_factory=list)


class Section:
    """One list of a file: its ``name`` (empty when the file gives none) and its stocks in the order of their lines."""

    def __init__(self, gathering: Gathering, name: str, description: str) -> None:
        self.name = one_line(name)
        self.description = one_line(description)
        self.mentions: dict[Symbol, Mention] = {}
        self._gathering = gathering

    def add(self, text: str, line: int) -> Mention | None:
        """Put the stock that ``text`` spells on the list; ``None``, and a problem, when it is none or there already."""
        mention = self.find(text, line)
        if mention is not None and mention.is_listed:
            what = f"{mention.symbol} is already in this list, at line {mention.line}"
            self._gathering.add_problem(line, what)
            return None
        if mention is not None:
            mention.is_listed = True
        return mention

    def find(self, text: str, line: int) -> Mention | None:
        """What the list says of the stock that ``text`` spells; ``None``, and a problem, when it is no stock."""
        symbol = self._gathering.symbol(text, line)
        return None if symbol is None else self.mentions.setdefault(symbol, Mention(symbol, line))


class Gathering:
    """What is read from the file ``path``: sections, and a problem for everything that is not kept."""

    def __init__(self, path: Path, directory: Directory) -> None:
        self._path = path
        self._directory = directory
        self._sections: list[Section] = []
        self._problems: list[Problem] = []
        self._tried: list[tuple[int, bool]] = []
        self.hint = ""
        """How to write symbols, where that is what some of them want."""

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is not kept, in the order of the file's lines."""
        return tuple(sorted(self._problems))

    def add_problem(self, line: int, what: str) -> None:
        """Tell of something that is not kept."""
        self._problems.append(Problem(self._path, line, one_line(what)))

    def section(self, name: str = "", description: str = "") -> Section:
        """Begin a new list."""
        section = Section(self, name, description)
        self._sections.append(section)
        return section

    def symbol(self, text: str, line: int) -> Symbol | None:
        """The symbol that ``text`` spells; ``None``, and a problem, when it is none.

        Where there are more of them than any file has, it is ``None`` for the others, and there is one problem.
        """
        if len(self._tried) >= MOST_SYMBOLS:
            if len(self._tried) == MOST_SYMBOLS:
                self.add_problem(line, f"more than {MOST_SYMBOLS:,} symbols: what follows is not kept")
                self._tried.append((line, False))
            return None
        self._tried.append((line, False))
        plain = text.strip()
        if _CRYPTO.fullmatch(plain.upper()):
            what = "a crypto-currency in another spelling than Yahoo's; write it as in BTC-USD"
            self.add_problem(line, f"{_shown(plain)} is {what}")
            return None
        if _ISIN.fullmatch(plain):
            self.add_problem(line, f"{plain!r} is an ISIN: write the symbol of the stock on its exchange")
            return None
        try:
            return symbol_of(text)
        except AmbiguousSymbol as error:
            self.add_problem(line, str(error))
        except SymbolError as error:
            self.add_problem(
                line, f"{plain!r} is a future, which no source of aiwatch prices" if _is_future(plain) else str(error)
            )
            if not _SPELLED.fullmatch(plain):
                self._tried[-1] = line, True
                self.hint = error.hint
        return None

    @property
    def is_prose(self) -> bool:
        """Whether most of what was read as symbols is not even written as symbols are."""
        strange = [line for line, is_strange in self._tried if is_strange]
        lines = {line for line, _ in self._tried}
        sane_lines = {line for line, is_strange in self._tried if not is_strange}
        most_lines = 2 * len(sane_lines) < len(lines)
        return 2 * len(strange) > len(self._tried) and (most_lines or len(strange) >= _PROSE)

    def number(self, text: str, line: int, what: str) -> Decimal | None:
        """The number that ``text`` writes, with commas between thousands or without; ``None`` for an empty text.

        Anything else is a problem: a comma may be a decimal point elsewhere, and is not guessed at.
        """
        plain = text.strip()
        if not plain:
            return None
        number = _number(plain)
        if number is None:
            self.add_problem(line, f"{what} {_shown(plain)} is no number")
        return number

    def lot(self, quantity: Decimal | None, price: Decimal | None, fee: Decimal | None, line: int) -> Lot | None:
        """A purchase of ``quantity`` shares (sale, when negative) at ``price`` each and a ``fee`` for all of them.

        ``None`` when there is no quantity; a price that stands alone is a problem.
        """
        if not quantity:
            if price:
                self.add_problem(line, f"the price {price} is not kept, as there is no quantity")
            return None
        if price is not None and price < 0:
            self.add_problem(line, f"the price {price} is below zero; the quantity is kept without it")
            price = None
        if price is not None and fee:
            try:
                price = (price + fee / quantity).quantize(COST_STEP)
            except ArithmeticError:
                self.add_problem(line, f"a fee of {fee} for {quantity} shares is not kept")
        return Lot(quantity, price)

    def lists(self, name: str | None) -> tuple[Watchlist, ...]:
        """The sections with a stock in them as lists, all as one called ``name`` if that is given."""
        sections = [section for section in self._sections if section.mentions]
        if len(sections) > MOST_LISTS and name is None:
            self.add_problem(1, f"{len(sections)} lists: only the first {MOST_LISTS} are kept")
            del sections[MOST_LISTS:]
        if name is not None and sections:
            sections = [self._joined(sections, name)]
        return tuple(self._watchlist(section) for section in sections)

    def _joined(self, sections: Sequence[Section], name: str) -> Section:
        whole = Section(self, name, sections[0].description if len(sections) == 1 else "")
        for section in sections:
            for symbol, mention in section.mentions.items():
                earlier = whole.mentions.setdefault(symbol, mention)
                if earlier is not mention:
                    earlier.lots += mention.lots
                    earlier.note = earlier.note or mention.note
                    earlier.tags |= mention.tags
        return whole

    def _watchlist(self, section: Section) -> Watchlist:
        name = section.name or name_of(self._path)
        description = section.description or f"Imported from {one_line(self._path.name)}."
        stocks = tuple(self._stock(mention) for mention in section.mentions.values())
        return Watchlist("", name, description, stocks, self._path)

    def _stock(self, mention: Mention) -> Stock:
        entry = self._directory.get(mention.symbol) or Entry(mention.symbol, mention.symbol.text)
        position = holding_of(mention.lots)
        if mention.lots and position is None:
            self.add_problem(mention.line, f"{mention.symbol} is listed without a position: all of it is sold again")
        return Stock(
            mention.symbol,
            one_line(mention.name) or entry.name,
            one_line(mention.name_zh) or entry.name_zh,
            one_line(mention.role) or entry.role,
            one_line(mention.printed_as),
            one_line(mention.note),
            tuple(filter(None, map(one_line, mention.tags))),
            position.quantity if position else None,
            position.cost if position else None,
            mention.alerts,
        )


def is_symbol(text: str) -> bool:
    """Whether ``text`` spells a symbol, if perhaps one of several."""
    try:
        return bool(symbol_of(text))
    except AmbiguousSymbol:
        return True
    except SymbolError:
        return False


def _is_future(text: str) -> bool:
    return text.endswith(("=F", "1!", "2!"))


def is_number(text: str) -> bool:
    """Whether ``text`` is a number, or nothing."""
    return not text.strip() or _number(text.strip()) is not None


def _number(plain: str) -> Decimal | None:
    if len(plain) > _MOST_SHOWN or not _NUMBER.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", ""))
    return number if abs(number) < _GREATEST else None


def _shown(text: str) -> str:
    """``text`` in quotes, not at full length."""
    return repr(text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…")
