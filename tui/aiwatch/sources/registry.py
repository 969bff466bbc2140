"""From a row of the table of sources to the code that it names, imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from aiwatch.market import data_sources
from aiwatch.market.data_sources import source_named
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer

Reader = Callable[[bytes, Iterable[Symbol], datetime, str], Answer]
"""Takes a body, the symbols asked for, when it was received, and the host's name; may raise a `SourceError`."""


def loaded(place: str) -> Any:
    """What ``place`` names: ``"module:name"``."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def readers() -> dict[str, Reader]:
    """Every source's parser by the source's name: bytes of one answer in, an `Answer` out; for recorded answers."""
    return {spec.name: loaded(spec.parse) for spec in data_sources.SOURCES}


def quote_page(source: str, symbol: Symbol) -> str:
    """The address of the page of ``symbol`` at ``source``; Yahoo's, where that source has none of it."""
    for spec in filter(None, (source_named(source), source_named("yahoo"))):
        if spec.page and (page := loaded(spec.page)(symbol)):
            return str(page)
    raise AssertionError("Yahoo has a page of every symbol")
