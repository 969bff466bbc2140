"""Money a year as bars, and the ledger on a time axis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from aiwatch.formatting.text import clip, flush, sparkline
from aiwatch.ledger.amounts import convert, money
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.reports.basket import Basket
from aiwatch.ledger.reports.timeline import Event, events
from aiwatch.ledger.reports.years import RateRow, YearRate, YearSum, by_year, yearly_rates
from aiwatch.ledger.views import search_words
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.ledger.rows import ListRow, Shown, ViewQuery, heading, matches, parties
from aiwatch.widgets.table import LateRows

_DIGITS = 3
_LONGEST_BAR = 60
_MONTH_WORDS = 45
"""The cells before the bar of a month."""
_FIGURE = 10
"""The cells of a figure beside a bar."""
_STYLES = {
    "cancelled": "$warning",
    "paused": "$warning",
    "verified": "$accent",
    "disputed": "$warning",
    "printed": "$quiet",
}


def years_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """Spending by year, then what runs at a yearly rate, each with a bar; records of the same money share a row."""
    sums = [spent for spent in by_year(context.ledger) if matches(query.text, spent.year, spent.who)]
    rates = [row for row in yearly_rates(context.ledger) if matches(query.text, row.label)]
    spent_most = max((_in_usd(context, spent.amount, spent.currency) for spent in sums), default=Decimal(0))
    flows = [rate for row in rates for rate in row.rates]
    most = max((_in_usd(context, rate.amount, rate.currency) for rate in flows), default=Decimal(0))
    rows: list[ListRow] = []
    for at, spent in enumerate(sums):
        if at == 0 or sums[at - 1].year != spent.year:
            rows.append(heading(spent.year, width))
        rows.append(ListRow(f"year:{spent.records[0].id}", _sum_line(context, spent, spent_most, width)))
    if rates:
        rows.append(heading("A year, as printed or averaged over its years", width))
    rows += [ListRow(f"rate:{row.rates[0].record.id}", _rate_lines(context, row, most, width)) for row in rates]
    summary = f"{len(sums)} sums of years and quarters, {len(rates)} yearly rates · bars by dollars, never added"
    return Shown(tuple(rows), summary)


def _sum_line(context: LedgerContext, spent: YearSum, most: Decimal, width: int) -> Content:
    what = "forecast" if spent.is_forecast else ", ".join(spent.quarters)
    label = f"{f'{what}: ' if what else ''}{spent.who}"
    return _bar_line(context, label, spent.amount, spent.currency, most, width)


def _rate_lines(context: LedgerContext, row: RateRow, most: Decimal, width: int) -> Content:
    title = Content.styled(clip(f" {row.label}", width).rstrip(), "bold")
    room = _label_room(width) - len("  C000 ")
    bars = [_bar_line(context, _rate_words(rate, room), rate.amount, rate.currency, most, width) for rate in row.rates]
    return Content("\n").join([title, *bars])


def _rate_words(rate: YearRate, room: int) -> str:
    """Whether the rate is printed, or over how many years it is an average, in ``room`` cells where that is enough."""
    years = f"{rate.years:f}" if rate.years is not None else ""
    forms = (f"averaged over {years} years", f"over {years} years", f"{years} years") if years else ("printed",)
    return f"  {rate.record.id} {next((form for form in forms if len(form) <= room), forms[-1])}"


def _label_room(width: int) -> int:
    """The cells of what stands before the figure of a bar."""
    return max(10, width * 2 // 5)


def _bar_line(context: LedgerContext, label: str, amount: Decimal, currency: str, most: Decimal, width: int) -> Content:
    figure = money(amount, currency, _DIGITS)
    room = _label_room(width)
    longest = max(0, width - room - _FIGURE - 3)
    cells = int(_in_usd(context, amount, currency) / most * longest) if most else 0
    bar = "█" * max(1, cells) if longest else ""
    name = Content(f" {clip(label, room)}" + " " * max(0, room - cell_len(clip(label, room))))
    return name + Content.assemble((flush(figure, _FIGURE), "bold"), " ", (bar, "$accent"))


def _in_usd(context: LedgerContext, amount: Decimal, currency: str) -> Decimal:
    """The sum in dollars, for the length of a bar alone; nothing without a rate."""
    result = convert(amount, currency, "USD", context.rates)
    return result.amount if result else Decimal(0)


def timeline_view(context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """What each commitment came to, and when: by month, the newest last; what is still to come stands apart."""
    ledger = context.ledger
    matching = _matching(ledger, query.text)
    if query.reverse:
        matching.reverse()
    today = context.today.isoformat()
    items: list[Event | str] = []
    keys: list[str] = []
    last = ""
    for at, event in enumerate(matching):
        group = _group(event, today)
        if group != last:
            items.append(group)
            keys.append("")
        items.append(event)
        keys.append(f"event:{at}:{event.record.id}")
        last = group

    basket = context.basket or Basket()
    prices = _month_words(basket, width)

    def row_at(at: int) -> ListRow:
        item = items[at]
        if isinstance(item, str):
            return ListRow("", Content.assemble(f"{item:<12}", prices.get(item, "")).truncate(width, ellipsis=True))
        return ListRow(keys[at], _event_line(item, width))

    summary = f"{_timeline_summary(matching, today)}{_basket_words(context.basket)}"
    return Shown(LateRows(keys, row_at), summary, _basket_line(basket, width))


def _month_words(basket: Basket, width: int) -> dict[str, Content]:
    """What stands beside each month that has prices: the basket's level, its change in the month, and a bar from
    the lowest month to the highest."""
    levels = [level for _, level in basket.months]
    low, reach = min(levels, default=0.0), max(levels, default=0.0) - min(levels, default=0.0)
    longest = max(0, min(_LONGEST_BAR, width - _MONTH_WORDS))
    words = {}
    before = 100.0
    for month, level in basket.months:
        bar = "▬" * (1 + round((level - low) / reach * (longest - 1))) if longest and reach else ""
        figures = f"basket {level:6.1f}  {f'{(level / before - 1) * 100:+.1f}':>6} %  "
        words[month] = Content.assemble((figures, "not bold $quiet"), (bar, "not bold $accent"))
        before = level
    return words


def _basket_line(basket: Basket, width: int) -> Content | None:
    """The basket month by month in one line, from its first month to its last; nothing without prices."""
    if not basket.months:
        return None
    (first, _), (last, level) = basket.months[0], basket.months[-1]
    before, after = f" Basket {first} ", f" {last} 100 → {level:.1f}"
    levels = [level for _, level in basket.months][-max(1, width - len(before) - len(after)) :]
    return Content.assemble((before, "$quiet"), (sparkline(levels, len(levels)), "$accent"), (after, "$quiet"))


def _basket_words(basket: Basket | None) -> str:
    """Of what the basket is; that no prices are kept where there are none."""
    if basket is None:
        return ""
    if not basket.months:
        return " · basket of those who pay or are paid: no prices kept"
    mark = f"{basket.mark}, " if basket.mark else ""
    return (
        f" · basket: {mark}{basket.companies} of {basket.total} listed companies that pay or are paid, equal weight, "
        "adjusted closes as kept, by month"
    )


def _matching(ledger: Ledger, text: str) -> list[Event]:
    """The events of the commitments that match, or whose stage does."""
    asked = text.casefold().split()
    if not asked:
        return list(events(ledger))
    words = search_words(ledger)
    return [
        event
        for event in events(ledger)
        if all(word in words[event.record.id] or word in event.stage for word in asked)
    ]


def _group(event: Event, today: str) -> str:
    return "Still to come" if event.is_planned(today) else event.date[:7]


def _event_line(event: Event, width: int) -> Content:
    style = _STYLES.get(event.stage, "bold")
    words = f"{parties(event.record)}{f' · {event.says}' if event.says else ''}"
    before = f" {event.date:<10} {event.record.id} "
    stage = flush(event.stage, 10)
    room = max(8, width - cell_len(before) - cell_len(stage) - 1)
    return Content.assemble((before, "$quiet"), (stage, style), " ", clip(words, room).rstrip())


def _timeline_summary(events: Sequence[Event], today: str) -> str:
    ahead = sum(event.is_planned(today) for event in events)
    return f"{len(events)} events, {ahead} of them still to come · verified, disputed: by another source"
