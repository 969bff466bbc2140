"""``aiwatch doctor --contract``: a known symbol of each kind from each host, and whether its answer is as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

import msgspec
from msgspec import Struct

from aiwatch.commands.upkeep.questions import Question, first_message, open_questions
from aiwatch.config.settings import Settings
from aiwatch.errors import SourceError
from aiwatch.feed.router import order
from aiwatch.market.data_sources import SEC, source_named, streamed
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import FX, US, Symbol, parse_symbol
from aiwatch.runtime.filings import UNNAMED, may_ask
from aiwatch.runtime.hosts import open_hosts
from aiwatch.sources import Source
from aiwatch.sources.registry import loaded

KINDS = {
    "share in Shanghai": "603757.SS",
    "share in Shenzhen": "002837.SZ",
    "STAR share": "688256.SS",
    "Chinese index": "000300.SS",
    "share in Hong Kong": "0700.HK",
    "US share": "NVDA",
    "US index": "^IXIC",
    "share in Tokyo": "9984.T",
    "exchange rate": "CNY=X",
}
"""A symbol of each kind that a host may write otherwise than others."""
WHOLE = "whole answer"
PATIENCE = 15.0
"""Seconds in which the stream may send its first message."""


class Shape(Struct, frozen=True):
    """How one host answered: the kinds whose answers are as they were, what ``changed`` by kind, the kinds ``missing``
    from the answer, and in ``problem`` why there was none."""

    source: str
    host: str
    kept: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = {}
    missing: tuple[str, ...] = ()
    problem: str = ""


async def compare_shapes(settings: Settings, patience: float = PATIENCE) -> list[Shape]:
    """Ask every source of ``settings`` once, all at the same time, for what it covers of `KINDS`; then its search, its
    history, the stream for ``patience`` seconds, and the hosts of filings for one symbol each."""
    async with AsyncExitStack() as stack:
        opened = await open_hosts(stack, settings, utc_now)
        shapes = list(await asyncio.gather(*(_compared(source) for source, _ in opened)))
        questions = await open_questions(stack, settings, utc_now)
        shapes += await asyncio.gather(*map(_compared_further, questions))
        if settings.stream.enabled:
            shapes.append(await _compared_stream(settings, patience))
    return [*shapes, *_not_asked(settings)]


async def _compared_further(question: Question) -> Shape:
    """How one that is no source of quotes answers, as far as it gets with its requests."""
    bodies: list[bytes] = []
    question.client.tap = bodies.append
    problem = ""
    try:
        await question.ask()
    except SourceError as error:
        problem = str(error)
    return further_shape(question.title, question.client.host, question.contracts, bodies, question.kinds, problem)


def further_shape(
    title: str,
    host: str,
    contracts: Sequence[str],
    bodies: Sequence[bytes],
    kinds: Mapping[Symbol, str],
    problem: str = "",
) -> Shape:
    """How ``bodies`` compare, each by the contract of its place, those beyond by the last."""
    if not bodies:
        return Shape(title, host, problem=problem or "no answer")
    changed: dict[str, tuple[str, ...]] = {}
    missing: dict[str, None] = {}
    for at, body in enumerate(bodies):
        departures = _found(contracts[min(at, len(contracts) - 1)], body, kinds)
        for text, words in departures.items():
            if words:
                name = next((kind for symbol, kind in kinds.items() if symbol.text == text), WHOLE)
                changed[name] = tuple(dict.fromkeys((*changed.get(name, ()), *words)))
        if "" not in departures:
            missing |= {kind: None for symbol, kind in kinds.items() if symbol.text not in departures}
    is_whole = not problem and WHOLE not in changed
    unchanged = [kind for kind in kinds.values() if is_whole and kind not in {*changed, *missing}]
    return Shape(title, host, tuple(unchanged), changed, tuple(missing), "" if changed or missing else problem)


async def _compared_stream(settings: Settings, patience: float) -> Shape:
    """How the first message of the stream looks; where none comes in time, that is no change."""
    spec = streamed()
    kinds = {symbol: kind for kind, text in KINDS.items() if (symbol := parse_symbol(text)).exchange in (US, FX)}
    host, message, problem = await first_message(settings.stream, tuple(kinds), utc_now, patience)
    if message is None:
        return Shape(spec.title, host, problem=problem)
    departures = _found(spec.contract, message, kinds)
    names = {symbol.text: kind for symbol, kind in kinds.items()} | {"": WHOLE}
    unchanged = tuple(names[text] for text, words in departures.items() if not words)
    return Shape(spec.title, host, unchanged, {names[text]: words for text, words in departures.items() if words})


def _found(contract: str, body: bytes, kinds: Mapping[Symbol, str]) -> Mapping[str, tuple[str, ...]]:
    try:
        return dict(loaded(contract)(body, tuple(kinds)))
    except SourceError as error:
        return {"": (str(error),)}


def _not_asked(settings: Settings) -> list[Shape]:
    """The SEC, where it may not be asked, so that nobody believes that it was."""
    return [] if may_ask(settings.sec) else [Shape(SEC.title, SEC.base_url.partition("//")[2], problem=UNNAMED)]


async def _compared(source: Source) -> Shape:
    kinds = {parse_symbol(text): kind for kind, text in KINDS.items()}
    symbols = [symbol for symbol in kinds if source.name in order(symbol) and source.covers(symbol)]
    host = str(getattr(source, "host", source.title))
    bodies: list[bytes] = []
    source.tap = bodies.append  # type: ignore[attr-defined]  # every source over HTTP hands out its bodies
    problem = ""
    try:
        await source.fetch(symbols)
    except SourceError as error:
        problem = str(error)
    return shape_of(source, host, bodies, {symbol: kinds[symbol] for symbol in symbols}, problem)


def shape_of(
    source: Source, host: str, bodies: Sequence[bytes], kinds: Mapping[Symbol, str], problem: str = ""
) -> Shape:
    """How ``bodies`` of ``source``, its answer to a question for the symbols of ``kinds``, compare."""
    spec = source_named(source.name)
    if not bodies or spec is None or not spec.contract:
        return Shape(source.title, host, problem=problem or "no answer")
    names = {symbol.text: kind for symbol, kind in kinds.items()} | {"": WHOLE}
    departures = _found(spec.contract, bodies[-1], kinds)
    changed = {names[text]: words for text, words in departures.items() if words}
    return Shape(
        source.title,
        host,
        tuple(names[text] for text, words in departures.items() if not words),
        changed,
        tuple(kind for symbol, kind in kinds.items() if symbol.text not in departures and "" not in departures),
        "" if changed else problem,
    )


def is_kept(shapes: Sequence[Shape]) -> bool:
    """Whether some host answered, and no answer has changed or lacks what was asked for."""
    return any(shape.kept for shape in shapes) and not any(shape.changed or shape.missing for shape in shapes)


def shapes_as_text(shapes: Sequence[Shape]) -> str:
    """The comparison for a person to read."""
    lines = []
    for shape in shapes:
        is_changed = bool(shape.changed or shape.missing)
        mark = "!" if is_changed else "✓" if shape.kept else "✗"
        lines.append(f"{mark} {shape.source} ({shape.host})")
        if shape.kept:
            lines.append(f"    as expected: {', '.join(shape.kept)}")
        lines += [f"    {kind}: {words}" for kind, changes in shape.changed.items() for words in changes]
        if shape.missing:
            lines.append(f"    not in the answer: {', '.join(shape.missing)}")
        if shape.problem:
            lines.append(f"    {shape.problem}")
    verdict = "Every answer has the shape that is relied on." if is_kept(shapes) else ""
    if not any(shape.kept or shape.changed for shape in shapes):
        verdict = "No host answered, so nothing was compared; `aiwatch doctor` says why."
    elif not verdict:
        verdict = "Not every answer is as it was: please report what stands above, with the version of aiwatch."
    return "\n".join([*lines, verdict]) + "\n"


def shapes_as_json(shapes: Sequence[Shape]) -> str:
    """The comparison for a program to read: a list of objects."""
    return msgspec.json.format(msgspec.json.encode(shapes), indent=1).decode()
