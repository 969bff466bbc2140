"""Prices a set of symbols once: what a one-shot command needs of the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

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
    """Ask each symbol's sources in turn until one prices it, then for prices outside the session. Never raises."""
    by_name = {source.name: source for source in sources}
    waiting = {
        symbol: [name for name in order(symbol) if name in by_name and by_name[name].covers(symbol)]
        for symbol in symbols
    }
    book = QuoteBook()
    ignorant: dict[Symbol, int] = dict.fromkeys(symbols, 0)
    tries: dict[Symbol, int] = dict.fromkeys(symbols, 0)
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
                tries[symbol] += 1
        if not turns:
            break
        await asyncio.gather(*(ask(by_name[name], batch) for name, batch in turns.items()))
    quotes = {symbol: quote for symbol in symbols if (quote := book.get(symbol)) is not None}
    for source in filter(_has_extended, sources):
        await _add_extended(source, quotes, errors)
    unknown = frozenset(symbol for symbol in symbols if symbol not in quotes and ignorant[symbol] == tries[symbol])
    return Priced(quotes, unknown, tuple(refused), tuple(errors))


def _has_extended(source: Source) -> bool:
    spec = source_named(source.name)
    return spec is not None and spec.has_extended


async def _add_extended(source: Source, quotes: dict[Symbol, Quote], errors: list[SourceError]) -> None:
    """Ask ``source`` for the prices outside the session of the US symbols among ``quotes``, and lay them over those."""
    symbols = [symbol for symbol in quotes if symbol.exchange == US]
    for start in range(0, len(symbols), source.batch_limit):
        try:
            answer = await source.fetch(symbols[start : start + source.batch_limit])
        except SourceError as error:
            errors.append(error)
            return
        for quote in answer.quotes:
            if quote.extended is not None:
                quotes[quote.symbol] = replace(quotes[quote.symbol], extended=quote.extended)
