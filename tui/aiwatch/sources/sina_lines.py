"""Sina's answer, taken apart: which line is about which symbol, and what their sum says of those asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from aiwatch.errors import Garbled
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, figures
from aiwatch.sources.figures import Doubt
from aiwatch.sources.sina_codes import code_of
from aiwatch.sources.sina_quote import quote_of

_LINE = re.compile(r'var hq_str_([\w$.^]+)=("?)([^"]*)("?)[;\s]*', re.ASCII)


def text_of(body: bytes) -> str:
    """The text of an answer: UTF-8 where it is that without a fault, else GB18030, which the host usually sends."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def lines_of(body: bytes) -> list[str]:
    """The lines of an answer, empty ones left out."""
    return [line for line in text_of(body).replace('";var', '";\nvar').split("\n") if line.strip()]


def parse(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The whole answer ``body`` to a request for ``asked``; see `Batch`."""
    batch = Batch(asked, received_at)
    batch.take(lines_of(body))
    return batch.answer(host)


class Batch:
    """The answer to one request, taken in line by line so that an event loop can breathe between.

    Lines are matched by their code, never by place; of two lines for one symbol the later counts. One bad line
    becomes a `Refusal` and hurts no other.
    """

    def __init__(self, asked: Iterable[Symbol], received_at: datetime) -> None:
        coded = [(code_of(symbol), symbol) for symbol in asked]
        self._asked = {code: symbol for code, symbol in coded if code}
        self._uncovered = frozenset(symbol for code, symbol in coded if not code)
        self._received_at = received_at
        self._found: dict[str, Quote | Refusal | None] = {}
        self._stray: list[Refusal] = []

    def take(self, lines: Sequence[str]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {figures.plain(line, 40)}"))
                continue
            code, opened, content, closed = match.groups()
            symbol = self._asked.get(code)
            if symbol is None:
                self._stray.append(Refusal(figures.plain(code, 20), "was not asked for"))
                continue
            self._found[code] = self._read(symbol, code, content, whole=bool(opened and closed))

    def _read(self, symbol: Symbol, code: str, content: str, *, whole: bool) -> Quote | Refusal | None:
        try:
            if not whole:
                raise Doubt("a line cut short")
            return quote_of(symbol, code, content, self._received_at)
        except Doubt as doubt:
            return Refusal(symbol.text, str(doubt))

    def answer(self, host: str) -> Answer:
        """What the lines add up to.

        A symbol with an empty line or with none is unknown, unless there were lines that could not be read: then one
        without a line is refused. Raises `Garbled` when no line is about anything that was asked for.
        """
        if self._asked and not self._found:
            why = self._stray[0].reason if self._stray else "an empty answer"
            raise Garbled(host, f"no line of what was asked for: {why}")
        missing = [symbol for code, symbol in self._asked.items() if code not in self._found]
        lost = any(not refusal.symbol for refusal in self._stray)
        refused = [entry for entry in self._found.values() if isinstance(entry, Refusal)] + self._stray
        if lost:
            refused += [Refusal(symbol.text, "its line may be among the unreadable ones") for symbol in missing]
        unknown = [self._asked[code] for code, entry in self._found.items() if entry is None]
        return Answer(
            quotes=tuple(entry for entry in self._found.values() if isinstance(entry, Quote)),
            unknown=self._uncovered.union(unknown, () if lost else missing),
            refused=tuple(refused),
        )
