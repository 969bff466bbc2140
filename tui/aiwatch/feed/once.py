"""Prices a set of symbols once: what a one-shot command needs of the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.errors import SourceError
from aiwatch.feed.quote_book import QuoteBook
from aiwatch.feed.router import order
from aiwatch.market.data_sources import source_named
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import US, Symbol
from aiwatch.sources import Refusal, Source


@dataclass(frozen=True, slots=True)
class Priced:
    """What one round of questions brought. ``unknown`` are symbols that every source asked said it does not know;
    a symbol that is neither priced nor unknown was not answered for, and ``errors`` or ``refused`` say why."""

    quotes: dict[Symbol, Quote]
    unknown: frozenset[Symbol]
    refused: tuple[Refusal, ...]
    errors: tuple[SourceError, ...]


async def price_once(sources: Sequence[Source], symbols: Sequence[Symbol]) -> Priced:
    """Ask each symbol's sources in their order until one prices it, and for US symbols those, where there are any, that
    know prices outside the session. Never raises a `SourceError`."""
    by_name = {source.name: source for source in sources}
    waiting = {
        symbol: [name for name in order(symbol) if name in by_name and by_name[name].covers(symbol)]
        for symbol in symbols
    }
    book = QuoteBook()
    ignorant: dict[Symbol, int] = dict.fromkeys(symbols, 0)
    asked: dict[Symbol, int] = dict.fromkeys(symbols, 0)
    refused: list[Refusal] = []
    errors: list[SourceError] = []

    async def ask(source: Source, batch: Sequence[Symbol]) -> None:
        for start in range(0, len(batch), source.batch_limit):
            part = batch[start : start + source.batch_limit]
            try:
                answer = await source.fetch(part)
            except SourceError as error:
                errors.append(error)
                return
            book.add(answer.quotes)
            refused.extend(answer.refused)
            for symbol in answer.unknown:
                ignorant[symbol] += 1

    while True:
        turns: dict[str, list[Symbol]] = {}
        for symbol, names in waiting.items():
            if names and book.get(symbol) is None:
                turns.setdefault(names.pop(0), []).append(symbol)
                asked[symbol] += 1
        if not turns:
            break
        await asyncio.gather(*(ask(by_name[name], batch) for name, batch in turns.items()))
    further = {
        source: [symbol for symbol in symbols if symbol.exchange == US and book.get(symbol) is not None]
        for source in sources
        if (spec := source_named(source.name)) is not None and spec.has_extended
    }
    await asyncio.gather(*(ask(source, batch) for source, batch in further.items() if batch))
    quotes = {symbol: quote for symbol in symbols if (quote := book.get(symbol)) is not None}
    unknown = frozenset(symbol for symbol in symbols if symbol not in quotes and ignorant[symbol] == asked[symbol])
    return Priced(quotes, unknown, tuple(refused), tuple(errors))
