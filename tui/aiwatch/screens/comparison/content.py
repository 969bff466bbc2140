"""What a comparison is shown as: lines, rows of figures, a heat table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiwatch.history.analysis.results import ComparedSymbol, Comparison
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.comparison.figures import FigureRow
from aiwatch.widgets.comparison.lines import ComparedLine

BASKET = "basket"
"""The key of the row of all together."""
MOST_LINES = 5
"""Lines that differ in their colours."""

Names = Mapping[str, str]
"""What stocks are called, by symbol."""


def lines_of(comparison: Comparison, names: Names, chosen: str) -> list[ComparedLine]:
    """The basket, the benchmark, the one under the cursor, and then the best and the worst, as many as have
    lines that differ."""
    members = dict(zip((row.symbol for row in comparison.rows), comparison.lines, strict=True))
    lines = [ComparedLine(basket_name(comparison), tuple(comparison.basket))]
    if comparison.benchmark is not None:
        benchmark = comparison.benchmark.symbol
        lines.append(ComparedLine(names.get(benchmark, benchmark), tuple(comparison.benchmark_line)))
    ordered = [row.symbol for row in ranked(comparison)]
    ends = [symbol for pair in zip(ordered, reversed(ordered), strict=True) for symbol in pair]
    symbols = dict.fromkeys([*([chosen] if chosen in members else []), *ends])
    shown = list(symbols)[: MOST_LINES - len(lines)]
    return [*lines, *(ComparedLine(names.get(symbol, symbol), tuple(members[symbol])) for symbol in shown)]


def figure_rows(comparison: Comparison, names: Names) -> list[FigureRow]:
    """The basket, the benchmark, and every member, the best first."""
    basket = [value for value in comparison.basket if value is not None]
    against = None
    if comparison.benchmark is not None and basket:
        against = basket[-1] - 100 - comparison.benchmark.change
    rows = [FigureRow(BASKET, basket_name(comparison), basket[-1] - 100, against=against)] if basket else []
    if comparison.benchmark is not None:
        rows.append(_row(comparison.benchmark, names))
    return [*rows, *(_row(row, names) for row in ranked(comparison))]


def ranked(comparison: Comparison) -> Sequence[ComparedSymbol]:
    """The members, the largest change first."""
    return sorted(comparison.rows, key=lambda row: row.change, reverse=True)


def heat_of(comparison: Comparison, names: Names) -> tuple[list[str], list[list[float | None]]]:
    """The names of the members and the correlation of each pair; none of fewer than two."""
    correlation = comparison.correlation
    if correlation is None:
        return [], []
    return [names.get(symbol, symbol) for symbol in correlation.symbols], correlation.values


def heat_words(comparison: Comparison) -> str:
    """What the heat table shows, and of how many returns."""
    correlation = comparison.correlation
    if correlation is None:
        return "Two stocks with bars are needed to correlate"
    counts = [correlation.counts[at][to] for at in range(len(correlation.symbols)) for to in range(at)]
    shared = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    return f"Correlation of {'weekly' if correlation.weekly else 'daily'} returns; a pair shares {shared}"


def basket_name(comparison: Comparison) -> str:
    """What the basket is called: how many are in it, each with the same weight."""
    count = len(comparison.rows)
    return f"average of {count}"


def _row(row: ComparedSymbol, names: Names) -> FigureRow:
    return FigureRow(
        row.symbol,
        names.get(row.symbol, row.symbol),
        row.change,
        parse_symbol(row.symbol),
        row.against,
        row.drawdown,
        row.volatility,
        row.beta,
        tuple(row.returns),
        tuple(row.ranks),
    )
