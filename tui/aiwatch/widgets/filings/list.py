"""Filings and headlines, a row each, under the cursor of a list; above them what is asked, or what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from aiwatch.market.filings.filing import Filing, MarkedFiling
from aiwatch.widgets.row_keys import cursor_keys
from aiwatch.widgets.row_list import RowList
from aiwatch.widgets.table import Cell, Column, cell, head, line, widths_of

MARK = "◆"
"""Stands before what commitments of the ledger are to be read beside."""
HEADLINE = "headline"
"""Stands in place of the kind of a filing where it is none."""
_GAP = 2
_LEAST_TITLE, _MOST_TITLE = 24, 300
_LEAST_PUBLISHER, _MOST_PUBLISHER = 8, 24
_KIND, _SHORT_KIND = 28, 10


class FilingList(RowList):
    """The filings of a stock, or with ``of_list`` of many, each with its symbol."""

    DEFAULT_CSS = """
    FilingList { border: none; padding: 0 1; background: $surface; height: 1fr; }
    FilingList:focus { border: none; background-tint: $foreground 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys({"right": "turn(1)", "left": "turn(-1)"})]

    class Opened(Message):
        """A filing was chosen."""

        def __init__(self, marked: MarkedFiling) -> None:
            super().__init__()
            self.marked = marked

    class Turned(Message):
        """The next view (1) or the one before (-1) is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, of_list: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._of_list = of_list
        self._rows: tuple[MarkedFiling, ...] = ()
        self._words: tuple[Content, ...] = ()
        self._now: datetime | None = None

    @property
    def chosen(self) -> MarkedFiling | None:
        """The filing under the cursor; ``None`` where there is none."""
        option = self.highlighted_option
        at = int(option.id) if option is not None and option.id else -1
        return self._rows[at] if 0 <= at < len(self._rows) else None

    @property
    def plain(self) -> str:
        """The filings as text, a line each, in full."""
        return "\n".join("  ".join(filter(None, _texts(marked, self._of_list))) for marked in self._rows)

    def show(self, rows: Sequence[MarkedFiling], words: Sequence[Content], now: datetime) -> None:
        """Show ``rows`` below ``words``; the cursor stays on its filing. ``now`` says which dates need their year."""
        new = tuple(rows), tuple(words)
        is_same = (self._rows, [word.plain for word in self._words]) == (new[0], [word.plain for word in new[1]])
        if not is_same or self._now is None:
            before = self.chosen
            (self._rows, self._words), self._now = new, now
            self._fill(before)

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self._fill(self.chosen)

    def action_turn(self, by: int) -> None:
        """Ask for another view."""
        self.post_message(self.Turned(by))

    @on(OptionList.OptionSelected)
    def open_chosen(self, event: OptionList.OptionSelected) -> None:
        """Say which filing was chosen."""
        event.stop()
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def _fill(self, before: MarkedFiling | None) -> None:
        width = self.scrollable_content_region.width
        if width < 10 or self._now is None:
            return
        columns = self._columns()
        table = [_cells(marked, self._now, self._of_list) for marked in self._rows]
        self.clear_options()
        above = list(self._words)
        if self._rows:
            widths = widths_of(columns, table, width, _GAP)
            above.append(head(columns, widths, gap=_GAP))
        self.add_options(Option(words, disabled=True) for words in above)
        if self._rows:
            cells = enumerate(table)
            self.add_options(Option(line(columns, widths, row, gap=_GAP), id=str(at)) for at, row in cells)
            at = self._rows.index(before) if before in self._rows else 0
            self.highlighted = at + len(above)

    def _columns(self) -> list[Column]:
        return [
            Column(("Time",)),
            *((Column(("Symbol",)),) if self._of_list else ()),
            Column(("",)),
            Column(("Title",), least=_LEAST_TITLE, most=_MOST_TITLE),
            Column(("Kind",), 1),
            Column(("Publisher",), 2, least=_LEAST_PUBLISHER, most=_MOST_PUBLISHER),
        ]


def _cells(marked: MarkedFiling, now: datetime, of_list: bool) -> list[Cell]:
    filing = marked.filing
    kind = kind_of(filing)
    forms = dict.fromkeys(_cut(kind, length) for length in (_KIND, _SHORT_KIND))
    return [
        cell(*times_of(filing, now), style="$quiet"),
        *((cell(filing.symbol),) if of_list else ()),
        cell(MARK if marked.records else "", style="$heading"),
        cell(filing.title),
        cell(*forms, style="$warning" if filing.is_headline else "$quiet"),
        cell(filing.publisher, style="$quiet"),
    ]


def kind_of(filing: Filing) -> str:
    """What kind of filing it is in its host's word, or that it is a headline."""
    return HEADLINE if filing.is_headline else filing.form


def times_of(filing: Filing, now: datetime) -> tuple[str, ...]:
    """When it was filed, the fullest form first: the reader's time where its host gives one, else the host's date."""
    local = filing.at.astimezone() if filing.at is not None else None
    day = local.date() if local is not None else filing.day
    date = f"{day.day:2} {day:%b}" if day.year == now.astimezone().year else f"{day.day:2} {day:%b %Y}"
    return (f"{date} {local:%H:%M}", date) if local is not None else (date,)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _texts(marked: MarkedFiling, of_list: bool) -> tuple[str, ...]:
    filing = marked.filing
    symbol = filing.symbol if of_list else ""
    return (
        filing.day.isoformat(),
        symbol,
        kind_of(filing),
        filing.title,
        filing.publisher,
        " ".join(marked.records),
        filing.link,
    )
