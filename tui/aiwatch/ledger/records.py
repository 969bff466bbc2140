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
    "projection",
)
"""The kinds of commitment, in the order in which they are shown."""

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
)
"""The links of the value chain by which signals and commitments reach companies they do not name."""

FIGURES = ("gw", "mw_per_site", "gpus", "eflops", "sites", "clusters", "kv")
"""The capacity figures of a commitment: gigawatts, megawatts per site, pieces, exaFLOPS, sites, clusters, kilovolts."""

_MONEY_UNIT = re.compile(r"([A-Z]{3}) (trn|bn|M)")
_SCALES = {"trn": 12, "bn": 9, "M": 6}


class Mark(StrEnum):
    """Where a record comes from: shipped with aiwatch, or the user's own folder."""

    BUNDLED = "bundled"
    YOURS = "yours"


class SourceArticle(Struct, frozen=True):
    """A text that records cite. ``dated`` is the best known day; ``date_sense`` says whether the text is of that day,
    after it or about then (``on``, ``after``, ``about``); ``confidence`` is ``normal`` or ``low``."""

    id: str
    title: str
    mark: Mark
    origin: str = ""
    dated: datetime.date | None = None
    date_sense: str = "on"
    date_basis: str = ""
    confidence: str = "normal"
    confidence_note: str = ""


class Record(Struct, frozen=True):
    """What every dated statement has: ``line`` is the line of the source text (0: none given)."""

    id: str
    source: str
    line: int
    mark: Mark


class Commitment(Record, frozen=True):
    """A pledge, deal, building plan or forecast, as printed.

    ``payer`` and ``recipient`` are the printed parties, ``payers`` and ``recipients`` their entity ids. ``amount`` is
    in units of ``currency`` (``None``: no sum printed; ``qualifier`` then says how that was put). ``stated`` holds
    every printed currency, ``growth_percent`` is against a year earlier, ``period_years`` a length in years,
    ``annual`` says that the amount is a yearly rate. ``figures`` are the capacity figures named in `FIGURES`.
    """

    kind: str
    status: str
    counts_in_totals: bool
    also_lines: tuple[int, ...] = ()
    payer: str = ""
    payers: tuple[str, ...] = ()
    recipient: str = ""
    recipients: tuple[str, ...] = ()
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
    period_years: Decimal | None = None
    annual: bool = False
    announced: str = ""
    growth_percent: Decimal | None = None
    capacity: str = ""
    figures: tuple[tuple[str, Decimal], ...] = ()
    chain: tuple[str, ...] = ()
    same_money_as: tuple[str, ...] = ()
    maybe_same_money_as: tuple[str, ...] = ()
    part_of: str = ""
    maybe_part_of: str = ""
    supersedes: str = ""
    note: str = ""


class Signal(Record, frozen=True):
    """A figure, risk, policy or outlook of the industry. ``value`` is as printed; ``unit`` may be in words."""

    kind: str
    group: str
    sectors: tuple[str, ...]
    subject: str
    metric: str
    value: str = ""
    unit: str = ""
    direction: str = ""
    as_of: str = ""
    entities: tuple[str, ...] = ()
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


class Claim(Record, frozen=True):
    """What an article says of a share price, beside what the closes say.

    ``percent`` is the printed move, ``checked_percent`` the computed one from ``base_close`` to ``end_close`` (in the
    symbol's currency), ``sessions`` the trading days between them; ``repeats`` is the claim this one says again.
    """

    name: str
    window: str
    verdict: str
    name_zh: str = ""
    entities: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    percent: Decimal | None = None
    operator: str = ""
    repeats: str = ""
    base_date: datetime.date | None = None
    end_date: datetime.date | None = None
    sessions: int = 0
    base_close: Decimal | None = None
    end_close: Decimal | None = None
    checked_percent: Decimal | None = None
    basis: str = ""
    note: str = ""


class Entity(Struct, frozen=True):
    """A company, state or programme. ``symbols`` are its listings, the main one first; ``parent_symbols`` those of
    its owner; ``printed`` the names the articles use; ``mentions`` read ``source:line,line``."""

    id: str
    name: str
    type: str
    mark: Mark
    printed: tuple[str, ...] = ()
    name_zh: str = ""
    listed: str = "n/a"
    symbols: tuple[str, ...] = ()
    parent_symbols: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    role: str = ""
    chain: tuple[str, ...] = ()
    region: str = ""
    members: tuple[str, ...] = ()
    watchlist: str = ""
    mentions: tuple[str, ...] = ()
    note: str = ""


class Side(Struct, frozen=True):
    """One side of a conflict: what is said, and ``at`` which ``source:line,line``."""

    says: str
    at: str


class Conflict(Struct, frozen=True):
    """A contradiction: its sides, how it is shown, and the records and entities it touches. ``marks_records`` is
    false where the records need no mark for it."""

    id: str
    topic: str
    title: str
    sides: tuple[Side, ...]
    show_as: str
    mark: Mark
    outside: str = ""
    records: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    marks_records: bool = True


class FxRate(Record, frozen=True):
    """An exchange rate implied by a sum printed in two currencies: ``rate`` units of ``quote`` per ``base``, which is
    ``numerator`` over ``denominator``, both in billions."""

    commitment: str
    base: str
    quote: str
    rate: Decimal
    numerator: Decimal
    denominator: Decimal
    also_lines: tuple[int, ...] = ()


class LeftOut(Struct, frozen=True):
    """A sum that an article prints and the ledger leaves out, with the reason."""

    source: str
    line: int
    printed: str
    currency: str
    amount: Decimal
    reason: str
    mark: Mark


class Ledger(Struct, frozen=True):
    """Everything read, current records only; what the user's own records supersede is kept in ``superseded``, by id.

    ``complete`` is false after the first stage of loading, which leaves out signals, claims, rates and ``left_out``.
    """

    sources: dict[str, SourceArticle] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    fx: dict[str, FxRate] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    superseded: dict[str, Commitment | Signal] = field(default_factory=dict)
    complete: bool = True
