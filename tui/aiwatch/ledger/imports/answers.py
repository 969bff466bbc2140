"""A record made of answers, for `aiwatch ledger add` and a form: where it is said and when comes first."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from aiwatch.errors import AiwatchError
from aiwatch.ledger.imports.draft import Draft, clean, number, slug
from aiwatch.ledger.records import BINDINGS, KINDS, SOURCE_KINDS

_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_MOST = Decimal(10) ** 18
"""A thousand times what the whole world earns in a year, in any currency."""


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


class Question(Struct, frozen=True):
    """What is asked under ``key``, in the ``words`` of a form, with an ``example``; ``choices`` are all that may be
    answered, where there are such. One that is ``needed`` may not be empty."""

    key: str
    words: str
    example: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False


QUESTIONS = (
    Question("address", "Address of the source", "https://…", needed=True),
    Question("day", "Its date", "2026-11-27", needed=True),
    Question("title", "Its title", needed=True),
    Question("source_kind", "Kind of source", choices=SOURCE_KINDS[1:], needed=True),
    Question("kind", "Kind of commitment", choices=KINDS, needed=True),
    Question("payer", "Who pays", "as printed", needed=True),
    Question("recipient", "Who or what is paid", "as printed", needed=True),
    Question("amount", "Amount", "in whole units: 2500000000"),
    Question("currency", "Currency", "USD"),
    Question("qualifier", "Qualifier", "over, planned"),
    Question("status", "Status", "announced, contracted, spent", needed=True),
    Question("binding", "How far it binds", choices=BINDINGS),
    Question("note", "Note"),
)
"""What is asked, where it is said and when first."""


class WrongAnswer(AiwatchError):
    """An answer under ``key`` that cannot be used; the message says why."""

    title = "Answer"

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def read_answers(texts: Mapping[str, str]) -> Answers:
    """What was typed, by key. Raises `WrongAnswer` for the first that cannot be used."""
    typed = {question.key: clean(texts.get(question.key, "")) for question in QUESTIONS}
    for question in QUESTIONS:
        text = typed[question.key]
        if question.needed and not text:
            raise WrongAnswer(question.key, "must be said")
        if question.choices and text not in question.choices:
            raise WrongAnswer(question.key, f"must be one of {', '.join(filter(None, question.choices))}")
    fields: dict[str, Any] = {
        **typed,
        "address": read_address(typed["address"]),
        "day": read_day(typed["day"]),
        "amount": read_amount(typed["amount"]),
    }
    return Answers(**fields)


def read_address(text: str) -> str:
    """An address. Raises `WrongAnswer` for anything else."""
    if not _ADDRESS.fullmatch(text.strip()) or not text.strip().isprintable():
        raise WrongAnswer("address", f"{text!r} is no address: it begins with https:// and has no spaces")
    return text.strip()


def read_text(text: str) -> str:
    """A text that must be there, on one line. Raises `WrongAnswer` for an empty one."""
    if not clean(text):
        raise WrongAnswer("", "must be said")
    return clean(text)


def read_day(text: str) -> datetime.date:
    """A date such as 2026-11-27. Raises `WrongAnswer` for anything else."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise WrongAnswer("day", f"{text!r} is no date: write it as 2026-11-27") from None


def read_amount(text: str) -> Decimal | None:
    """A sum in whole units, with _ or commas between thousands; ``None`` for nothing. Raises `WrongAnswer` for anything
    else."""
    if not text.strip():
        return None
    amount = number(text)
    if amount is None or amount > _MOST:
        why = "is no number above zero" if amount is None else "is too large"
        raise WrongAnswer("amount", f"{clean(text)[:40]!r} {why}; write it in whole units: 2500000000")
    return amount


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
