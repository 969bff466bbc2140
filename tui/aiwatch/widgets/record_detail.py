"""The selected commitment: everything printed of it, its doubts, and the listed companies it touches, live."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from aiwatch.ledger.amounts import money, printed_amount
from aiwatch.ledger.links import conflicts_of, related, status
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.ledger.touches import touches
from aiwatch.market.desk import Desk
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.commitment_list import FLAG, period_of
from aiwatch.widgets.stock_detail import SCROLL_KEYS
from aiwatch.widgets.text import signed
from aiwatch.widgets.tone import tone


class RecordDetail(VerticalScroll):
    """One commitment in full."""

    DEFAULT_CSS = """
    RecordDetail { padding: 0 1; height: 1fr; scrollbar-size-vertical: 1; }
    RecordDetail Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]

    convention: reactive[str] = reactive("auto")

    def __init__(self, ledger: Ledger, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ledger = ledger
        self._desk = desk
        self._commitment: Commitment | None = None
        self._text = Static()
        self._companies = Static()

    def compose(self) -> ComposeResult:
        yield self._text
        yield self._companies

    def on_mount(self) -> None:
        """The companies' prices move on."""
        self.set_interval(1.0, self.redraw)

    def show(self, commitment: Commitment) -> None:
        """Show ``commitment``."""
        self._commitment = commitment
        self.scroll_home(animate=False)
        self._text.update(self._facts(commitment))
        self.redraw()

    def watch_convention(self) -> None:
        """Colour the changes anew."""
        self.redraw()

    def redraw(self) -> None:
        """Show the companies' changes as the desk knows them now."""
        if self.is_mounted and self._commitment is not None:
            self._companies.update(self._live(self._commitment))

    def _facts(self, one: Commitment) -> Content:
        rows = [Content.assemble((f"{one.payer} → {one.recipient}", "bold"))]
        qualifier = f" · {one.qualifier}" if one.qualifier and one.qualifier not in printed_amount(one) else ""
        for label, value in (
            ("as printed", f"{printed_amount(one)}{qualifier}"),
            ("counted as", money(one.amount, one.currency) if one.amount is not None and len(one.stated) > 1 else ""),
            ("valuation", ", ".join(money(amount, currency) for currency, amount in one.valuation)),
            ("period", period_of(one)),
            ("programme", one.programme),
            ("announced", one.announced),
            ("status", status(self._ledger, one)),
            ("capacity", one.capacity),
            ("growth", f"{one.growth_percent:+f} % on the year" if one.growth_percent is not None else ""),
            ("in totals", "counted" if one.counts_in_totals else "not counted"),
            ("related", "; ".join(f"{other.how} {other.record.id}" for other in related(self._ledger, one))),
            ("source", self._source(one)),
        ):
            if value:
                rows.append(_row(label, value))
        if one.note:
            rows.append(Content.styled(one.note, "italic"))
        for conflict in conflicts_of(self._ledger, one):
            rows.append(Content.assemble((f"{FLAG} {conflict.id} {conflict.title}", "bold $limit")))
            rows.extend(Content.assemble("  ", side.says, (f"  [{side.at}]", "$text-muted")) for side in conflict.sides)
            rows.append(Content.assemble("  shown as: ", (conflict.show_as, "$text-muted")))
        return Content("\n").join(rows)

    def _source(self, one: Commitment) -> str:
        article = self._ledger.sources.get(one.source)
        dated = f", {article.date_sense} {article.dated}" if article and article.dated else ""
        low = ", lower confidence" if article and article.confidence == "low" else ""
        return f"{one.source} line {one.line}{dated}{low}" + (f" · {article.title}" if article else "")

    def _live(self, one: Commitment) -> Content:
        companies = touches(self._ledger, one)
        if not companies:
            return Content.styled("No listed company named", "$text-muted")
        rows = [Content.styled("Listed companies it touches", "bold $heading")]
        for touch in companies:
            symbol = parse_symbol(touch.symbol)
            quote = self._desk.quotes.get(symbol)
            change = quote.change_percent if quote else None
            name = self._ledger.entities[touch.entity].name if touch.entity else ""
            told = f"{signed(change)} %" if change is not None else str(self._desk.standing(symbol))
            rows.append(
                Content.assemble(
                    f"  {touch.symbol:<10}",
                    (f"{told:>9}  ", tone(change, symbol, self.convention) if change is not None else "$stale"),
                    name,
                    (f"  {touch.reason}", "$text-muted"),
                )
            )
        return Content("\n").join(rows)


def _row(label: str, value: str) -> Content:
    return Content.assemble((f"{label:<12}", "$text-muted"), value)
