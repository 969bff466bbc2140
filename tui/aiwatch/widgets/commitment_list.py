"""Who pledged what to whom: every commitment as printed, under its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.ledger.amounts import money, printed_amount
from aiwatch.ledger.links import by_kind, conflicts_of
from aiwatch.ledger.records import Commitment, Ledger
from aiwatch.widgets.cursor_keys import CURSOR_KEYS
from aiwatch.widgets.text import clip, flush

FLAG = "⚑"
"""Stands on a record about which the articles contradict each other."""

_SOURCE = 3
_FLAG = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells of each column at a width; 0 where it is dropped."""

    parties: int
    amount: int
    period: int
    status: int

    @classmethod
    def at(cls, width: int) -> Layout:
        """The layout for rows of ``width`` cells: the period goes first, then the status."""
        period = 12 if width >= 96 else 0
        status = 18 if width >= 84 else 13 if width >= 66 else 10 if width >= 54 else 0
        amount = 30 if width >= 110 else 20 if width >= 66 else 13
        fixed = amount + _SOURCE + _FLAG + 2 + (period + 2 if period else 0) + (status + 2 if status else 0)
        return cls(max(8, width - fixed - 2), amount, period, status)


def period_of(commitment: Commitment) -> str:
    """The commitment's period in few words: ``2026``, ``2025–2028``, ``4 years``, ``a year``."""
    start, end = commitment.period_start, commitment.period_end
    if start and end and start != end:
        return f"{start}–{end}"
    if start or end:
        return f"to {end}" if end and not start else start
    if commitment.period_years:
        years = f"{commitment.period_years.normalize():f}"
        return f"{years} year{'' if years == '1' else 's'}"
    return "a year" if commitment.annual else ""


def fitting_amount(commitment: Commitment, width: int) -> str:
    """The sum as printed, in as many of its currencies as ``width`` cells hold, so that no number is ever cut."""
    if commitment.amount is None:
        return commitment.qualifier or "not stated"
    plain = money(commitment.amount, commitment.currency)
    rated = f"{plain} a year" if commitment.annual and not commitment.period_start else plain
    forms = (printed_amount(commitment), rated, plain)
    return next((form for form in forms if cell_len(form) <= width), money(commitment.amount, commitment.currency, 3))


class CommitmentList(OptionList):
    """The commitments, grouped by kind; the cursor passes over the headings."""

    DEFAULT_CSS = """
    CommitmentList { border: none; padding: 0; background: $surface; height: 1fr; scrollbar-size-vertical: 1; }
    CommitmentList:focus { border: none; }
    CommitmentList > .option-list--option-disabled { color: $heading; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*CURSOR_KEYS, Binding("enter", "select", "open", show=False)]

    @dataclass
    class Reached(Message):
        """The cursor came to a commitment."""

        commitment: Commitment

    @dataclass
    class Opened(Message):
        """A commitment was chosen."""

        commitment: Commitment

    def __init__(self, ledger: Ledger, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True)
        self._ledger = ledger
        self._width = 0

    def on_resize(self) -> None:
        """Lay the rows out for the new width, keeping the cursor."""
        width = self.scrollable_content_region.width - 2
        if width == self._width or width < 20:
            return
        self._width = width
        highlighted = self.highlighted
        self.clear_options()
        self.add_options(self._rows_at(width))
        self.highlighted = highlighted if highlighted is not None else 1 if self.option_count > 1 else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which commitment the cursor came to."""
        event.stop()
        if event.option_id:
            self.post_message(self.Reached(self._ledger.commitments[event.option_id]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say which commitment was chosen."""
        event.stop()
        if event.option_id:
            self.post_message(self.Opened(self._ledger.commitments[event.option_id]))

    def _rows_at(self, width: int) -> list[Option]:
        layout = Layout.at(width)
        options = []
        for kind, commitments in by_kind(self._ledger).items():
            options.append(Option(clip(f"{kind[:1].upper()}{kind[1:]}  {len(commitments)}", width), disabled=True))
            options.extend(Option(self._row(one, layout), id=one.id) for one in commitments)
        return options

    def _row(self, commitment: Commitment, layout: Layout) -> Content:
        parties = f"{commitment.payer} → {commitment.recipient}"
        amount = fitting_amount(commitment, layout.amount)
        flags = len(conflicts_of(self._ledger, commitment))
        cells: list[Content | tuple[str, str] | str] = [
            " ",
            clip(parties, layout.parties),
            "  ",
            (flush(amount, layout.amount), "bold" if commitment.amount is not None else "$text-muted"),
        ]
        if layout.period:
            cells += ["  ", (clip(period_of(commitment), layout.period), "$text-muted")]
        if layout.status:
            cells += ["  ", clip(commitment.status, layout.status)]
        cells += [" ", (clip(f"{FLAG}{flags}" if flags else "", _FLAG), "$limit"), (commitment.source, "$text-muted")]
        return Content.assemble(*cells)
