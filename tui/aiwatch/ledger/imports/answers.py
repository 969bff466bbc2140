"""A record made of answers, for `aiwatch ledger add` and a form: where it is said and when comes first."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.imports.draft import Draft, slug


class Answers(Struct, frozen=True):
    """What is asked of a person: the ``address`` and ``day`` of the source, then the record. ``amount`` is in whole
    units of ``currency``."""

    address: str
    day: datetime.date
    title: str
    source_kind: str
    kind: str
    payer: str
    recipient: str
    status: str
    amount: Decimal | None = None
    currency: str = ""
    qualifier: str = ""
    binding: str = ""
    note: str = ""


def draft_of(answers: Answers, used: Collection[str]) -> Draft:
    """A source and a commitment; their ids are none of the ``used`` ones."""
    draft = Draft(ids=set(used))
    source = draft.free_id(slug(f"{_host(answers.address)}-{answers.day}"))
    draft.add(
        "source",
        {
            "id": source,
            "title": answers.title,
            "kind": answers.source_kind,
            "origin": answers.address,
            "dated": answers.day,
        },
    )
    draft.add(
        "commitment",
        {
            "id": draft.free_id(slug(f"{answers.payer}-{answers.recipient}-{answers.day.year}")),
            "source": source,
            "kind": answers.kind,
            "from": answers.payer,
            "to": answers.recipient,
            "amount": answers.amount,
            "currency": answers.currency,
            "qualifier": answers.qualifier if answers.amount is not None else answers.qualifier or "not stated",
            "status": answers.status,
            "binding": answers.binding,
            "note": answers.note,
        },
    )
    return draft


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].removeprefix("www.")
