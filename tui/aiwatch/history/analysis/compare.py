"""Several symbols from a common start, with their figures. Imports pandas."""

from __future__ import annotations

from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
from msgspec.structs import replace

from aiwatch.history.analysis import figures
from aiwatch.history.analysis.frames import Closes, in_currency, load_closes, pairs_for
from aiwatch.history.analysis.results import BASKET_WORDS, ComparedSymbol, Comparison, ComparisonRequest
from aiwatch.market.symbol import parse_symbol

LATE = pd.Timedelta(days=7)
"""A first session that much after the first of all makes a share younger than the others; a holiday does not."""
SEVERAL_CURRENCIES = "Prices are as quoted, in several currencies"


def compare_stored(path: Path, request: ComparisonRequest) -> Comparison:
    """What ``request`` asks, of the bars kept in the file at ``path``. Raises `sqlite3.Error` for one that cannot be
    read."""
    members = [text for text in dict.fromkeys(request.symbols) if text != request.benchmark]
    symbols = [*members, *([request.benchmark] if request.benchmark else [])]
    closes = load_closes(path, symbols, request.last)
    rates = load_closes(path, pairs_for(closes.currencies.values(), request.currency), request.last).raw
    return compare(closes, rates, request)


def compare(closes: Closes, rates: pd.DataFrame, request: ComparisonRequest) -> Comparison:
    """What ``request`` asks of ``closes``; ``rates`` are needed for a currency only."""
    notes: list[str] = []
    frame = _in_one_basis(closes, rates, request, notes)
    members = [text for text in frame.columns if text != request.benchmark]
    lacking = [*closes.lacking, *(text for text in closes.sources if text not in frame.columns)]
    shared = frame.dropna()
    if not members or shared.empty:
        return Comparison(None, None, 0, [], notes=[*notes, "No session is shared by all"], lacking=lacking)
    start = shared.index[0]
    if younger := [text for text in frame.columns if frame[text].first_valid_index() > frame.index[0] + LATE]:
        notes.append(f"The start is the first session that all have: {', '.join(younger)} came later")
    part = frame.loc[start:]
    zones = {parse_symbol(text).zone for text in members}
    weekly = len(zones) > 1 if request.weekly is None else request.weekly
    if len(zones) > 1:
        notes.append(f"Several markets: {len(shared)} of {len(part)} dates are sessions of all")
    rows = _ranked([_row(text, part[text], closes, request) for text in members], closes.of(request.adjusted), part)
    benchmark, line = None, []
    if request.benchmark in part.columns:
        own = part[request.benchmark]
        benchmark, line = _row(request.benchmark, own, closes, request), _line(own / own.iloc[0] * 100)
        rows = [_against(row, part[row.symbol], own, benchmark, notes) for row in rows]
    chained = figures.basket(figures.simple_returns(part[members]), start)
    notes.append(BASKET_WORDS)
    return Comparison(
        start.date(),
        part.index[-1].date(),
        len(shared),
        rows,
        list(part.index.date),
        [_line(part[text] / part[text].dropna().iloc[0] * 100) for text in members],
        _line(chained.reindex(part.index)),
        benchmark,
        line,
        figures.correlation(part[members], weekly=weekly) if len(members) > 1 else None,
        notes,
        lacking,
    )


def _in_one_basis(closes: Closes, rates: pd.DataFrame, request: ComparisonRequest, notes: list[str]) -> pd.DataFrame:
    """The closes that are compared: adjusted or not, in one currency where that is asked, from the first day asked."""
    frame = closes.of(request.adjusted)
    if request.currency:
        frame = in_currency(frame, closes.currencies, request.currency, rates)
        if unconverted := [text for text in closes.sources if text not in frame.columns]:
            notes.append(f"No rate to {request.currency} is kept for {', '.join(unconverted)}: left out")
    elif len(set(closes.currencies.values())) > 1:
        notes.append(SEVERAL_CURRENCIES)
    if request.first is not None:
        frame = frame.loc[pd.Timestamp(request.first) :]
    return frame.dropna(axis="columns", how="all")


def _row(text: str, own: pd.Series, closes: Closes, request: ComparisonRequest) -> ComparedSymbol:
    symbol = parse_symbol(text)
    present = own.dropna()
    year = figures.CHINA_SESSIONS if symbol.is_china else figures.USUAL_SESSIONS
    raw = closes.raw[text].loc[present.index[0] : present.index[-1]]
    events = closes.events[text]
    return ComparedSymbol(
        text,
        closes.sources[text],
        request.currency or closes.currencies[text],
        present.index[0].date(),
        present.index[-1].date(),
        len(present),
        float(present.iloc[-1] / present.iloc[0] - 1) * 100,
        drawdown=figures.drawdown(present),
        volatility=figures.volatility(present, year),
        limit_streak=figures.limit_streak(symbol, raw, events, from_listing=False),
    )


def _ranked(rows: list[ComparedSymbol], whole: pd.DataFrame, part: pd.DataFrame) -> list[ComparedSymbol]:
    """``rows`` with their returns over `SPANS`, of all that is kept up to the end of ``part``, and their ranks."""
    returns = [figures.span_returns(whole[row.symbol].loc[: part.index[-1]]) for row in rows]
    places = figures.ranks(returns)
    return [replace(row, returns=own, ranks=place) for row, own, place in zip(rows, returns, places, strict=True)]


def _against(
    row: ComparedSymbol, own: pd.Series, market: pd.Series, benchmark: ComparedSymbol, notes: list[str]
) -> ComparedSymbol:
    """``row`` beside the benchmark; no beta across markets, whose sessions are hours apart."""
    against = row.change - benchmark.change
    if parse_symbol(row.symbol).zone != parse_symbol(benchmark.symbol).zone:
        note = f"No beta to {benchmark.symbol} of shares of other markets: their sessions are hours apart"
        if note not in notes:
            notes.append(note)
        return replace(row, against=against)
    value, count = figures.beta(own, market)
    return replace(row, against=against, beta=value, beta_sessions=count)


def _line(values: pd.Series) -> list[float | None]:
    return figures.listed(values.to_numpy())
