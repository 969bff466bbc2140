"""Tencent's answer, taken apart: which line is about which symbol, and what their sum says of those asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from aiwatch.errors import Garbled
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, figures
from aiwatch.sources.figures import Doubt
from aiwatch.sources.tencent_codes import code_of, symbol_of
from aiwatch.sources.tencent_quote import quote_of

NONE_MATCH = "pv_none_match"
"""The name of the one line sent when no code is known."""
_LINE = re.compile(rb'v_([\w.]+)=("?)([^"]*)("?)[;\s]*')


def lines_of(body: bytes) -> list[bytes]:
    """The lines of an answer, empty ones left out."""
    return [line for line in body.replace(b'";v_', b'";\nv_').split(b"\n") if line.strip()]


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
        self._found: dict[str, Quote | Refusal] = {}
        self._stray: list[Refusal] = []
        self._none_match = False

    def take(self, lines: Sequence[bytes]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {figures.plain(line[:40].decode('ascii', 'replace'))}"))
                continue
            name, opened, content, closed = match.groups()
            self._take_line(name.decode("ascii", "replace"), content, whole=len(opened) == len(closed))

    def _take_line(self, name: str, content: bytes, *, whole: bool) -> None:
        if name == NONE_MATCH:
            self._none_match = True
            return
        short = name.startswith("s_")
        code = name[2:] if short or name.startswith("r_") else name
        symbol = self._asked.get(code)
        if symbol is None:
            known = symbol_of(code)
            self._stray.append(Refusal(known.text if known else figures.plain(code, 20), "was not asked for"))
            return
        try:
            if short:
                raise Doubt("a short line, which carries too little")
            if not whole:
                raise Doubt("a line cut short")
            self._found[code] = quote_of(symbol, code, content, self._received_at)
        except Doubt as doubt:
            self._found[code] = Refusal(symbol.text, str(doubt))

    def answer(self, host: str) -> Answer:
        """What the lines add up to.

        A symbol without a line is unknown, unless there were lines that could not be read: then it is refused, for
        its own may have been among them. Raises `Garbled` when no line is about anything that was asked for.
        """
        missing = [symbol for code, symbol in self._asked.items() if code not in self._found]
        if self._asked and not self._found and not self._none_match:
            why = self._stray[0].reason if self._stray else "an empty answer"
            raise Garbled(host, f"no line of what was asked for: {why}")
        lost = any(not refusal.symbol for refusal in self._stray)
        refused = [entry for entry in self._found.values() if isinstance(entry, Refusal)] + self._stray
        if lost:
            refused += [Refusal(symbol.text, "its line may be among the unreadable ones") for symbol in missing]
        return Answer(
            quotes=tuple(entry for entry in self._found.values() if isinstance(entry, Quote)),
            unknown=self._uncovered if lost else self._uncovered.union(missing),
            refused=tuple(refused),
        )
