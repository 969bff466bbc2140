"""The figures of compared stocks, a row each, under the cursor of a list."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.widgets.option_list import Option

from aiwatch.formatting.text import NOTHING, signed, tone
from aiwatch.market.symbol import Symbol
from aiwatch.widgets.row_list import RowList
from aiwatch.widgets.table import Cell, Column, cell, head, line, widths_of

_GAP = 2
_LEAST_NAME, _MOST_NAME = 14, 22


class FigureRow(Struct, frozen=True):
    """One stock of a comparison, in percent; ``None`` where there are too few sessions.

    ``returns`` are over the spans of the table, ``ranks`` their places, 1 the best. Without a ``symbol`` it is the
    basket of all.
    """

    key: str
    name: str
    change: float
    symbol: Symbol | None = None
    against: float | None = None
    drawdown: float | None = None
    volatility: float | None = None
    beta: float | None = None
    returns: tuple[float | None, ...] = ()
    ranks: tuple[int | None, ...] = ()


class FigureList(RowList):
    """Rows of figures, the best first; the benchmark and the basket stand above them."""

    DEFAULT_CSS = """
    FigureList { border: none; padding: 0 1; background: $surface; height: 1fr; }
    FigureList:focus { border: none; background-tint: $foreground 0%; }
    """

    def __init__(self, spans: Sequence[int], *, id: str | None = None) -> None:
        """``spans`` are the sessions over which returns are ranked."""
        super().__init__(id=id)
        self._spans = tuple(spans)
        self._rows: tuple[FigureRow, ...] = ()
        self.convention = "auto"

    @property
    def current(self) -> str:
        """The key of the row under the cursor; empty where there is none."""
        option = self.highlighted_option
        return (option.id or "") if option is not None else ""

    def show(self, rows: Sequence[FigureRow]) -> None:
        """Show ``rows``; the cursor stays on its stock."""
        self._rows = tuple(rows)
        self._fill()

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self._fill()

    def _fill(self) -> None:
        width = self.scrollable_content_region.width
        if width < 10:
            return
        before = self.current
        columns = self._columns()
        table = [self._cells(row) for row in self._rows]
        widths = widths_of(columns, table, width, _GAP)
        self.clear_options()
        self.add_option(Option(head(columns, widths, gap=_GAP), disabled=True))
        rows = zip(self._rows, table, strict=True)
        self.add_options(Option(line(columns, widths, cells, gap=_GAP), id=row.key) for row, cells in rows)
        keys = [row.key for row in self._rows]
        self.highlighted = (keys.index(before) if before in keys else 0) + 1 if keys else None

    def _columns(self) -> list[Column]:
        ranked = [Column((f"{span} d %", f"{span} d"), 10 + at, right=True) for at, span in enumerate(self._spans)]
        return [
            Column(("Stock",), least=_LEAST_NAME, most=_MOST_NAME),
            Column(("Change %", "Chg %"), right=True),
            Column(("Against",), 1, right=True),
            Column(("Drawdown %", "Fall %"), 2, right=True),
            Column(("Vol. %", "Vol."), 3, right=True),
            Column(("Beta",), 4, right=True),
            *ranked,
        ]

    def _cells(self, row: FigureRow) -> list[Cell]:
        def change(value: float | None, rank: int | None = None) -> Cell:
            if value is None:
                return cell(NOTHING, style="$quiet")
            place = f" #{rank}" if rank is not None else ""
            forms = (f"{signed(value, 1)}{place}", signed(value, 1)) if place else (signed(value), signed(value, 1))
            return cell(*forms, style=tone(value, row.symbol, self.convention))

        returns = row.returns or (None,) * len(self._spans)
        ranks = row.ranks or (None,) * len(self._spans)
        plain = row.symbol is None
        return [
            cell(row.name, style="bold" if plain else ""),
            change(row.change),
            change(row.against),
            _plain(row.drawdown, 1),
            _plain(row.volatility, 1),
            _plain(row.beta, 2),
            *(change(value, rank) for value, rank in zip(returns, ranks, strict=True)),
        ]


def _plain(value: float | None, decimals: int) -> Cell:
    return cell(NOTHING, style="$quiet") if value is None else cell(f"{value:.{decimals}f}")
