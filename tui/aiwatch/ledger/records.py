"""The ledger's records: frozen values, each with its source and line. Amounts are `Decimal` with an ISO 4217 code."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

KINDS = (
    "sovereign pledge",
    "corporate capex",
    "programme",
    "financing round",
    "campus/facility",
    "compute contract",
    "chip purchase",
    "equity investment",
    "partnership",
    "guarantee",
    "projection",
)
"""The kinds of commitment, in the order in which they are shown."""

DEAL_KINDS = ("compute contract", "chip purchase", "equity investment", "partnership", "guarantee")
"""The kinds of commitment between two parties."""

GROUPS = (
    "power",
    "cooling",
    "optics",
    "chips",
    "foundry",
    "grid",
    "data centres",
    "cloud",
    "finance",
    "policy",
    "outlook",
)
"""The groups of signals, in the order in which they are shown; risks stand in a group of their own after them."""

CHAIN = (
    "gas turbines",
    "server power",
    "grid",
    "liquid cooling",
    "chillers",
    "chips",
    "foundry",
    "lithography",
    "optics",
    "networking",
    "cloud",
    "AI labs",
    "software",
    "construction",
    "servers",
    "memory",
    "storage",
)
"""The links of the value chain by which signals and commitments reach companies they do not name."""

FIGURES = ("gw", "mw", "mw_per_site", "gpus", "h100e", "eflops", "sites", "clusters", "kv")
"""The capacity figures of a commitment: gigawatts, megawatts, megawatts per site, pieces, the equivalent in NVIDIA H100
pieces, exaFLOPS, sites, clusters, kilovolts."""

BINDINGS = ("", "binding", "conditional", "letter of intent", "guarantee", "forecast", "talk")
"""How far a commitment binds, from a contract to a figure of speech; the first is not stated."""

STAGES = ("announced", "contracted", "financed", "building", "operating", "paused", "cancelled")
"""The stages of a commitment, in the order in which they usually come."""

SOURCE_KINDS = ("", "filing", "company", "named press", "unnamed", "own inference")
"""What kind of source says something; the first is not stated."""

CONFLICT_KINDS = ("contradiction", "overlap", "naming", "rounding", "ambiguity", "absence")
"""What a conflict is; only a contradiction marks the rows of its records, where nothing else is said."""

_MONEY_UNIT = re.compile(r"([A-Z]{3}) (trn|bn|M)")
_SCALES = {"trn": 12, "bn": 9, "M": 6}


class Mark(StrEnum):
    """Where a record comes from: shipped with aiwatch, or the user's own folder."""

    BUNDLED = "bundled"
    YOURS = "yours"


class SourceArticle(Struct, frozen=True):
    """A text that records cite. ``dated`` is the best known day of its publication; ``date_sense`` says whether the
    text is of that day, after it or about then (``on``, ``after``, ``about``); ``kind`` is one of `SOURCE_KINDS`,
    ``retrieved`` the day it was looked at, ``confidence`` ``normal`` or ``low``, ``short`` a name for a column,
    ``attribution`` what its licence asks to be said."""

    id: str
    title: str
    mark: Mark
    short: str = ""
    author: str = ""
    kind: str = ""
    origin: str = ""
    dated: datetime.date | None = None
    date_sense: str = "on"
    date_basis: str = ""
    retrieved: datetime.date | None = None
    confidence: str = "normal"
    confidence_note: str = ""
    attribution: str = ""


class Verification(Struct, frozen=True):
    """What a further source says of a record: ``date`` is its ISO date (a day, a month or a year), ``url`` its
    address or, where that is empty, ``source`` the id of the ledger's source; ``kind`` is one of `SOURCE_KINDS`. It
    makes the record younger, and leaves what is printed as it is; ``disputes`` says that it says otherwise."""

    date: str
    url: str
    says: str
    kind: str = ""
    source: str = ""
    disputes: bool = False


class StatusStep(Struct, frozen=True):
    """A stage that a commitment reached, or is to reach, on ``date`` (a day, a month or a year), by ``source``."""

    status: str
    date: str
    source: str
    says: str = ""


class Record(Struct, frozen=True, kw_only=True):
    """What every dated statement has: ``line`` is the line of the source text (0: none given), ``also_lines`` are
    further ones, ``also_sources`` the ids of other sources that say it too."""

    id: str
    source: str
    line: int
    mark: Mark
    also_lines: tuple[int, ...] = ()
    also_sources: tuple[str, ...] = ()
    verified: tuple[Verification, ...] = ()


class Commitment(Record, frozen=True, kw_only=True):
    """A pledge, deal, building plan or forecast, as printed.

    ``payer`` and ``recipient`` are the printed parties, ``payers`` and ``recipients`` their entity ids; ``partners``
    take part without being said to pay. ``amount`` is in units of ``currency`` (``None``: no sum printed;
    ``qualifier`` then says how that was put). ``stated`` holds every printed currency, ``growth_percent`` is against a
    year earlier, ``period_years`` a length in years, ``annual`` says that the amount is a yearly rate. ``figures`` are
    the capacity figures named in `FIGURES`, with words such as ``over`` in ``figure_qualifiers``; ``binding`` is one
    of `BINDINGS`, ``period_printed`` how the text puts the period where its ends do not say it.
    """

    kind: str
    status: str
    counts_in_totals: bool
    payer: str = ""
    payers: tuple[str, ...] = ()
    recipient: str = ""
    recipients: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    programme: str = ""
    programme_entity: str = ""
    region: str = ""
    amount: Decimal | None = None
    currency: str = ""
    qualifier: str = ""
    stated: tuple[tuple[str, Decimal], ...] = ()
    first_stated: str = ""
    valuation: tuple[tuple[str, Decimal], ...] = ()
    period_start: str = ""
    period_end: str = ""
    period_printed: str = ""
    period_years: Decimal | None = None
    annual: bool = False
    announced: str = ""
    binding: str = ""
    status_history: tuple[StatusStep, ...] = ()
    growth_percent: Decimal | None = None
    capacity: str = ""
    figures: tuple[tuple[str, Decimal], ...] = ()
    figure_qualifiers: tuple[tuple[str, str], ...] = ()
    chain: tuple[str, ...] = ()
    same_money_as: tuple[str, ...] = ()
    maybe_same_money_as: tuple[str, ...] = ()
    part_of: str = ""
    maybe_part_of: str = ""
    supersedes: str = ""
    note: str = ""


class Signal(Record, frozen=True, kw_only=True):
    """A figure, risk, policy or outlook of the industry. ``value`` is as printed, ``qualifier`` a word such as
    ``over`` that goes with it; ``unit`` may be in words. ``gains`` and ``loses`` are the entities for which it is good
    or bad; with ``zero_sum``, what those who gain win, their rivals in its chain lose."""

    kind: str
    group: str
    sectors: tuple[str, ...]
    subject: str
    metric: str
    value: str = ""
    unit: str = ""
    qualifier: str = ""
    direction: str = ""
    as_of: str = ""
    entities: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    zero_sum: bool = False
    chain: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    supersedes: str = ""
    note: str = ""

    @property
    def money(self) -> tuple[Decimal, str] | None:
        """The value in whole units of its currency, when the unit is one of money (``USD bn``)."""
        unit = _MONEY_UNIT.fullmatch(self.unit)
        if unit is None or not self.value:
            return None
        return Decimal(self.value).scaleb(_SCALES[unit.group(2)]), unit.group(1)


class Claim(Record, frozen=True, kw_only=True):
    """What an article says of a share price or a market value, beside what the closes say.

    ``percent`` is the printed move, ``amount`` a printed sum in units of ``currency``, ``checked_percent`` the computed
    move from ``base_close`` to ``end_close`` (in the symbol's currency), ``sessions`` the trading days between them,
    ``fitting_pairs`` how many pairs of closes fit what is printed, ``close_source`` whose closes they are, read on
    ``close_retrieved``; ``repeats`` is the claim this one says again.
    """

    name: str
    window: str
    verdict: str
    name_zh: str = ""
    entities: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    percent: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    operator: str = ""
    repeats: str = ""
    base_date: datetime.date | None = None
    end_date: datetime.date | None = None
    sessions: int = 0
    base_close: Decimal | None = None
    end_close: Decimal | None = None
    close_source: str = ""
    close_retrieved: datetime.date | None = None
    checked_percent: Decimal | None = None
    fitting_pairs: int = 0
    basis: str = ""
    note: str = ""


class Entity(Struct, frozen=True):
    """A company, state or programme. ``symbols`` are its listings, the main one first; ``parent_symbols`` those of
    its owner; ``cik`` is the number under which it reports to the SEC; ``short`` is a name for a narrow column,
    ``printed`` the names the articles use; ``mentions`` read ``source:line,line``."""

    id: str
    name: str
    type: str
    mark: Mark
    short: str = ""
    printed: tuple[str, ...] = ()
    name_zh: str = ""
    listed: str = "n/a"
    symbols: tuple[str, ...] = ()
    parent_symbols: tuple[str, ...] = ()
    cik: int | None = None
    exchanges: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    role: str = ""
    chain: tuple[str, ...] = ()
    region: str = ""
    members: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    note: str = ""


class Side(Struct, frozen=True):
    """One side of a conflict: what is said, and ``at`` which ``source:line,line``."""

    says: str
    at: str


class Conflict(Struct, frozen=True):
    """Statements that do not go together: the sides, how they are shown, and the records and entities they touch.
    ``kind`` is one of `CONFLICT_KINDS`; ``marks_records`` says whether the records carry the mark; ``verified`` is
    what other sources say of it."""

    id: str
    topic: str
    title: str
    sides: tuple[Side, ...]
    show_as: str
    mark: Mark
    kind: str = "contradiction"
    outside: str = ""
    records: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    marks_records: bool = True
    verified: tuple[Verification, ...] = ()

    @property
    def kind_word(self) -> str:
        """The kind in the word of screen and commands, where a contradiction is a conflict."""
        return "conflict" if self.kind == CONFLICT_KINDS[0] else self.kind

    @property
    def heading(self) -> str:
        """The title, with the kind where it is another than that statements contradict each other."""
        return self.title if self.kind == CONFLICT_KINDS[0] else f"{self.title} · {self.kind}"


class FxRate(Record, frozen=True, kw_only=True):
    """An exchange rate implied by a sum printed in two currencies: ``rate`` units of ``quote`` per ``base``, which is
    ``numerator`` over ``denominator``, both in billions."""

    commitment: str
    base: str
    quote: str
    rate: Decimal
    numerator: Decimal
    denominator: Decimal


class Spending(Record, frozen=True, kw_only=True):
    """Where a source says that spending goes: commitments of ``kinds`` from the same source reach these links of the
    value ``chain``."""

    kinds: tuple[str, ...]
    chain: tuple[str, ...]
    note: str = ""


class LeftOut(Struct, frozen=True):
    """A sum that an article prints and the ledger leaves out, with the reason."""

    source: str
    line: int
    printed: str
    currency: str
    amount: Decimal
    reason: str
    mark: Mark


class Ledger(Struct, frozen=True, dict=True):
    """Everything read, current records only; what the user's own records supersede is kept in ``superseded``, by id.

    ``complete`` is false after the first stage of loading, which leaves out signals, claims, rates and ``left_out``.
    ``deferred`` is how many files of the user's it leaves out too. What follows from the records is looked up in
    `aiwatch.ledger.links`, which keeps it beside them.
    """

    sources: dict[str, SourceArticle] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    fx: dict[str, FxRate] = field(default_factory=dict)
    spending: dict[str, Spending] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    superseded: dict[str, Commitment | Signal] = field(default_factory=dict)
    complete: bool = True
    deferred: int = 0
