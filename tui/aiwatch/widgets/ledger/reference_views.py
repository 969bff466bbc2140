"""Who is who, with names, money and where each is named; and the sources, with what was left out of them."""

from __future__ import annotations

from functools import partial

from textual.content import Content

from aiwatch.formatting.text import clip
from aiwatch.ledger.amounts import money
from aiwatch.ledger.circles import company_money
from aiwatch.ledger.links import cites, kept
from aiwatch.ledger.records import Entity, Ledger, LeftOut, SourceArticle
from aiwatch.ledger.totals import Total
from aiwatch.widgets.ledger.context import DOUBTFUL, UNKNOWN, YOURS, LedgerContext
from aiwatch.widgets.ledger.rows import ListRow, Shown, ViewQuery, heading, matches
from aiwatch.widgets.table import Cell, Column, TableRows, cell

_WHO = (
    Column(("Name",), least=18, most=44),
    Column(("Printed as",), rank=4, least=16, most=40),
    Column(("Symbol",), rank=2, least=10, most=18),
    Column(("Gets",), right=True),
    Column(("Pays",), right=True),
    Column(("Named in",), rank=3, least=14, most=40),
    Column(("Note",), rank=5, least=24, most=60),
)
_SOURCES = (
    Column(("Id",)),
    Column(("Title",), least=14, most=70),
    Column(("Kind",), rank=3, least=11, most=14),
    Column(("Date",), right=True),
    Column(("Trust",), rank=1, least=5, most=6),
    Column(("Records",), rank=2, right=True),
)
NO_ADDRESS = "no address"
"""Said where only the publisher and the day of a source are known."""
_LISTED = {"yes": "listed", "no": "not listed"}


def who_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """Everybody and everything that is named, by type: all names, listing, money in and out, where, notes."""
    ledger = context.ledger
    entities = [entity for entity in ledger.entities.values() if matches(query.text, *entity_words(entity))]
    groups: dict[str, list[Entity]] = {entity.type: [] for entity in ledger.entities.values()}
    for entity in entities:
        groups[entity.type].append(entity)
    items: list[Entity | ListRow] = []
    for name, group in groups.items():
        items += [heading(f"{name[:1].upper()}{name[1:]}  {len(group)}", width), *group] if group else []
    rows = TableRows(items, partial(_who_cells, ledger), _WHO, width - 1, lambda entity: f"entity:{entity.id}")
    listed = sum(entity.listed == "yes" for entity in entities)
    summary = f"{len(entities)} named, {listed} listed · gets and pays: alone, with a party that is named"
    return Shown(rows, summary, rows.head)


def entity_words(entity: Entity) -> tuple[str, ...]:
    """Everything by which an entity can be found."""
    names = (entity.id, entity.name, entity.short, entity.name_zh, entity.type, entity.role, entity.region, entity.note)
    return (*names, *entity.printed, *entity.symbols, *entity.parent_symbols, *entity.chain, *entity.exchanges)


def money_words(total: Total) -> tuple[str, ...]:
    """A company's sum in its forms: ``$164 bn + ?``, in the end in three digits; empty where the ledger has none."""
    tail = " + ?" if total.unknown else ""
    forms = [" + ".join(money(amount, code, digits) for code, amount in total.sums) for digits in (None, 3)]
    if not total.sums:
        return (UNKNOWN,) if total.unknown else ("",)
    return tuple(form + tail for form in forms)


def _who_cells(ledger: Ledger, entity: Entity) -> list[Cell]:
    own = company_money(ledger, entity.id)
    own_mark = YOURS if entity.mark == "yours" else ""
    names = dict.fromkeys((entity.name, entity.short or entity.name))
    return [
        cell(*(f"{own_mark}{entity.name_zh} {name}".strip() for name in names)),
        cell(", ".join(entity.printed), style="$quiet"),
        cell(*_symbol_forms(entity)),
        cell(*money_words(own.received), style="bold"),
        cell(*money_words(own.paid), style="bold"),
        cell(*_place_forms(entity), style="$quiet"),
        cell(entity.note, style="$quiet"),
    ]


def _symbol_forms(entity: Entity) -> tuple[str, ...]:
    """All its symbols, then the main one and how many more, then that alone; whether it is listed where it has none."""
    if not entity.symbols:
        return (_LISTED.get(entity.listed, ""),)
    main, more = entity.symbols[0], len(entity.symbols) - 1
    return (", ".join(entity.symbols), f"{main} +{more}", main) if more else (main,)


def _place_forms(entity: Entity) -> tuple[str, ...]:
    """Where it is named, then where first in each source, then in which sources, then in how many lines."""
    if not entity.mentions:
        return ("",)
    first = " ".join(_begin(place) for place in entity.mentions)
    sources = " ".join(place.partition(":")[0] for place in entity.mentions)
    many = sum(len(place.split(",")) for place in entity.mentions)
    return "; ".join(entity.mentions), first, sources, f"{many} line{'' if many == 1 else 's'}"


def _begin(place: str) -> str:
    """``000:2+7`` for a place of eight lines, the first of which is line 2."""
    first, *more = place.split(",")
    return f"{first}+{len(more)}" if more else first


def sources_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """Every source with its kind, date and the number of records that cite it; then the sums that were left out."""
    ledger = context.ledger
    cited: dict[str, int] = kept(ledger, "times cited", _times_cited)
    sources = [source for source in ledger.sources.values() if matches(query.text, *source_words(source))]
    items: list[SourceArticle | ListRow] = [*sources]
    omitted = [
        (at, left)
        for at, left in enumerate(ledger.left_out)
        if matches(query.text, left.printed, left.reason, left.source)
    ]
    if omitted:
        items.append(heading(f"Printed sums that are no part of the ledger  {len(omitted)}", width))
        items += [_left_out_row(at, left, width) for at, left in omitted]
    summary = f"{len(sources)} sources · {DOUBTFUL} low confidence: panel 4 says why, and how the date is known"
    rows = TableRows(
        items,
        lambda source: _source_cells(source, cited.get(source.id, 0)),
        _SOURCES,
        width - 1,
        lambda source: f"source:{source.id}",
    )
    return Shown(rows, summary, rows.head)


def _left_out_row(at: int, left: LeftOut, width: int) -> ListRow:
    words = f" {left.source}:{left.line} {left.printed} · {left.reason}"
    return ListRow(f"left:{at}", Content.styled(clip(words, width), "$quiet"))


def source_words(source: SourceArticle) -> tuple[str, ...]:
    """Everything by which a source can be found."""
    return source.id, source.title, source.short, source.author, source.kind, source.origin, source.attribution


def _times_cited(ledger: Ledger) -> dict[str, int]:
    cited: dict[str, int] = {}
    for records in (ledger.commitments, ledger.signals, ledger.claims, ledger.fx):
        for record in records.values():
            for id in cites(record):
                cited[id] = cited.get(id, 0) + 1
    return cited


def date_words(source: SourceArticle) -> str:
    """The source's day with how surely it is known: ``after 2025-08-15``; ``no date``."""
    sense = "" if source.date_sense == "on" else f"{source.date_sense} "
    return f"{sense}{source.dated}" if source.dated else "no date"


def _title_words(source: SourceArticle) -> str:
    """``Fresh: the title``; with a word where no address is known."""
    name = " ".join(word for word in (source.short, "" if source.origin else f"({NO_ADDRESS})") if word)
    return f"{name}: {source.title}" if name else source.title


def _source_cells(source: SourceArticle, cited: int) -> list[Cell]:
    own = YOURS if source.mark == "yours" else ""
    return [
        cell(f"{own}{source.id}", f"{own}{source.short or source.id[:8]}"),
        cell(_title_words(source)),
        cell(source.kind or "not said", style="$quiet"),
        cell(date_words(source), str(source.dated or "no date")),
        cell(f"low {DOUBTFUL}" if source.confidence == "low" else "", style="$warning"),
        cell(str(cited)),
    ]
