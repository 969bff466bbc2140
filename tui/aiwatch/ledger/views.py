"""The one list of the ledger's views, and which records each of them shows, in which order.

Screen and command read this list; what a view looks like is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from aiwatch.ledger.amounts import printed_amount
from aiwatch.ledger.links import grouped_by_kind, kept
from aiwatch.ledger.records import DEAL_KINDS, GROUPS, KINDS, Commitment, Ledger, Signal


class View(Struct, frozen=True):
    """A view: its ``key``, the ``title`` of its tab, what it ``shows``. ``on_screen`` and ``in_command`` say who has
    it, ``sorts`` that its rows have several orders, ``converts`` that it has sums to convert."""

    key: str
    title: str
    shows: str
    on_screen: bool = True
    in_command: bool = True
    sorts: bool = False
    converts: bool = False


VIEWS = (
    View("all", "All", "every commitment by kind", sorts=True, converts=True),
    View("pledges", "Pledges", "pledges, spending, programmes, financing and sites", sorts=True, converts=True),
    View("deals", "Deals", "what one party pays another", sorts=True, converts=True),
    View("capacity", "Capacity", "what is to be built, in gigawatts, chips and sites"),
    View("signals", "Signals", "figures, risks, policies and outlooks"),
    View("claims", "Claims", "what is said of share prices, beside the closes"),
    View("conflicts", "Conflicts", "what does not go together, each with its sides"),
    View("totals", "Totals", "by kind, payer, recipient and region", converts=True),
    View("circles", "Circles", "money that comes back, and what each company gets", on_screen=False),
    View("projections", "Projections", "forecasts, revenue needed and figures of speech", converts=True),
    View("years", "Years", "spending by year, and what runs at a yearly rate"),
    View("delivered", "Delivered", "what was promised, beside what companies have reported since"),
    View("timeline", "Timeline", "what each commitment came to, and when"),
    View("who", "Who is who", "everybody named, with names, money, notes"),
    View("sources", "Sources", "every text that is cited, and what was left out"),
    View("verify", "Re-verify", "commitments whose newest source is old"),
)
"""Every view, in the order of the tabs."""

SCREEN_VIEWS = tuple(view for view in VIEWS if view.on_screen)
COMMAND_VIEWS = tuple(view for view in VIEWS if view.in_command)

PLEDGE_KINDS = tuple(kind for kind in KINDS if kind not in (*DEAL_KINDS, "projection"))
"""The kinds shown as pledges: what is neither paid by one party to another nor forecast."""

CAPACITY_UNITS = ("GW", "MW", "kV", "kW", "GPUs", "chips", "EFLOPS", "sites", "nodes", "clusters")
"""The units of the signals that are figures of capacity."""

_SPARE_WORDS = (" Platforms", " Group", " Hathaway", " Systems")
RISKS = "risks"
LARGE = 1000
"""The records from which a ledger is large: its views are made in a thread, so that nobody waits for them."""


def is_large(ledger: Ledger) -> bool:
    """Whether views of ``ledger`` may take longer than a person fails to notice."""
    records = len(ledger.commitments) + len(ledger.signals) + len(ledger.claims)
    return records + len(ledger.entities) + len(ledger.conflicts) + len(ledger.sources) > LARGE


class Target(Struct, frozen=True):
    """What a row stands for, or where it leads: a record, a stock, an entity, a source, a total, a circle, a web page,
    by ``kind`` and ``id``."""

    kind: str
    id: str

    @property
    def key(self) -> str:
        """The row's key: the id of a record as it is, else kind and id."""
        return self.id if self.kind == "record" else f"{self.kind}:{self.id}"


STOCK, PAGE = "stock", "page"
TARGET_KINDS = (
    STOCK, PAGE, "total", "circle", "gets", "pays", "entity", "source", "left", "event", "year", "rate", "delivered",
)  # fmt: skip
"""The kinds of targets that are no records."""


def target_of(key: str) -> Target:
    """The target of a row's ``key``."""
    kind, colon, id = key.partition(":")
    return Target(kind, id) if colon and kind in TARGET_KINDS else Target("record", key)


def commitment_words(ledger: Ledger, record: Commitment) -> str:
    """Everything by which a commitment can be found: printed and common names, kind, status, sum, source."""
    entities = (*record.payers, *record.recipients, *record.partners, *record.suppliers)
    names = [f"{ledger.entities[id].name} {ledger.entities[id].name_zh}" for id in entities]
    fields = (record.id, record.kind, record.payer, record.recipient, record.programme, record.status, record.capacity)
    return " ".join(
        (*fields, record.source, record.mark, printed_amount(record), record.region, record.binding, *names)
    )


def search_words(ledger: Ledger) -> dict[str, str]:
    """The words of every current commitment in small letters, by id; worked out once a ledger."""
    words: dict[str, str] = kept(
        ledger,
        "words",
        lambda ledger: {id: commitment_words(ledger, record).casefold() for id, record in ledger.commitments.items()},
    )
    return words


def is_projection(record: Commitment) -> bool:
    """Whether nobody commits to anything in ``record``: a forecast, revenue needed, a figure of speech."""
    return record.kind == "projection" or record.binding == "talk"


def projections(ledger: Ledger) -> tuple[Commitment, ...]:
    """Forecasts, revenue needed and figures of speech."""
    return tuple(record for record in ledger.commitments.values() if is_projection(record))


def pledges(ledger: Ledger) -> tuple[Commitment, ...]:
    """Pledges, spending, programmes, financing and sites, by kind; worked out once a ledger."""
    records: tuple[Commitment, ...] = kept(ledger, "pledges", lambda ledger: _of_kinds(ledger, PLEDGE_KINDS))
    return records


def deals(ledger: Ledger) -> tuple[Commitment, ...]:
    """Computing contracts, purchases of chips, equity, partnerships and guarantees, by kind; worked out once a
    ledger."""
    records: tuple[Commitment, ...] = kept(ledger, "deals", lambda ledger: _of_kinds(ledger, DEAL_KINDS))
    return records


def _of_kinds(ledger: Ledger, kinds: Iterable[str]) -> tuple[Commitment, ...]:
    groups = grouped_by_kind(record for record in ledger.commitments.values() if not is_projection(record))
    return tuple(record for kind in kinds for record in groups.get(kind, ()))


def everything(ledger: Ledger) -> tuple[Commitment, ...]:
    """All commitments by kind, projections and figures of speech last; worked out once a ledger."""
    records: tuple[Commitment, ...] = kept(ledger, "everything", _everything)
    return records


def _everything(ledger: Ledger) -> tuple[Commitment, ...]:
    groups = grouped_by_kind(record for record in ledger.commitments.values() if not is_projection(record))
    return (*(record for group in groups.values() for record in group), *projections(ledger))


def capacity(ledger: Ledger) -> tuple[Commitment, ...]:
    """The commitments with a capacity."""
    return tuple(record for record in ledger.commitments.values() if record.capacity)


def capacity_signals(ledger: Ledger) -> tuple[Signal, ...]:
    """The signals that are figures of capacity."""
    return tuple(record for record in ledger.signals.values() if record.unit in CAPACITY_UNITS)


def signals_by_group(ledger: Ledger) -> dict[str, tuple[Signal, ...]]:
    """The signals by group in their order, all risks last in a group of their own."""
    groups: dict[str, list[Signal]] = {group: [] for group in (*GROUPS, RISKS)}
    for record in ledger.signals.values():
        groups[RISKS if record.kind == "risk" else record.group].append(record)
    return {group: tuple(records) for group, records in groups.items() if records}


def signals(ledger: Ledger) -> tuple[Signal, ...]:
    """All signals in the order of their groups."""
    return tuple(record for records in signals_by_group(ledger).values() for record in records)


def short_name(ledger: Ledger, id: str) -> str:
    """An entity's name for a narrow column."""
    entity = ledger.entities[id]
    if entity.short:
        return entity.short
    name = entity.name
    for word in _SPARE_WORDS:
        name = name.removesuffix(word)
    return name


def payer_forms(ledger: Ledger, record: Commitment) -> tuple[str, ...]:
    """Who pays, as printed, then in short; partners where nobody is said to pay, ``–`` where nobody is named."""
    if not record.payer and record.partners:
        names = [short_name(ledger, id) for id in record.partners]
        return f"with {', '.join(names)}", f"with {names[0]}{_and_more(names)}"
    if not record.payers:
        return (record.payer or "–",)
    return _forms(ledger, record.payer, record.payers)


def recipient_forms(ledger: Ledger, record: Commitment) -> tuple[str, ...]:
    """Who or what is paid, as printed, then in short; the programme where nothing else is printed. What a party builds
    for itself is not called by its name: it would seem to pay itself."""
    if not record.recipients or record.recipients == record.payers:
        return (record.recipient or record.programme or "–",)
    return _forms(ledger, record.recipient, record.recipients)


def _forms(ledger: Ledger, printed: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    names = [short_name(ledger, id) for id in ids]
    short = f"{names[0]}{_and_more(names)}"
    if printed and ledger.entities[ids[0]].type == "programme":  # its name does not say which part is meant
        return (printed,)
    return tuple(dict.fromkeys((printed or short, short)))


def _and_more(names: Sequence[str]) -> str:
    return f" +{len(names) - 1}" if len(names) > 1 else ""
