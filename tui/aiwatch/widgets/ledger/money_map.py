"""Who pays whom in the deals: a table or a map, the circles in it, and what comes back to those who pay."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from aiwatch.formatting.text import clip, flush
from aiwatch.ledger import views
from aiwatch.ledger.amounts import money, plain, significant
from aiwatch.ledger.circles import Circle, Incoming, Leg, are_all_circles, circles, incomings, legs
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.views import short_name
from aiwatch.widgets.ledger.context import UNKNOWN, LedgerContext
from aiwatch.widgets.ledger.rows import ListRow, Shown, ViewQuery, commitment_table, heading, matches
from aiwatch.widgets.table import TableRows

NO_DEAL = "·"
_SHORTEST_NAME = 5
_BILLION = 9
_WIDE = 60
_RECEIVED = (
    "Money received, and from those it pays / via others",
    "Money received, and how much comes from companies it pays",
)
LEGEND = "? not stated · ≤ at most · (10) part of another sum · + more than stated"


def deals_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """The deals as a table or as a map, then the circles, then the money that comes back."""
    ledger = context.ledger
    if query.mapped:
        top = Shown(map_rows(context, query, width), LEGEND)
    else:
        table = commitment_table(context, views.deals(ledger), query, width)
        top = Shown(table.rows, f"{table.summary} · m: money map", table.head)
    ring = [
        ListRow(circle_key(circle), circle_lines(circle, width))
        for circle in circles(ledger)
        if _is_wanted(circle, query)
    ]
    if ring:
        words = "" if are_all_circles(ledger) else ", the shortest; longer ones are too many to list"
        ring.insert(0, heading(f"Circles of money  {len(ring)}{words}", width))
    back = [
        ListRow(f"gets:{received.entity}", incoming_line(ledger, received, width))
        for received in incomings(ledger)
        if matches(query.text, ledger.entities[received.entity].name)
    ]
    if back:
        back.insert(0, heading(_RECEIVED[width >= _WIDE], width))
    rows = top.rows
    whole = rows.followed_by([*ring, *back]) if isinstance(rows, TableRows) else (*rows, *ring, *back)
    return Shown(whole, top.summary, top.head)


def _is_wanted(circle: Circle, query: ViewQuery) -> bool:
    return matches(query.text, "circle", *circle.names)


# The map


def map_rows(context: LedgerContext, query: ViewQuery, width: int) -> tuple[ListRow, ...]:
    """Payers down, recipients across; a list of arrows where that is too wide."""
    ledger = context.ledger
    cells = {
        pair: leg
        for pair, leg in legs(ledger).items()
        if matches(query.text, *(ledger.entities[id].name for id in pair))
    }
    payers = list(dict.fromkeys(payer for payer, _ in cells))
    recipients = list(dict.fromkeys(recipient for _, recipient in cells))
    unit = _unit(context, cells.values())
    around = {(leg.payer, leg.recipient) for circle in circles(ledger) for leg in circle.legs}
    texts = {pair: cell_text(context, leg, unit) for pair, leg in cells.items()}
    names = {id: short_name(ledger, id) for id in (*payers, *recipients)}
    figures = {to: max([1, *(cell_len(text) for pair, text in texts.items() if pair[1] == to)]) for to in recipients}
    sizes = _sizes(names, payers, figures, width)
    title = f"Who pays (down) whom (across), {f'in {unit} bn' if unit else 'as stated'}"
    if sizes is None:
        return (
            heading(title.replace("(down) ", "→ ").replace(" (across)", ""), width),
            *_arrows(context, cells, width),
        )
    first, across = sizes
    top = " " * (first + 1) + " ".join(flush(names[id], across[id]) for id in recipients)
    rows = [heading(title, width), ListRow("", Content.styled(clip(top, width), "not bold $quiet"))]
    for payer in payers:
        parts = [Content(f" {clip(names[payer], first - 1)}")]
        for recipient in recipients:
            pair = payer, recipient
            text = texts.get(pair, NO_DEAL if payer != recipient else " ")
            style = (
                "bold $warning" if pair in around else "bold" if pair in cells and cells[pair].is_known else "$quiet"
            )
            parts.append(Content.styled(flush(text, across[recipient]), style))
        rows.append(ListRow(f"pays:{payer}", Content(" ").join(parts)))
    return tuple(rows)


def cell_text(context: LedgerContext, leg: Leg, unit: str) -> str:
    """A leg in a cell: ``300``, ``100+?``, ``≤6.3``, ``(10)``; in billions of ``unit``, else with sign and unit."""
    parts = [_short(context, amount, code, unit) for code, amount in leg.total.sums]
    parts += [
        f"≤{_short(context, omitted.record.amount, omitted.record.currency, unit)}"
        for omitted in leg.total.left_out
        if omitted.record.kind == "guarantee" and omitted.record.amount is not None
    ]
    if leg.total.unknown:
        parts.append(UNKNOWN)
    if parts:
        return "+".join(parts)
    stated = [omitted.record for omitted in leg.total.left_out if omitted.record.amount is not None]
    return f"({'+'.join(_short(context, record.amount or Decimal(0), record.currency, unit) for record in stated)})"


def _short(context: LedgerContext, amount: Decimal, currency: str, unit: str) -> str:
    if unit and currency != unit:
        converted = context.converted(amount, currency)
        amount = converted.amount if converted else amount
    if unit:
        return plain(significant(amount.scaleb(-_BILLION), 3))
    return money(amount, currency, 3).replace(" ", "")


def _unit(context: LedgerContext, cells: object) -> str:
    """The one currency in which every cell can be given; empty when there is none."""
    shown_legs = list(cells)  # type: ignore[call-overload]
    codes = {code for leg in shown_legs for code, _ in leg.total.sums}
    codes |= {omitted.record.currency for leg in shown_legs for omitted in leg.total.left_out}
    if context.currency and all(context.converted(Decimal(1), code) for code in codes):
        return context.currency
    return next(iter(codes)) if len(codes) == 1 else ""


def _sizes(
    names: dict[str, str], payers: list[str], figures: dict[str, int], width: int
) -> tuple[int, dict[str, int]] | None:
    """Cells of the payers' names and of each recipient's column; ``None`` where the map does not fit."""
    first = 1 + min(12, max((cell_len(names[id]) for id in payers), default=1))
    least = {id: max(size, min(cell_len(names[id]), _SHORTEST_NAME)) for id, size in figures.items()}
    over = first + sum(size + 1 for size in least.values()) - width
    first -= min(max(0, over), max(0, first - 8))
    if first + sum(size + 1 for size in least.values()) > width:
        return None
    spare = width - first - sum(size + 1 for size in least.values())
    for id in least:
        grown = min(spare, max(0, cell_len(names[id]) - least[id]))
        least[id] += grown
        spare -= grown
    return first, least


def _arrows(context: LedgerContext, cells: dict[tuple[str, str], Leg], width: int) -> list[ListRow]:
    rows = []
    for (payer, recipient), leg in cells.items():
        names = f"{short_name(context.ledger, payer)} → {short_name(context.ledger, recipient)}"
        text = cell_text(context, leg, "")
        room = max(8, width - cell_len(text) - 2)
        style = "bold" if leg.is_known else "$quiet"
        content = Content.assemble(" ", clip(names, room), " ", (flush(text, width - room - 2), style))
        rows.append(ListRow(f"pays:{payer}:{recipient}", content))
    return rows


# Circles and what comes back


def circle_key(circle: Circle) -> str:
    """What a circle's row is called: its entities in payment order."""
    return "circle:" + ">".join(leg.payer for leg in circle.legs)


def find_circle(ledger: Ledger, key: str) -> Circle | None:
    """The circle of a row called ``key``."""
    return next((circle for circle in circles(ledger) if circle_key(circle) == key), None)


def circle_lines(circle: Circle, width: int) -> Content:
    """The circle's name, the sum of each leg, what was moved and the narrowest leg."""
    around = " → ".join(leg.amount() for leg in circle.legs)
    narrowest = narrowest_words(circle)
    moved = f"all legs {moved_words(circle)}"
    rows = [Content.styled(clip(f" {circle.title}", width), "bold")]
    for text in (around, f"smallest leg {narrowest} · {moved}"):
        fitting = text if cell_len(text) <= width - 3 else text.replace("unknown", UNKNOWN)
        if cell_len(fitting) <= width - 3:
            rows.append(Content(f"   {fitting}"))
        else:
            rows.extend(Content(f"   {part}") for part in fitting.split(" · "))
    return Content("\n").join(rows)


def narrowest_words(circle: Circle) -> str:
    """The smallest leg, the most that can have gone all the way round."""
    return "unknown" if circle.narrowest is None else money(circle.narrowest[1], circle.narrowest[0])


def moved_words(circle: Circle) -> str:
    """The known sums of the legs, which are one money moving on, not money added."""
    return " + ".join(money(amount, currency) for currency, amount in circle.sums) or "unknown"


def gets_words(received: Incoming) -> str:
    """What a company gets: ``$164 bn + ?``."""
    sums = [money(amount, currency) for currency, amount in received.everything.sums]
    is_more = received.everything.unknown or received.supplies
    return " + ".join([*sums, *((UNKNOWN,) if is_more else ())]) or "nothing that is counted"


def share_words(received: Incoming) -> tuple[str, str]:
    """The shares of what is known, from companies it pays itself and from those its money reaches through others."""

    def share(part: str) -> str:
        total = received.direct if part == "direct" else received.round_about
        shares = [received.share(total, currency) for currency, _ in received.everything.sums]
        return " + ".join("?" if share is None else f"{share:.0f} %" for share in shares) or "?"

    return share("direct"), share("via others")


def incoming_line(ledger: Ledger, received: Incoming, width: int) -> Content:
    """A company, what it gets, and which share comes from those it pays, directly and via others."""
    direct, via_others = share_words(received)
    tail = f"directly {direct:>5}, via others {via_others:>5}"
    if width < _WIDE:
        tail = f"{direct:>5} / {via_others:>5}"
    if not received.pays:
        tail = "pays nobody here" if width >= _WIDE else "pays nobody"
    gets = flush(gets_words(received), 12)
    name = clip(short_name(ledger, received.entity), max(6, width - cell_len(tail) - cell_len(gets) - 4))
    return Content.assemble(" ", name, " ", (gets, "bold"), "  ", (tail, "$quiet"))
