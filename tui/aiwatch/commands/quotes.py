"""``aiwatch quotes``: prices once, as a table, JSON or CSV."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aiwatch.commands.completion import complete_list, complete_symbol
from aiwatch.commands.tables import table
from aiwatch.config.settings import Flags
from aiwatch.errors import SymbolError
from aiwatch.feed.once import Priced, price_once
from aiwatch.formatting import spreadsheets
from aiwatch.formatting.text import NOTHING, money, short, signed
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.session import Calendar, Phase, Session, extended_at, local_zone, session_for, session_of
from aiwatch.market.quote import Quote
from aiwatch.market.spelling import hint_of_unknown, symbol_of
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol
from aiwatch.runtime.hosts import open_hosts
from aiwatch.runtime.load import LoadedFiles, load_all, missing_list
from aiwatch.watchlist import Stock
from aiwatch.watchlist.reader import WatchlistFolder

if TYPE_CHECKING:
    from aiwatch.sources.network.environment import NetworkProblem

ALL_PRICED, SOME_MISSING, NONE_PRICED = 0, 3, 4
"""Exit statuses."""

FIELDS = (
    "symbol",
    "name",
    "name_zh",
    "last",
    "previous_close",
    "change",
    "change_percent",
    "open",
    "high",
    "low",
    "volume",
    "turnover",
    "currency",
    "as_of",
    "received_at",
    "delay_minutes",
    "session",
    "bid",
    "ask",
    "limit_up",
    "limit_down",
    "extended",
    "extended_change_percent",
    "extended_session",
    "extended_as_of",
    "source",
    "status",
)
"""The keys of a quote in JSON and the columns in CSV: volume in shares, turnover in currency units, times in UTC.
``extended`` is a price outside the regular session, ``pre`` or ``post``, its change that since the session's last."""

EXTENDED = "Pre/post"
"""The column of the table that is there when any stock has a price outside the regular session."""
RIGHT = ("Last", "Change", "Chg %", "Volume", "Turnover")
HEAD = ("Symbol", "Name", *RIGHT, EXTENDED, "As of", "Source", "Status")
LONGEST = dict.fromkeys(HEAD, 28) | {"As of": 40}
"""The columns of the table, those of them that are flush right, and the cells that each has at most."""


@click.command()
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...", shell_complete=complete_symbol)
@click.option(
    "--watchlist",
    "-w",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_list,
    help="Price a watchlist; may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, null where a source sent nothing.")
@click.option(
    "--csv",
    "as_csv",
    is_flag=True,
    help="Print CSV with a header row; a text that looks like a formula has ' in front.",
)
@click.pass_context
def quotes(
    context: click.Context, symbols: tuple[str, ...], watchlist: tuple[str, ...], as_json: bool, as_csv: bool
) -> None:
    """Price symbols or watchlists once (all watchlists, when none is named) and print them.

    Exit status: 0 all priced, 3 some missing, 4 none.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    flags = context.obj if isinstance(context.obj, Flags) else Flags()
    read = load_all(flags)
    stocks = chosen(symbols, watchlist, read.watchlists)
    calendar = Calendar(shipped=shipped_day)
    priced = asyncio.run(_price(read, [stock.symbol for stock in stocks], calendar))
    now = utc_now()
    rows = [row_of(stock, priced, calendar(stock.symbol.exchange, now), now) for stock in stocks]
    times = [local_time(priced.quotes.get(stock.symbol)) for stock in stocks]
    click.echo(as_text(rows, times, as_json=as_json, as_csv=as_csv), nl=False)
    for problem in exemption_problems():
        click.echo(str(problem), err=True)
    for error in priced.errors:
        click.echo(f"{error.host}: {error}", err=True)
    for refusal in priced.refused:
        click.echo(f"{refusal.symbol}: refused: {refusal.reason}", err=True)
    for symbol in sorted(priced.unknown):
        hint = hint_of_unknown(symbol) or "check its spelling and what stands after its dot"
        click.echo(f"{symbol}: no source knows it: {hint}", err=True)
    exchanges = {stock.symbol.exchange for stock in stocks}
    sessions = [calendar(exchange, now) for exchange in exchanges]
    unsure = sorted(
        session.exchange.code
        for session in sessions
        if not session.holidays_known and session.phase is not Phase.UNKNOWN
    )
    if unsure:
        click.echo(f"{', '.join(unsure)}: no holiday calendar yet, normal hours assumed", err=True)
    context.exit(exit_status(len(rows), len(priced.quotes)))


def exemption_problems() -> list[NetworkProblem]:
    """What of ``no_proxy`` cannot be read where a proxy is set; a proxy that cannot be used fails each source."""
    from aiwatch.sources.network.environment import read_network

    network = read_network()
    return [problem for problem in network.problems if network.proxies and problem.variable.lower() == "no_proxy"]


def chosen(symbols: Sequence[str], names: Sequence[str], folder: WatchlistFolder) -> list[Stock]:
    """The stocks asked for, each once, in the order asked. Raises `click.UsageError` for what is not known."""
    listed = {stock.symbol: stock for watchlist in folder.lists for stock in watchlist.stocks}
    stocks: dict[Symbol, Stock] = {}
    for name in names:
        watchlist = folder.find(name)
        if watchlist is None:
            raise click.UsageError(missing_list(name, folder))
        stocks |= {stock.symbol: stock for stock in watchlist.stocks}
    for text in symbols:
        try:
            symbol = symbol_of(text)
        except SymbolError as error:
            raise click.UsageError(f"{error}\n{error.hint}") from None
        stocks[symbol] = listed.get(symbol) or Stock(symbol, symbol.text)
    return list((stocks or listed).values())


async def _price(read: LoadedFiles, symbols: list[Symbol], calendar: Calendar) -> Priced:
    """Price ``symbols`` and learn their trading days meanwhile."""
    async with AsyncExitStack() as stack:
        learning = asyncio.create_task(_learn(calendar, read.places.archive), name="calendar")
        opened = await open_hosts(stack, read.settings, utc_now)
        priced = await price_once([source for source, _ in opened], symbols)
        await learning
        return priced


async def _learn(calendar: Calendar, path: Path) -> None:
    from aiwatch.runtime.trading_days import learn_days

    await learn_days(calendar, path, utc_now)


def row_of(stock: Stock, priced: Priced, session: Session, now: datetime) -> dict[str, Any]:
    """One stock as the keys of `FIELDS`; ``None`` where the source sent nothing."""
    quote = priced.quotes.get(stock.symbol)
    phase = session_of(quote, session_for(stock.symbol, session), now).phase
    row: dict[str, Any] = dict.fromkeys(FIELDS)
    row |= {
        "symbol": stock.symbol.text,
        "name": stock.name,
        "name_zh": stock.name_zh or None,
        "session": None if phase is Phase.UNKNOWN else str(phase),
        "status": "unknown" if stock.symbol in priced.unknown else "not answered",
    }
    if quote is None:
        return row
    fields = ("last", "previous_close", "open", "high", "low", "volume", "turnover", "currency", "delay_minutes")
    row |= {key: getattr(quote, key) for key in (*fields, "bid", "ask", "change", "change_percent", "source")}
    if stock.name == stock.symbol.text and not stock.is_named and quote.name:
        row["name"] = quote.name
    limits = quote.limits or (None, None)
    row |= {"limit_up": limits[0], "limit_down": limits[1], "status": str(quote.trading)}
    row |= {"as_of": _iso(quote.as_of), "received_at": _iso(quote.received_at)}
    extended = extended_at(quote, session, now)
    if extended is not None:
        change = round((extended.last / quote.last - 1) * 100, 2)
        row |= {"extended": extended.last, "extended_change_percent": change}
        row |= {"extended_session": extended.when, "extended_as_of": _iso(extended.as_of)}
    return row


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def exit_status(symbols: int, priced: int) -> int:
    """0 all priced, 3 some missing, 4 none."""
    if priced == symbols and symbols:
        return ALL_PRICED
    return SOME_MISSING if priced else NONE_PRICED


def local_time(quote: Quote | None) -> str:
    """When ``quote`` was made, by the clock of its exchange, and where that is; empty without one."""
    if quote is None:
        return ""
    zone, place = local_zone(quote)
    return f"{quote.as_of.astimezone(zone):%Y-%m-%d %H:%M:%S} {place}"


def as_text(rows: list[dict[str, Any]], times: Sequence[str], *, as_json: bool = False, as_csv: bool = False) -> str:
    """The rows as JSON, as CSV, or as a table to read, which tells the local ``times`` of the quotes."""
    if as_json:
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if as_csv:
        return spreadsheets.table(FIELDS, ([row[name] for name in FIELDS] for row in rows))
    lines = [cells(*each) for each in zip(rows, times, strict=True)]
    head: tuple[str, ...] = HEAD
    if all(row["extended"] is None for row in rows):
        at = HEAD.index(EXTENDED)
        head, lines = HEAD[:at] + HEAD[at + 1 :], [line[:at] + line[at + 1 :] for line in lines]
    return table(head, lines, right=RIGHT, longest=LONGEST)


def cells(row: Mapping[str, Any], local: str) -> tuple[str, ...]:
    """What the table shows of ``row``, with every gap said in words; ``local`` is the time of the quote."""
    name = f"{row['name']} {row['name_zh'] or ''}".strip()
    late = row["delay_minutes"]
    delay = " (delay not known)" if late is None and row["source"] else f" ({late} min late)" if late else ""
    return (
        row["symbol"],
        name,
        NOTHING if row["last"] is None else f"{row['last']:g}" if row["last"] >= 1e5 else f"{row['last']:.2f}",
        signed(row["change"]),
        signed(row["change_percent"]),
        short(row["volume"]),
        money(row["turnover"], row["currency"] or ""),
        _extended(row),
        local or NOTHING,
        (row["source"] or NOTHING) + delay,
        row["status"],
    )


def _extended(row: Mapping[str, Any]) -> str:
    """The price outside the session with its change, and which session that is; empty without one."""
    if row["extended"] is None:
        return ""
    return f"{row['extended']:.2f} {signed(row['extended_change_percent'])} % {row['extended_session']}"
