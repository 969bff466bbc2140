"""Answers that are wrong in all manner of ways, and what a reader of filings or headlines makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

from aiwatch.errors import SourceError
from aiwatch.market.filings.filing import FilingPage
from tests.sources.test_mutated_bars import mutated


def believed(read: Callable[[bytes], FilingPage], value: Any, packed: Callable[[Any], str]) -> Iterator[FilingPage]:
    """The pages that ``read`` gives for 1,500 mutations of ``value``, each made an answer by ``packed``; many are, and
    many are refused."""
    random, taken, rejected = Random(str(value)), 0, 0
    for _ in range(1500):
        sent = value
        for _ in range(random.randint(1, 3)):
            sent = mutated(sent, random)
        body = packed(sent).encode()
        if random.random() < 0.15:
            body = body[: random.randrange(len(body) or 1)] + bytes(random.randrange(256) for _ in range(3))
        page = None
        with suppress(SourceError):
            page = read(body)
        if page is None:
            rejected += 1
            continue
        taken += 1
        for filing in page.filings:
            texts = (filing.title, filing.publisher, filing.form, filing.link)
            assert all(text.isprintable() and len(text) <= 400 for text in texts)
            assert filing.title
        assert all(reason.isprintable() for reason in page.refused)
        yield page
    assert taken > 100
    assert rejected > 100
