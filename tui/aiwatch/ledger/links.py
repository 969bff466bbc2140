"""How records hang together: parts, same money, history, conflicts, sources, and the companies behind the names.

What is looked up is worked out once a ledger and kept beside it: a ledger of many thousand records answers at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, field

from aiwatch.ledger.records import (
    KINDS,
    Commitment,
    Conflict,
    Entity,
    FxRate,
    Ledger,
    Record,
    Signal,
    SourceArticle,
    Verification,
)

STALE_AFTER_DAYS = 180
"""The age of a record, in days, after which it should be verified again."""


class Related(Struct, frozen=True):
    """A record that hangs together with another, and how: ``part of``, ``same money as``, and so on."""

    record: Commitment
    how: str


class _Links(Struct):
    """What follows from the references between records, by current id."""

    newer: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[Commitment]] = field(default_factory=dict)
    same: dict[str, dict[str, bool]] = field(default_factory=dict)
    conflicts: dict[str, list[Conflict]] = field(default_factory=dict)
    rates: dict[str, list[FxRate]] = field(default_factory=dict)


def kept(ledger: Ledger, name: str, make: Any) -> Any:
    """What ``make`` gives for ``ledger``, worked out once and kept beside it under ``name``."""
    beside = vars(ledger)
    if name not in beside:
        beside[name] = make(ledger)
    return beside[name]


def forget(ledger: Ledger) -> None:
    """Drop what was worked out of ``ledger``, which nobody shows any more."""
    vars(ledger).clear()


def prepare(ledger: Ledger) -> None:
    """Work out what hangs together in ``ledger`` now, where nobody waits for it."""
    _links(ledger)


def _links(ledger: Ledger) -> _Links:
    links: _Links = kept(ledger, "links", _linked)
    return links


def _linked(ledger: Ledger) -> _Links:
    links = _Links()
    for records in (ledger.commitments, ledger.signals, ledger.superseded):
        links.newer.update({record.supersedes: record.id for record in records.values() if record.supersedes})
    places = {id: place for place, id in enumerate(ledger.commitments)}
    for record in ledger.commitments.values():
        parent = record.part_of or record.maybe_part_of
        if parent:
            links.parts.setdefault(_followed(links.newer, parent), []).append(record)
        for ids, sure in ((record.maybe_same_money_as, False), (record.same_money_as, True)):
            for newer_id in (_followed(links.newer, id) for id in ids):
                if newer_id != record.id and newer_id in ledger.commitments:
                    for one_side, opposite in ((record.id, newer_id), (newer_id, record.id)):
                        pairs = links.same.setdefault(one_side, {})
                        pairs[opposite] = sure or pairs.get(opposite, False)
    for id, pairs in links.same.items():
        links.same[id] = dict(sorted(pairs.items(), key=lambda pair: places[pair[0]]))
    for conflict in ledger.conflicts.values():
        for id in conflict.records:
            links.conflicts.setdefault(id, []).append(conflict)
    for rate in ledger.fx.values():
        links.rates.setdefault(rate.commitment, []).append(rate)
    return links


def _followed(newer: dict[str, str], id: str) -> str:
    while id in newer:
        id = newer[id]
    return id


def grouped_by_kind(records: Iterable[Commitment]) -> dict[str, tuple[Commitment, ...]]:
    """``records`` by kind, the kinds in their order."""
    groups: dict[str, list[Commitment]] = {kind: [] for kind in KINDS}
    for commitment in records:
        groups[commitment.kind].append(commitment)
    return {kind: tuple(group) for kind, group in groups.items() if group}


def current_id(ledger: Ledger, id: str) -> str:
    """``id``, or that of the record which supersedes it in the end."""
    return _followed(_links(ledger).newer, id)


def history(ledger: Ledger, record: Commitment | Signal) -> tuple[Commitment | Signal, ...]:
    """What ``record`` supersedes, the newest first."""
    past = []
    while record.supersedes in ledger.superseded:
        record = ledger.superseded[record.supersedes]
        past.append(record)
    return tuple(past)


def ancestors(ledger: Ledger, commitment: Commitment) -> Iterator[tuple[Commitment, bool]]:
    """What ``commitment`` is part of, the nearest first, and whether that is sure."""
    seen = {commitment.id}
    sure = True
    while parent_id := commitment.part_of or commitment.maybe_part_of:
        sure = sure and bool(commitment.part_of)
        parent = ledger.commitments.get(current_id(ledger, parent_id))
        if parent is None or parent.id in seen:
            return
        seen.add(parent.id)
        yield parent, sure
        commitment = parent


def children(ledger: Ledger, commitment: Commitment) -> tuple[Commitment, ...]:
    """The direct parts of ``commitment``, unsure ones included."""
    return tuple(_links(ledger).parts.get(commitment.id, ()))


def same_money(ledger: Ledger, commitment: Commitment) -> dict[str, bool]:
    """The ids of the current records that speak of the same money, in either direction, and whether that is sure."""
    return _links(ledger).same.get(commitment.id, {})


def related(ledger: Ledger, commitment: Commitment) -> tuple[Related, ...]:
    """Every commitment that hangs together with ``commitment``, its history last."""
    relations = [
        Related(parent, "part of" if sure else "perhaps part of") for parent, sure in ancestors(ledger, commitment)
    ]
    relations += [
        Related(part, "contains" if part.part_of else "perhaps contains") for part in children(ledger, commitment)
    ]
    relations += [
        Related(ledger.commitments[id], "same money as" if sure else "perhaps same money as")
        for id, sure in same_money(ledger, commitment).items()
    ]
    past = history(ledger, commitment)
    relations += [Related(older, "supersedes") for older in past if isinstance(older, Commitment)]
    return tuple(relations)


def conflicts_of(ledger: Ledger, record: Record) -> Sequence[Conflict]:
    """The conflicts that name ``record`` itself: what it supersedes had its own."""
    return _links(ledger).conflicts.get(record.id, ())


def marked(ledger: Ledger) -> frozenset[str]:
    """The ids of the records that carry the mark of a conflict; worked out once a ledger."""
    ids: frozenset[str] = kept(
        ledger,
        "marked",
        lambda ledger: frozenset(
            id
            for id, conflicts in _links(ledger).conflicts.items()
            if any(conflict.marks_records for conflict in conflicts)
        ),
    )
    return ids


def conflicts_about(ledger: Ledger, entity: Entity) -> tuple[Conflict, ...]:
    """The conflicts that name ``entity``."""
    return tuple(conflict for conflict in ledger.conflicts.values() if entity.id in conflict.entities)


def sources_in(conflict: Conflict) -> tuple[str, ...]:
    """The ids of the sources whose statements a conflict is about, each once."""
    places = (place for side in conflict.sides for place in side.at.split("; "))
    return tuple(dict.fromkeys(place.partition(":")[0] for place in places))


def address_of(ledger: Ledger, record: Record) -> str:
    """The address of the record's source, at the printed sum where a browser can find it: 300 bn dollars are looked
    for as ``$300 billion``. Empty without an address."""
    origin = ledger.sources[record.source].origin
    dollars = dict(record.stated).get("USD") if isinstance(record, Commitment) else None
    if not origin or dollars is None or "#" in origin:
        return origin
    for power, unit in ((12, "trillion"), (9, "billion")):
        number = dollars.scaleb(-power)
        if number >= 1:
            text = f"{number.normalize():f}"
            return f"{origin}#:~:text=%24{text}%20{unit}"
    return origin


def pages_of(ledger: Ledger, subject: object) -> dict[str, str]:
    """The web pages that say ``subject``, a record, conflict or source, by address, and what each is: its article at
    the printed sum, the other sources, what verified it. Only those that a browser opens; none for anything else."""
    pages: list[tuple[str, str]] = []
    if isinstance(subject, SourceArticle):
        pages.append((subject.origin, _page_words(subject)))
    if isinstance(subject, Record):
        article = ledger.sources[subject.source]
        pages.append((address_of(ledger, subject), _page_words(article)))
        pages += [(ledger.sources[id].origin, _page_words(ledger.sources[id])) for id in subject.also_sources]
    if isinstance(subject, Conflict):
        articles = (ledger.sources[id] for id in sources_in(subject))
        pages += [(article.origin, _page_words(article)) for article in articles]
    if isinstance(subject, Record | Conflict):
        pages += [(address_checked(ledger, check), f"{check.date}: {check.says}") for check in subject.verified]
    shown: dict[str, str] = {}
    for url, words in pages:
        if is_page(url):
            shown.setdefault(url, words)
    return shown


def is_page(address: str) -> bool:
    """Whether ``address`` is one that a browser is to open."""
    return address.startswith(("https://", "http://")) and address.isprintable()


def address_checked(ledger: Ledger, check: Verification) -> str:
    """The address of what verified a record; empty where none is known."""
    return ledger.sources[check.source].origin if check.source else check.url


def place_checked(ledger: Ledger, check: Verification) -> str:
    """Where a verification stands, for a reader: its address without passwords, else whose it is and that no address is
    known."""
    from aiwatch.formatting.addresses import without_passwords

    address = address_checked(ledger, check)
    if address:
        return without_passwords(address)
    source = ledger.sources[check.source]
    return f"{source.short or source.title}, no address"


def cites(record: Record) -> tuple[str, ...]:
    """The ids of the sources that a record names, each once."""
    checks = (check.source for check in record.verified if check.source)
    steps = (step.source for step in record.status_history) if isinstance(record, Commitment) else ()
    return tuple(dict.fromkeys((record.source, *record.also_sources, *checks, *steps)))


def source_name(ledger: Ledger, id: str) -> str:
    """What the source called ``id`` is called on the screen: its short name, else its id."""
    return ledger.sources[id].short or id


def place_words(ledger: Ledger, place: str) -> str:
    """Where a statement stands, ``000:37; 001:4,12``, by the names of its sources: ``Fresh:37; Tubex:4,12``."""
    parts = (part.partition(":") for part in place.split("; "))
    return "; ".join(f"{source_name(ledger, id) if id in ledger.sources else id}{sep}{rest}" for id, sep, rest in parts)


def _page_words(article: SourceArticle) -> str:
    return f"{article.short or article.id}: {article.title}"


def implied_rates_of(ledger: Ledger, commitment: Commitment) -> tuple[FxRate, ...]:
    """The exchange rates hidden in the printed sums of ``commitment``."""
    return tuple(_links(ledger).rates.get(commitment.id, ()))


def first_day(date: str) -> datetime.date:
    """The first day of an ISO day, month or year."""
    return datetime.date.fromisoformat((date + "-01-01")[:10])


def last_checked(ledger: Ledger, record: Record) -> datetime.date | None:
    """The day of the newest source that says the record: its own, a further one, or one that verified it; ``None``
    when none has a date."""
    days = [ledger.sources[id].dated for id in (record.source, *record.also_sources)]
    days += [first_day(check.date) for check in record.verified]
    return max((day for day in days if day is not None), default=None)


def age_in_days(ledger: Ledger, record: Record, today: datetime.date) -> int | None:
    """The days from the newest source of the record to ``today``; ``None`` when no source has a date."""
    checked = last_checked(ledger, record)
    return None if checked is None else (today - checked).days


def is_stale(ledger: Ledger, record: Record, today: datetime.date, days: int = STALE_AFTER_DAYS) -> bool:
    """Whether the record's newest source is older than ``days`` on ``today``, or none has a date at all."""
    age = age_in_days(ledger, record, today)
    return age is None or age > days


def to_verify(ledger: Ledger, today: datetime.date, days: int = STALE_AFTER_DAYS) -> tuple[Commitment, ...]:
    """The commitments that are stale on ``today``, the oldest source first."""
    stale = [commitment for commitment in ledger.commitments.values() if is_stale(ledger, commitment, today, days)]
    return tuple(sorted(stale, key=lambda record: last_checked(ledger, record) or datetime.date.min))


def status(ledger: Ledger, commitment: Commitment) -> str:
    """The status as printed and who printed it: ``paused, per Feishare``; with the source's confidence when that is
    low."""
    is_low = ledger.sources[commitment.source].confidence == "low"
    name = source_name(ledger, commitment.source)
    return f"{commitment.status}, per {name}{' (low confidence)' if is_low else ''}"


def region_of(ledger: Ledger, commitment: Commitment) -> str:
    """The record's region: as given, else the payers' home, ``several`` with their names, or ``not stated``."""
    if commitment.region:
        return commitment.region
    homes = dict.fromkeys(ledger.entities[payer].region for payer in commitment.payers)
    homes.pop("", None)
    if not homes:
        return "not stated"
    return next(iter(homes)) if len(homes) == 1 else f"several: {', '.join(sorted(homes))}"
