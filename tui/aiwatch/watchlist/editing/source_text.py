"""A watchlist file as it is written: which of its lines belong to which stock. Lossless, whatever a person wrote.

Moving stocks by lines is what `tomlkit` cannot do: it takes the comments above a head for the end of the stock before.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from aiwatch.errors import EditError
from aiwatch.files.toml_positions import Statement, statements_of
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist.editing.symbol_array import Item, SymbolArray
from aiwatch.watchlist.reader import parse_watchlist

BYTE_ORDER_MARK = "\ufeff"


class Block(Struct):
    """Lines that stay together, each with its line break; ``before`` are the blank ones above them.

    A stock with the comments right above its head and right below its keys, or, without a ``symbol``, comments that
    blank lines set apart.
    """

    before: list[str]
    lines: list[str]
    symbol: Symbol | None = None


class Sheet(Struct):
    """The text of a watchlist in parts. ``preamble`` is all that stands above the first stock, ``tail`` blank lines
    at the end, ``newline`` the line break of the file; ``open_end`` says that the last line has none, ``marked`` that
    the file begins with a byte order mark."""

    preamble: list[str]
    blocks: list[Block] = []
    tail: list[str] = []
    newline: str = "\n"
    open_end: bool = False
    marked: bool = False

    @classmethod
    def read(cls, path: Path, text: str) -> Sheet:
        """Take ``text``, which stands or is to stand in ``path``, apart.

        Raises `FileError` for what is no watchlist, `EditError` for one whose stocks are not written under heads.
        """
        marked, text = text.startswith(BYTE_ORDER_MARK), text.removeprefix(BYTE_ORDER_MARK)
        watchlist = parse_watchlist(path, text)
        lines = lines_of(text)
        sheet = cls([], newline="\r\n" if lines[0].endswith("\r\n") else "\n", marked=marked)
        sheet.open_end = not text.endswith("\n")
        if sheet.open_end:
            lines[-1] += sheet.newline
        statements = statements_of(text)
        heads = [statement for statement in statements if statement.is_head and statement.place[:-1] == ("stock",)]
        bare = len(watchlist.stocks) - len(heads)
        array = SymbolArray.read(lines)
        if bare != (len(array.symbols) if array else 0):
            line = next(statement.first for statement in statements if statement.place == ("stock",))
            raise EditError(
                f"{path}:{line}: the stocks stand in brackets",
                hint="Write each under a [[stock]] head of its own, and aiwatch can edit them.",
            )
        _Cutter(lines, statements, heads).cut(sheet, [stock.symbol for stock in watchlist.stocks[bare:]])
        return sheet

    @property
    def text(self) -> str:
        """All of it."""
        parts = [*self.preamble, *(line for block in self.blocks for line in (*block.before, *block.lines)), *self.tail]
        whole = (BYTE_ORDER_MARK if self.marked else "") + "".join(parts)
        return whole.removesuffix(self.newline) if self.open_end else whole

    @property
    def symbols(self) -> list[Symbol]:
        """The symbols of its stocks, top to bottom."""
        return [*self._bare, *self._headed]

    @property
    def takes_bare_symbols(self) -> bool:
        """Whether it has its stocks in ``symbols``, and none under a head."""
        return SymbolArray.read(self.preamble) is not None and not self._headed

    @property
    def _bare(self) -> list[Symbol]:
        array = SymbolArray.read(self.preamble)
        return array.symbols if array else []

    @property
    def _headed(self) -> list[Symbol]:
        return [block.symbol for block in self.blocks if block.symbol is not None]

    def stock(self, symbol: Symbol) -> Block:
        """The block of ``symbol``; where it stands in ``symbols``, it and those behind it there get heads for that.

        Raises `EditError` when it is not in the list.
        """
        bare = self._bare
        if symbol in bare:
            self._give_heads(bare.index(symbol))
        match = next((block for block in self.blocks if block.symbol == symbol), None)
        if match is None:
            raise EditError(f"{symbol} is not in this list any more")
        return match

    def lines_of(self, symbol: Symbol) -> list[str]:
        """What is written of ``symbol``, as it would be under a head. Raises `EditError` when it is not in the list."""
        array = SymbolArray.read(self.preamble)
        for item in array.items if array else ():
            if item.symbol == symbol:
                return _under_head(item, self.newline)
        return self.stock(symbol).lines

    def insert(self, block: Block, at: int) -> None:
        """Put a stock where it will be the ``at``-th (from 0): right below the one above it, else above the first."""
        array = SymbolArray.read(self.preamble)
        bare = len(array.symbols) if array else 0
        if array and block.symbol and (self.takes_bare_symbols or at < bare) and _is_bare(block):
            comments = [line.strip() for line in block.lines if is_comment(line)]
            array.insert(block.symbol, max(0, min(at, bare)), comments)
            self.preamble[:] = array.lines()
            return
        if at < bare:
            self._give_heads(max(0, at))
            bare = len(self._bare)
        places = [place for place, held in enumerate(self.blocks) if held.symbol is not None]
        at = max(0, min(at - bare, len(places)))
        self._put(block, places[at - 1] + 1 if at else (places[0] if places else 0))

    def move(self, symbol: Symbol, at: int) -> None:
        """Move a stock to where it will be the ``at``-th: right above the one it rises past, right below the one it
        sinks past, so that comments which stand by themselves stay with those."""
        now = self.symbols.index(symbol)
        at = max(0, min(at, len(self.symbols) - 1))
        array = SymbolArray.read(self.preamble)
        if at == now:
            return
        if array and max(at, now) < len(array.symbols):
            array.put(array.take(now), at)
            self.preamble[:] = array.lines()
            return
        self._give_heads(min(at, now))
        block, past = self.stock(symbol), self.stock(self.symbols[at])
        self.remove(symbol)
        self._put(block, self._place_of(past) + (at > now))

    def remove(self, symbol: Symbol) -> None:
        """Take a stock out with its comments; the space around it closes."""
        bare = self._bare
        array = SymbolArray.read(self.preamble)
        if array and symbol in bare:
            array.take(bare.index(symbol))
            self.preamble[:] = array.lines()
            return
        block = self.stock(symbol)
        at = self._place_of(block)
        del self.blocks[at]
        if at < len(self.blocks) and not self.blocks[at].before:
            self.blocks[at].before = list(block.before)

    def _give_heads(self, first: int) -> None:
        """Write the stocks of ``symbols`` from the ``first``-th on under heads of their own, in their order."""
        array = SymbolArray.read(self.preamble)
        bare = len(self._bare)
        if array is None or first >= bare:
            return
        items = [array.take(at) for at in reversed(range(first, bare))]
        self.preamble[:] = array.lines()
        places = [place for place, held in enumerate(self.blocks) if held.symbol is not None]
        at = places[0] if places else len(self.blocks)
        for item in items:
            self._put(Block([], _under_head(item, self.newline), item.symbol), at)

    def _put(self, block: Block, at: int) -> None:
        block.before = block.before or ([] if self._is_dense() else [self.newline])
        self.blocks.insert(at, block)
        self._keep_apart(at)
        self._keep_apart(at + 1)

    def _place_of(self, block: Block) -> int:
        return next(place for place, candidate in enumerate(self.blocks) if candidate is block)

    def _is_dense(self) -> bool:
        """Whether the file has its stocks without space between them."""
        later = [block for block in self.blocks if block.symbol is not None][1:]
        return bool(later) and not any(block.before for block in later)

    def _keep_apart(self, at: int) -> None:
        """Keep comments that end what is above from becoming those of the block at ``at``."""
        if not 0 <= at < len(self.blocks) or self.blocks[at].before:
            return
        above = self.blocks[at - 1].lines if at else self.preamble
        if above and is_comment(above[-1]):
            self.blocks[at].before = [self.newline]


def lines_of(text: str) -> list[str]:
    """``text`` cut after each line feed, and nowhere else."""
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])


def is_comment(line: str) -> bool:
    """Whether there is a comment on ``line``, and nothing else."""
    return line.lstrip().startswith("#")


def _under_head(item: Item, newline: str) -> list[str]:
    """A stock of ``symbols`` as it stands under a head."""
    return [f"{line}{newline}" for line in (*item.comments, "[[stock]]", f"symbol = {item.text}")]


def _is_bare(block: Block) -> bool:
    """Whether there is no more in a block than its symbol, and comments above."""
    lines = [line.strip() for line in block.lines if not is_comment(line) and line.strip()]
    return len(lines) == 2 and lines[0] == "[[stock]]" and lines[1].startswith("symbol") and "#" not in lines[1]


class _Cutter:
    """Cuts lines into a `Sheet`, each into exactly one part."""

    def __init__(self, lines: list[str], statements: list[Statement], heads: list[Statement]) -> None:
        self._lines = lines
        self._heads = heads
        self._ends = self._last_lines(statements)

    def cut(self, sheet: Sheet, symbols: Iterable[Symbol]) -> None:
        own_end = self._ends[0]
        sheet.preamble = self._lines[:own_end]
        loose = self._lines[own_end:]
        for at, symbol in enumerate(symbols):
            head = self._heads[at].first - 1
            gap = self._lines[own_end:head]
            attached = _trailing(gap)
            loose = gap[: len(gap) - len(attached)]
            before = self._settle(sheet, loose)
            own_end = self._ends[at + 1]
            sheet.blocks.append(Block(before, attached + self._lines[head:own_end], symbol))
            loose = self._lines[own_end:]
        sheet.tail = self._settle(sheet, loose)

    def _last_lines(self, statements: list[Statement]) -> list[int]:
        """The last line of what stands above the first head, and of each stock's own keys."""
        starts = [head.first for head in self._heads]
        ends = []
        for start, stop in zip([0, *starts], [*starts, len(self._lines) + 1], strict=True):
            ends.append(max((statement.last for statement in statements if start <= statement.first < stop), default=0))
        return ends

    def _settle(self, sheet: Sheet, loose: list[str]) -> list[str]:
        """Give the lines between two stocks their place; returns the blank ones that are left at their end."""
        current = sheet.blocks[-1].lines if sheet.blocks else sheet.preamble
        before: list[str] = []
        for line in loose:
            if not line.strip():
                before.append(line)
                continue
            if not before:
                current.append(line)
            elif sheet.blocks:
                sheet.blocks.append(Block(before, [line]))
                current = sheet.blocks[-1].lines
            else:
                current += [*before, line]
            before = []
        return before


def _trailing(lines: list[str]) -> list[str]:
    """The comments that end ``lines`` without a blank line between."""
    count = 0
    while count < len(lines) and is_comment(lines[-1 - count]):
        count += 1
    return lines[len(lines) - count :] if count else []
