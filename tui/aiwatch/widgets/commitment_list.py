"""Who pledged what to whom: every commitment as printed, under its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
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
        super().__init__(*_options(ledger), id=id, compact=True)
        self._ledger = ledger

    def on_mount(self) -> None:
        """Begin at the first commitment."""
        self.highlighted = 1 if self.option_count > 1 else None

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


class Line(Visual):
    """One line whose content is made for the width it is painted at, and only when it is painted."""

    def __init__(self, content_at: Callable[[int], Content]) -> None:
        self._content_at = content_at

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The line at ``width``."""
        return self._content_at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """One row."""
        return 1


def _options(ledger: Ledger) -> Iterator[Option]:
    for kind, commitments in by_kind(ledger).items():
        yield Option(Line(partial(_heading, kind, len(commitments))), disabled=True)
        for one in commitments:
            yield Option(Line(partial(_row, one, len(conflicts_of(ledger, one)))), id=one.id)


def _heading(kind: str, count: int, width: int) -> Content:
    return Content(clip(f"{kind[:1].upper()}{kind[1:]}  {count}", width))


def _row(commitment: Commitment, flags: int, width: int) -> Content:
    layout = Layout.at(width)
    amount = fitting_amount(commitment, layout.amount)
    cells: list[Content | tuple[str, str] | str] = [
        " ",
        clip(f"{commitment.payer} → {commitment.recipient}", layout.parties),
        "  ",
        (flush(amount, layout.amount), "bold" if commitment.amount is not None else "$text-muted"),
    ]
    if layout.period:
        cells += ["  ", (clip(period_of(commitment), layout.period), "$text-muted")]
    if layout.status:
        cells += ["  ", clip(commitment.status, layout.status)]
    cells += [" ", (clip(f"{FLAG}{flags}" if flags else "", _FLAG), "$limit"), (commitment.source, "$text-muted")]
    return Content.assemble(*cells)
