"""What is shown of one stock: names, place, the figures of its quote with their units, and the records on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content

from aiwatch.formatting.text import DAILY_MINUTES, age, money, price, short, signed, tone
from aiwatch.formatting.widths import UNBOUNDED
from aiwatch.ledger.amounts import printed_amount, printed_value
from aiwatch.ledger.exposure import Mention, mentions
from aiwatch.ledger.records import Claim, Commitment, Ledger, Signal
from aiwatch.ledger.views import Target, payer_forms, recipient_forms
from aiwatch.market.calendar.session import local_zone
from aiwatch.market.data_sources import credit_of
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.market.spelling import hint_of_unknown
from aiwatch.market.state import NOT_OF_NOW, STALE_WORDS, MarketState, PriceStatus
from aiwatch.market.symbol import ELSEWHERE, Board, Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.ledger.rows import amount_forms, parties
from aiwatch.widgets.linked_rows import Row, heading_row, trimmed

if TYPE_CHECKING:
    from aiwatch.market.merge import Disagreement


class Field(Struct, frozen=True):
    """A figure with its name; ``style`` is a theme variable or empty."""

    label: str
    value: str
    style: str = ""


_STATUS_WORDS = {
    PriceStatus.WAITING: "no source has answered yet",
    PriceStatus.UNKNOWN: "no source knows this symbol: check its spelling in the watchlist file",
    PriceStatus.SUSPENDED: "suspended: the price is the previous close",
    PriceStatus.DELISTED: "delisted: the source still sends a last price",
    PriceStatus.STALE: STALE_WORDS,
    PriceStatus.AUCTION: "call auction: the price is indicative, nothing has traded yet",
    PriceStatus.UNTRADED: "no trade yet today: the price is the previous close",
    PriceStatus.UNSURE: "trading hours not known",
    PriceStatus.LUNCH: "lunch break: last price of the morning",
    PriceStatus.CLOSED: "market closed: last session's prices",
    PriceStatus.MEMORY: "from memory: kept from an earlier run, no source has confirmed it yet",
}


def title(stock: Stock, room: int = UNBOUNDED) -> str:
    """The stock's heading: ``英维克 Envicool (printed "Invic") · 002837.SZ``; in ``room`` cells without how it was
    printed, then without one of its names, and in the end by its name alone, where that is too much."""
    printed = f' (printed "{stock.printed_as}")' if stock.printed_as else ""
    both = f"{stock.name_zh} {stock.name}" if stock.name_zh else stock.name
    name = stock.name or stock.name_zh or stock.symbol.text
    forms = (f"{both}{printed} · {stock.symbol}", f"{both} · {stock.symbol}", f"{stock.name} · {stock.symbol}", name)
    return next((form for form in forms if cell_len(form) <= room), forms[-1])


def place(symbol: Symbol, quote: Quote | None = None) -> str:
    """Where it is listed and by how much it may move in a day: ``SZSE main, ±10 %``; of its ``quote``, where there is
    one, by its rule alone, and nothing where that is not known."""
    tier = "" if symbol.board is Board.MAIN and not symbol.is_china else f" {symbol.board}"
    percent = symbol.daily_limit if quote is None else quote.limit_percent
    limit = f", ±{percent} %" if percent else ", no daily limit" if symbol.is_unlimited else ""
    if symbol.exchange.zone == "UTC":
        return f"{symbol.board}{', exchange not known' if symbol.exchange == ELSEWHERE else limit}"
    return f"{symbol.exchange.code}{tier}{limit}"


_WRONG = (PriceStatus.UNKNOWN, PriceStatus.DELISTED, PriceStatus.STALE, PriceStatus.UNSURE, PriceStatus.MEMORY)


def status_line(market: MarketState, stock: Stock, now: datetime) -> Content:
    """How the price is to be read: source, delay, feed time, age, and words for every special state."""
    quote = market.quotes.get(stock.symbol)
    status = market.status(stock.symbol)
    words = _STATUS_WORDS.get(status, "")
    if quote is None:
        hint = hint_of_unknown(stock.symbol) if status is PriceStatus.UNKNOWN else ""
        return Content.styled(f"no source knows this symbol. {hint}" if hint else words, "$stale")
    zone, place = local_zone(quote)
    local = quote.as_of.astimezone(zone)
    facts = (
        f"{credit_of(quote.source)}, {_delay(quote) or 'real time'}, {local:%d %b %H:%M:%S} "
        f"{place}, {age(quote.as_of, now)} ago"
    )
    differing = market.disagreements.get(stock.symbol)
    if differing is not None:
        prices = (f"{credit_of(quote.source)} {quote.last:g}" for quote in (differing.one, differing.other))
        words = f"sources differ: {', '.join(prices)}"
    return Content.assemble((facts, "$quiet"), (f" · {words}" if words else "", _style_of(status, differing)))


def _style_of(status: PriceStatus, differing: Disagreement | None = None) -> str:
    """Amber where something is to be looked after; what belongs to every day of trading is said quietly."""
    return "$warning" if differing is not None or status in _WRONG else "$quiet"


def _delay(quote: Quote) -> str:
    """How late the source is, in words; empty when it is not."""
    if quote.delay_minutes is None:
        return "delay not known"
    if quote.delay_minutes >= DAILY_MINUTES:
        return "daily fixing"
    return f"{quote.delay_minutes} min delayed" if quote.delay_minutes else ""


def _extended(quote: Quote, extended: Extended | None) -> tuple[Field, ...]:
    """The price before or after the regular session, with its change against the session's last, and its time."""
    if extended is None:
        return ()
    label = "Pre-market" if extended.when == "pre" else "After hours"
    change = (extended.last / quote.last - 1) * 100
    zone, _ = local_zone(quote)
    local = extended.as_of.astimezone(zone)
    day = "" if local.date() == quote.as_of.astimezone(zone).date() else f"{local:%d %b} "
    words = f"{price(extended.last, quote.decimals)}  {signed(change)} %"
    return Field(label, words), Field(f"{label} at", f"{day}{local:%H:%M}")


def tone_of(quote: Quote, status: PriceStatus, convention: str) -> str:
    """The colour of the change of ``quote``, whose price is to be read as ``status``."""
    return "$stale" if status in NOT_OF_NOW else tone(quote.change, quote.symbol, convention)


def quote_fields(
    quote: Quote, convention: str, extended: Extended | None = None, status: PriceStatus = PriceStatus.LIVE
) -> list[Field]:
    """Every figure the source sent, in the order people read them; what it did not send is left out. ``extended`` is
    the price outside the session, where there is one of now; ``status`` is how the price is to be read."""
    decimals, currency = quote.decimals, quote.currency
    colour = tone_of(quote, status, convention)
    limits = quote.limits
    state, lot = {1: "up", -1: "down"}.get(quote.at_limit, ""), quote.lot or quote.symbol.lot
    label = {Trading.AUCTION: "Indicative", Trading.SUSPENDED: "Last close"}.get(quote.trading, "Last")
    fields = [
        Field(label, f"{price(quote.last, decimals)} {currency or 'of unknown currency'}", colour),
        Field("Change", f"{signed(quote.change, decimals)}  {signed(quote.change_percent)} %", colour)
        if quote.change is not None
        else None,
        *_extended(quote, extended),
        _priced("Previous close", quote.previous_close, decimals),
        _priced("Open", quote.open, decimals),
        _priced("High", quote.high, decimals),
        _priced("Low", quote.low, decimals),
        _priced("VWAP", quote.vwap, decimals),
        Field("Limit up / down", f"{price(limits[0], decimals)} / {price(limits[1], decimals)}") if limits else None,
        Field("At limit", state, "$limit") if state else _field_of("To limit", quote.to_limit_percent, " %"),
        Field("Volume", f"{short(quote.volume)} shares") if quote.volume is not None else None,
        Field("Turnover", money(quote.turnover, currency)) if quote.turnover is not None else None,
        _field_of("Turnover rate", quote.turnover_rate, " %"),
        _field_of("Volume ratio", quote.volume_ratio, ""),
        _field_of("Amplitude", quote.amplitude, " %"),
        _side("Bid", quote.bid, quote.bid_size, decimals),
        _side("Ask", quote.ask, quote.ask_size, decimals),
        Field("52 weeks", f"{price(quote.low_52w, decimals)} – {price(quote.high_52w, decimals)}")
        if quote.low_52w is not None or quote.high_52w is not None
        else None,
        Field("Market cap", money(quote.market_cap, currency)) if quote.market_cap is not None else None,
        _field_of("PE", quote.pe, ""),
        Field("Lot", f"{lot} share{'' if lot == 1 else 's'}") if lot else None,
    ]
    return [field for field in fields if field is not None]


def _priced(label: str, value: float | None, decimals: int) -> Field | None:
    return None if value is None else Field(label, price(value, decimals))


def _field_of(label: str, value: float | None, unit: str) -> Field | None:
    return None if value is None else Field(label, f"{value:.2f}{unit}")


def _side(label: str, value: float | None, size: int | None, decimals: int) -> Field | None:
    if value is None:
        return None
    return Field(label, price(value, decimals) + (f" × {short(size)}" if size is not None else ""))


def grid(fields: list[Field], width: int) -> Content:
    """The fields in as many columns as ``width`` holds, filled row by row."""
    label_width = max((Content(field.label).cell_length for field in fields), default=0)
    value_width = max((Content(field.value).cell_length for field in fields), default=0)
    cell = min(width, label_width + value_width + 2)
    columns = max(1, (width + 3) // (cell + 3))
    rows = []
    for start in range(0, len(fields), columns):
        cells = [
            Content.assemble(
                (field.label.ljust(label_width + 2), "$quiet"), (field.value.ljust(value_width), field.style)
            )
            for field in fields[start : start + columns]
        ]
        rows.append(trimmed(Content("   ").join(cells), width))
    return Content("\n").join(rows)


def brief(stock: Stock, market: MarketState, convention: str, now: datetime, width: int) -> Content:
    """The stock in two rows of ``width`` cells, for a screen with no room for more; how its price is to be read is
    said in as many words as fit, and always said."""
    quote = market.quotes.get(stock.symbol)
    head = Content.assemble((title(stock), "bold"), (f" · {stock.role}" if stock.role else "", "$quiet"))
    if quote is None:
        return head + Content("\n") + status_line(market, stock, now)
    status = market.status(stock.symbol)
    colour = tone_of(quote, status, convention)
    change = f" {signed(quote.change, quote.decimals)} {signed(quote.change_percent)} %" if quote.change_percent else ""
    figures = Content.styled(f"{price(quote.last, quote.decimals)} {quote.currency}{change}  ", colour)
    turnover = Content(f"turnover {money(quote.turnover, quote.currency)}  " if quote.turnover is not None else "")
    differs = market.disagreements.get(stock.symbol)
    said, short_said = status_line(market, stock, now), _short_status(quote, status, now, differs)
    forms = (figures + turnover + said, figures + turnover + short_said, figures + said, figures + short_said)
    return head + Content("\n") + next((form for form in forms if form.cell_length <= width), forms[-1])


def _short_status(quote: Quote, status: PriceStatus, now: datetime, differs: Disagreement | None) -> Content:
    words = _delay(quote) if status is PriceStatus.DELAYED else status.value
    words = "sources differ" if differs is not None else words
    return Content.assemble((f"{age(quote.as_of, now)} ago, ", "$quiet"), (words, _style_of(status, differs)))


MENTION_HEADINGS = (
    "Commitments that name it",
    "Commitments touching its sector (not naming it)",
    "Spending that its source says goes to its sector",
    "Signals",
    "Claims about its price",
)


def mention_rows(ledger: Ledger, symbol: Symbol) -> list[Row]:
    """A heading and a row a record, for each group that has any; the rows lead to the records."""
    groups: dict[str, list[Mention]] = {title: [] for title in MENTION_HEADINGS}
    for mention in mentions(ledger, symbol.text):
        if isinstance(mention.record, Commitment):
            groups[MENTION_HEADINGS[0 if mention.direct else 2 if mention.by_source else 1]].append(mention)
        else:
            groups[MENTION_HEADINGS[4 if isinstance(mention.record, Claim) else 3]].append(mention)
    rows: list[Row] = []
    for title, group in groups.items():
        if group:
            rows.append(heading_row(f"{title}  {len(group)}"))
        rows.extend(_mention_row(ledger, mention) for mention in group)
    return rows


def _loses(record: object) -> bool:
    return isinstance(record, Signal) and bool(record.loses)


def _mention_row(ledger: Ledger, mention: Mention) -> Row:
    record = mention.record
    shorter: list[tuple[str, str]] = []
    last: list[Content] = []
    if isinstance(record, Commitment):
        words = parties(record)
        figure, after = printed_amount(record), record.status
        names = f"{payer_forms(ledger, record)[-1]} → {recipient_forms(ledger, record)[-1]}"
        least = amount_forms(record)[-1]
        shorter = [*((words, form) for form in amount_forms(record)[1:]), (names, least)]
        if record.amount is not None:
            last = [Content.assemble((f"  {record.id} ", "$quiet"), (f"{least}  ", "bold"), names)]
    elif isinstance(record, Claim):  # claims are read after the first paint
        from aiwatch.widgets.ledger.claims import checked_percent, printed_percent

        words = f"{printed_percent(record)} in {record.window}" if record.percent is not None else record.window
        figure, after = checked_percent(record), f"repeats {record.repeats}" if record.repeats else record.verdict
    else:
        words, figure = f"{record.subject}: {record.metric}", printed_value(record)
        after = " ".join(part for part in (record.direction, record.as_of) if part)
    sign = {"+": "good for it", "-": "a rival's gain" if not _loses(record) else "bad for it"}.get(mention.sign, "")
    reason = "; ".join(part for part in (after, mention.reason, sign) if part)
    begin, *others = (
        Content.assemble((f"  {record.id} ", "$quiet"), text, (f"  {size}" if size else "", "bold"))
        for text, size in ((words, figure), *shorter)
    )
    behind = Content.styled(f"  {reason}" if reason else "", "$quiet")
    return Row(begin, target=Target("record", record.id), shorter=(*others, *last), after=behind)
