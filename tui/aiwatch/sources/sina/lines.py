"""Sina's answer, taken apart: which line is about which symbol, and what their sum says of those asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.line_batch import LineBatch
from aiwatch.sources.sina.codes import REAL_TIME, code_of
from aiwatch.sources.sina.quote import quote_of

_LINE = re.compile(r'var hq_str_([\w$.^]++)=("?)([^"]*+)("?)[;\s]*+', re.ASCII)


def text_of(body: bytes) -> str:
    """The text of an answer: UTF-8 where it is that without a fault, else GB18030, which the host usually sends."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def lines_of(body: bytes) -> list[str]:
    """The lines of an answer, empty ones left out."""
    return [line for line in text_of(body).replace('";var', '";\nvar').split("\n") if line and not line.isspace()]


@raises_garbled
def parse(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The whole answer ``body`` to a request for ``asked``; see `Batch`."""
    batch = Batch(asked, received_at)
    lines = lines_of(body)
    batch.check_count(lines, host)
    batch.take(lines)
    return batch.answer(host)


class Batch(LineBatch[str]):
    """The answer to one request; see `LineBatch`. A line of Hong Kong's delayed prices stands for one in real time."""

    def __init__(self, asked: Iterable[Symbol], received_at: datetime) -> None:
        super().__init__(asked, received_at, code_of)

    def take(self, lines: Sequence[str]) -> None:
        """Read ``lines`` of the answer."""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                self._stray.append(Refusal("", f"no quote line: {parsing.plain(line, 40)}"))
                continue
            code, opened, content, closed = match.groups()
            symbol = self._asked.get(code) or self._asked.get(REAL_TIME + code)
            if symbol is None:
                self._stray.append(Refusal(parsing.plain(code, 20), "was not asked for"))
                continue
            self._keep(symbol, code, content, whole=bool(opened and closed))

    def _read(self, symbol: Symbol, code: str, content: str) -> Quote | None:
        return quote_of(symbol, code, content, self._received_at)
