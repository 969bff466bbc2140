"""What is typed into the filter box, as a test of rows: plain words, and expressions over columns.

::

    any    = all { "or" all }
    all    = none { [ "and" ] none }
    none   = { "not" } term
    term   = "(" any ")" | column sign value | word
    sign   = ">" | ">=" | "<" | "<=" | "=" | "!=" | "~" | "!~"
    value  = number [ unit ] | column | word

Nothing is ever evaluated as code: the parser makes closures, once, of its own few kinds. A row without the figure that
is asked for passes neither a test of it nor that test's opposite, so that "not" is carried down to the tests.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from aiwatch.board.cells import FilterContext
from aiwatch.board.column import Texts
from aiwatch.board.columns import BY_KEY
from aiwatch.board.filter.fields import (
    LONGEST_NAME,
    Number,
    column_of,
    matches_word,
    nearest,
    number_of,
    texts_of,
)
from aiwatch.board.filter.tokens import (
    CLOSE,
    END,
    OPEN,
    QUOTED,
    SIGN,
    SPANS,
    UNITS,
    WORD,
    Token,
    number,
    tokens,
)
from aiwatch.errors import FilterError
from aiwatch.market.quote import Quote
from aiwatch.watchlist import Stock

DEEPEST = 24
"""Brackets within brackets at most."""

Test = Callable[[Stock, Quote | None, FilterContext], bool]

Compare = Callable[[float, float], bool]
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=", "!=": "=", "~": "!~", "!~": "~"}
_COMPARE: dict[str, Compare] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": lambda value, limit: abs(value - limit) <= 1e-9 * max(1.0, abs(limit)),
    "!=": lambda value, limit: abs(value - limit) > 1e-9 * max(1.0, abs(limit)),
}


class Filter:
    """A test of rows. ``live`` is whether it may come out otherwise when quotes change, ``tail`` the plain words it
    ends in: one of them may be a column that is still to be compared."""

    def __init__(self, test: Test, live: bool, tail: str) -> None:
        self.live = live
        self.tail = tail
        self._test = test

    def bind(self, context: FilterContext) -> Callable[[Stock], bool]:
        """The test as it comes out with what is in ``context``."""
        test, quotes = self._test, context.quotes
        return lambda stock: test(stock, quotes.get(stock.symbol), context)


def parse_filter(text: str) -> Filter:
    """The filter that ``text`` says; nothing but blanks lets every row pass. Raises `FilterError`."""
    parser = _Parser(tokens(text))
    return Filter(parser.whole(), parser.live, " ".join(parser.tail))


class _Parser:
    def __init__(self, pieces: Sequence[Token]) -> None:
        self._pieces = pieces
        self._at = 0
        self._deep = 0
        self.live = False
        self.tail: list[str] = []

    @property
    def _next(self) -> Token:
        return self._pieces[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.kind != END
        return token

    def _is_word(self, word: str) -> bool:
        return self._next.kind == WORD and self._next.text.casefold() == word

    def whole(self) -> Test:
        """The test of the whole text."""
        if self._next.kind == END:
            return lambda stock, quote, context: True
        test = self._any(False)
        if self._next.kind != END:
            raise FilterError("this bracket was never opened", self._next.position)
        return test

    def _any(self, opposite: bool) -> Test:
        tests = [self._all(opposite)]
        while self._is_word("or"):
            self._take()
            tests.append(self._all(opposite))
        return _joined(tests, every=opposite)

    def _all(self, opposite: bool) -> Test:
        tests = [self._none(opposite)]
        while self._next.kind not in (CLOSE, END) and not self._is_word("or"):
            if self._is_word("and"):
                self._take()
            tests.append(self._none(opposite))
        return _joined(tests, every=not opposite)

    def _none(self, opposite: bool) -> Test:
        while self._is_word("not"):
            self._take()
            opposite = not opposite
        return self._term(opposite)

    def _term(self, opposite: bool) -> Test:
        token = self._next
        if token.kind == OPEN:
            return self._bracket(opposite)
        if token.kind == SIGN:
            raise FilterError(f"a column is missing before {token.text}", token.position)
        if token.kind in (CLOSE, END) or self._is_word("and") or self._is_word("or"):
            before = self._pieces[self._at - 1].text if self._at else ""
            where = f" after {before!r}" if before and before != OPEN else ""
            raise FilterError(f"something is missing{where}", token.position)
        name = self._column_name() if token.kind == WORD else ""
        return self._comparison(name, opposite) if name else self._word(self._take(), opposite)

    def _bracket(self, opposite: bool) -> Test:
        opened = self._take()
        self._deep += 1
        if self._deep > DEEPEST:
            raise FilterError(f"too many brackets within brackets: at most {DEEPEST}", opened.position)
        test = self._any(opposite)
        if self._next.kind != CLOSE:
            raise FilterError("this bracket is never closed", opened.position)
        self._take()
        self._deep -= 1
        self.tail.clear()
        return test

    def _column_name(self) -> str:
        """The key of the column whose name and sign come next, and take the name; empty if a plain word comes next.
        Raises `FilterError` for a name before a sign that is no column's."""
        first, key = self._next, self._known_name(before_sign=True)
        if key or self._pieces[self._at + 1].kind != SIGN:
            return key
        near = nearest(first.text)
        tip = f"did you mean {near!r}?" if near else "the column picker lists them"
        raise FilterError(f"{first.text!r} is no column; {tip}", first.position)

    def _known_name(self, *, before_sign: bool) -> str:
        """The key of the column whose name comes next, and take the name; empty if none does, or no sign after it
        where one must."""
        for words in range(LONGEST_NAME, 0, -1):
            name = self._pieces[self._at : self._at + words]
            if not all(piece.kind == WORD for piece in name):
                continue
            if before_sign and self._pieces[self._at + words].kind != SIGN:
                continue
            key = column_of("".join(piece.text for piece in name))
            if key:
                self._at += words
                return key
        return ""

    def _comparison(self, key: str, opposite: bool) -> Test:
        sign, value = self._take(), self._next
        self.tail.clear()
        if value.kind not in (WORD, QUOTED):
            raise FilterError(f"a value is missing after {sign.text}", value.position)
        meant = _OPPOSITE[sign.text] if opposite else sign.text
        texts = texts_of(key)
        if texts is None:
            if sign.text in ("~", "!~"):
                raise FilterError(f"{sign.text} is for texts: compare figures with > >= < <= = !=", sign.position)
            return self._of_figures(key, _COMPARE[meant])
        if sign.text not in ("=", "!=", "~", "!~"):
            raise FilterError(f"{sign.text} is for figures: compare texts with = != ~ !~", sign.position)
        return _of_texts(texts, meant, self._take().text.casefold())

    def _of_figures(self, key: str, compare: Compare) -> Test:
        self.live = True
        value, column = self._next, self._known_name(before_sign=False)
        if column and texts_of(column) is None:
            return _between(number_of(key), compare, number_of(column))
        if column:
            raise FilterError(f"{value.text!r} is a column of texts", value.position)
        self._take()
        units = SPANS if BY_KEY[key].is_span else UNITS
        apart = self._next.kind == WORD and self._next.text.casefold() in units and value.text[-1:].isdigit()
        limit = number(value, units, unit=self._take().text if apart else "")
        if limit is None:
            raise FilterError(f"{value.text!r} is no number", value.position)
        return _against(number_of(key), compare, limit)

    def _word(self, token: Token, opposite: bool) -> Test:
        word = token.text.casefold()
        self.tail.append(word)
        if opposite:
            return lambda stock, quote, context: not matches_word(stock, word)
        return lambda stock, quote, context: matches_word(stock, word)


def _joined(tests: Sequence[Test], *, every: bool) -> Test:
    """The test that all of ``tests`` pass, or at least one of them."""
    if len(tests) == 1:
        return tests[0]
    if every:
        return lambda stock, quote, context: all(test(stock, quote, context) for test in tests)
    return lambda stock, quote, context: any(test(stock, quote, context) for test in tests)


def _against(find: Number, compare: Compare, limit: float) -> Test:
    def test(stock: Stock, quote: Quote | None, context: FilterContext) -> bool:
        value = find(stock, quote, context)
        return value is not None and compare(value, limit)

    return test


def _between(find: Number, compare: Compare, find_limit: Number) -> Test:
    def test(stock: Stock, quote: Quote | None, context: FilterContext) -> bool:
        value, limit = find(stock, quote, context), find_limit(stock, quote, context)
        return value is not None and limit is not None and compare(value, limit)

    return test


def _of_texts(find: Texts, sign: str, value: str) -> Test:
    if sign == "~":
        return lambda stock, quote, context: any(value in text for text in find(stock))
    if sign == "!~":
        return lambda stock, quote, context: not any(value in text for text in find(stock))
    if sign == "=":
        return lambda stock, quote, context: value in find(stock)
    return lambda stock, quote, context: value not in find(stock)
