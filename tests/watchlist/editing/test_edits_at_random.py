"""A thousand edits by program and by hand, taking turns: no comment and no stock is lost, no value but the one set."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.errors import FileError
from aiwatch.files.toml_positions import Statement, comments_of, statements_of
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.watchlist import AlertRules, Stock, Watchlist
from aiwatch.watchlist.editing.edits import AddStock, Edit, PlaceStock, RemoveStock, SetListKey, SetStockKey, edit
from aiwatch.watchlist.reader import parse_watchlist
from tests.properties import examples

HERE = Path("list.toml")
HEAD = "# mine\nname = 'Mine' # tab\ndescription = 'x'\n"
NOTHING: dict[str, Any] = {"note": "", "tags": (), "quantity": None, "alerts": None}
MOST_STOCKS, MOST_COMMENTS = 6, 30


class Hand:
    """A person with a text editor: writes what is good TOML, but in any shape."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments = 0

    def write(self, text: str, present: Watchlist) -> str:
        """Change something."""
        changes = [self.comment, self.remark, self.blank, self.rename, self.swap, self.squeeze]
        if len(present.stocks) < MOST_STOCKS:
            changes += [self.append, self.append]
        new = self.chance.choice(changes)(text)
        try:
            parse_watchlist(HERE, new)
        except FileError:  # an unlucky place, such as the inside of a text
            return text
        return new

    def _new_comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}"

    def _lines(self, text: str) -> list[str]:
        return text.split("\n")

    def _put_line(self, text: str, line: str) -> str:
        lines = self._lines(text)
        lines.insert(self.chance.randrange(len(lines) + 1), line)
        return "\n".join(lines)

    def comment(self, text: str) -> str:
        """A line of comment anywhere."""
        if text.count("#") > MOST_COMMENTS:
            return text
        return self._put_line(text, self.chance.choice(["", "  "]) + self._new_comment())

    def remark(self, text: str) -> str:
        """A comment behind a line."""
        lines = self._lines(text)
        at = self.chance.randrange(len(lines))
        if "#" not in lines[at] and lines[at].strip() and text.count("#") <= MOST_COMMENTS:
            lines[at] += f" {self._new_comment()}"
        return "\n".join(lines)

    def blank(self, text: str) -> str:
        """An empty line anywhere."""
        return self._put_line(text, self.chance.choice(["", "", "   "])) if text.count("\n") < 150 else text

    def squeeze(self, text: str) -> str:
        """Empty lines taken out somewhere."""
        places = [match.start() for match in re.finditer(r"\n[ ]*\n", text)]
        if not places:
            return text
        at = self.chance.choice(places)
        return text[:at] + re.sub(r"^\n[ ]*\n", "\n", text[at:])

    def rename(self, text: str) -> str:
        """Another name for a stock."""
        return re.sub(r"name = 'S\d*'", f"name = 'S{self.chance.randrange(99)}'", text, count=1)

    def append(self, text: str) -> str:
        """A stock at the end, in one shape or another."""
        code = "".join(self.chance.choices("ABCDEFGHIJ", k=4))  # one that is there already is refused
        shapes = [
            "",
            "alerts = { above = 7 } # why\n",
            "alerts.limit = true\n",
            "tags = [\n  'a', # one\n  # two\n  'b',\n]\n",
            "\n[stock.alerts] # told\nbelow = 3 # cheap\n# above = 9\n",
            'role = """# no comment"""\n',
        ]
        head = self.chance.choice(["\n", "", "\n# apart\n\n", "# close\n"])
        lead = "" if text.endswith("\n") else "\n"
        return f"{text}{lead}{head}[[stock]]\nsymbol = '{code}'\nname = 'S'\n{self.chance.choice(shapes)}"

    def swap(self, text: str) -> str:
        """Two neighbours cut and pasted in the other order."""
        parts = re.split(r"(?m)^(?=\[\[stock\]\])", text if text.endswith("\n") else f"{text}\n")
        if len(parts) < 3:
            return text
        at = self.chance.randrange(1, len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
        return "".join(parts)


def program(chance: random.Random, present: Watchlist) -> Edit:
    """An edit such as a key makes."""
    code = f"K{chance.choice(sorted(set('ABCDEFGHIJKLM') - {stock.symbol.text[1] for stock in present.stocks}))}"
    count = len(present.stocks)
    if count < 3 or (count < MOST_STOCKS and chance.random() < 0.2):
        return AddStock(Stock(parse_symbol(code), "S", note="new"), chance.choice([None, 0, chance.randrange(9)]))
    symbol = chance.choice(present.stocks).symbol
    alerts = chance.choice([None, AlertRules(above=chance.randrange(5, 9)), AlertRules(limit=True, below=2.5)])
    return chance.choice(
        (
            RemoveStock(symbol),
            PlaceStock(symbol, by=chance.choice([-1, 1])),
            PlaceStock(symbol, to=chance.randrange(count)),
            SetStockKey(symbol, "note", chance.choice([None, "x", "it's"])),
            SetStockKey(symbol, "tags", chance.choice([None, ("a",), ("b", "c")])),
            SetStockKey(symbol, "quantity", chance.choice([None, 3, -2.5])),
            SetStockKey(symbol, "alerts", alerts),
            SetListKey("name", chance.choice(["Mine", "Yours"])),
            SetListKey("columns", chance.choice([None, ("name", "last")])),
        )
    )


def stocks_of(watchlist: Watchlist, but: Symbol | None = None) -> dict[Symbol, Stock]:
    return {stock.symbol: stock for stock in watchlist.stocks if stock.symbol != but}


def may_go(text: str, symbol: Symbol) -> Counter[str]:
    """The comments in the paragraphs that a stock's lines touch: the most that may go with it."""
    lines, statements = text.split("\n"), statements_of(text)
    at = [stock.symbol for stock in parse_watchlist(HERE, text).stocks].index(symbol)
    own = [statement for statement in statements if statement.place[:2] == ("stock", at)]
    first, last = own[0].first - 1, own[-1].last - 1
    peers: set[int] = set()
    for statement in statements:
        if statement not in own:
            peers.update(range(statement.first - 1, statement.last))
    first = _reach(lines, peers, first, -1)
    last = _reach(lines, peers, last, 1)
    return Counter(comments_of("\n".join(lines[first : last + 1])))


def _reach(lines: list[str], peers: set[int], at: int, step: int) -> int:
    while 0 <= at + step < len(lines) and lines[at + step].strip() and at + step not in peers:
        at += step
    return at


@pytest.mark.parametrize("seed", range(4))
def test_edits_by_program_and_by_hand_lose_nothing(seed: int) -> None:
    chance = random.Random(seed)
    hand, text, met = Hand(chance), HEAD, Counter[str]()
    for _ in range(examples(250)):
        present = parse_watchlist(HERE, text)
        if chance.random() < 0.5:
            text = hand.write(text, present)
            continue
        item = program(chance, present)
        met[type(item).__name__] += 1
        edited = edit(HERE, text, [item])
        lost = Counter(comments_of(text)) - Counter(comments_of(edited.text))
        assert not Counter(comments_of(edited.text)) - Counter(comments_of(text))
        if isinstance(item, RemoveStock):
            assert not lost - may_go(text, item.symbol)
        else:
            assert not lost
            stored = (
                item.symbol
                if isinstance(item, SetStockKey)
                else item.stock.symbol
                if isinstance(item, AddStock)
                else None
            )
            assert stocks_of(edited.watchlist, stored) == stocks_of(present, stored)
        if isinstance(item, SetStockKey):
            expected: Any = NOTHING[item.key] if item.value is None else item.value
            before, now = stocks_of(present)[item.symbol], stocks_of(edited.watchlist)[item.symbol]
            assert now == replace(before, **{item.key: expected})
        elif isinstance(item, AddStock):
            assert stocks_of(edited.watchlist)[item.stock.symbol] == item.stock
        back = edit(HERE, edited.text, edited.inverse)
        assert stocks_of(back.watchlist) == stocks_of(present)
        assert [stock.symbol for stock in back.watchlist.stocks] == [stock.symbol for stock in present.stocks]
        assert not Counter(comments_of(text)) - Counter(comments_of(back.text))
        text = edited.text
    assert len(met) == 5


def test_the_statements_are_all_that_is_neither_blank_nor_a_comment() -> None:
    chance = random.Random(1)
    hand, text = Hand(chance), HEAD
    for _ in range(60):
        text = hand.write(text, parse_watchlist(HERE, text))
    covered: set[int] = set()
    for item in statements_of(text):
        covered.update(range(item.first, item.last + 1))
    for number, line in enumerate(text.split("\n"), 1):
        assert (number in covered) or not line.strip() or line.lstrip().startswith("#")
    assert statements_of("a = 1 # x\n[t]\nb = [\n1]\n") == [
        Statement(1, 1, ("a",), ()),
        Statement(2, 2, ("t",), ("t",)),
        Statement(3, 4, ("t", "b"), ("t",)),
    ]
