"""The Compare screen: a list from a common start, its figures, and how its stocks move together."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from aiwatch.history.analysis.results import SPANS, Comparison
from aiwatch.screens.base import InfoDialog
from aiwatch.screens.comparison.content import figure_rows, heat_of, heat_words, lines_of
from aiwatch.screens.dialogs.base import KeyWords, clickable
from aiwatch.session.comparing import Compared, ComparisonQuery, ListComparison
from aiwatch.widgets.chart.drawing.captions import RANGES as RANGE_NAMES
from aiwatch.widgets.chart.heat_table import HeatTable
from aiwatch.widgets.comparison.figures import FigureList
from aiwatch.widgets.comparison.lines import RANGES, ComparisonLines
from aiwatch.widgets.tab_line import TabLine

FIGURES, HEAT = "figures", "heat"
_WIDE = 150
"""Columns from which both views stand side by side."""
_BAR = 20
_HEAT_NAME, _HEAT_CELL = 22, 8
"""Cells of the heat table: of a name, and of a pair, at most."""
KEYS: list[BindingType] = [
    Binding("comma", "range(-1)", "shorter", id="shorter", tooltip="Compare over a shorter range"),
    Binding("full_stop", "range(1)", "longer", id="longer", tooltip="Compare over a longer range"),
    Binding("backslash", "basis", "raw/adjusted", id="basis", tooltip="Prices adjusted, or as they were paid"),
    Binding("v,tab,left,right,h,l", "view", "view", id="view", tooltip="Lines and figures, or how they move together"),
    Binding("r", "again", "again", id="again", tooltip="Compare again"),
]


class CompareScreen(InfoDialog):
    """Compares the stocks of one list, in the worker; a line says meanwhile what is done."""

    CSS_PATH = "screen.tcss"
    OPENED_BY = "list.compare"
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012

    lines = getters.query_one(ComparisonLines)
    figures = getters.query_one(FigureList)
    heat = getters.query_one(HeatTable)

    def __init__(
        self,
        name: str,
        query: ComparisonQuery,
        names: dict[str, str],
        comparison: ListComparison,
        *,
        convention: str = "auto",
        provenance: str = "",
    ) -> None:
        """``name`` is the list's; ``names`` are its stocks', by symbol. ``provenance`` says what prices are that are
        not the market's."""
        super().__init__()
        self._list_name = name
        self._query = query
        self._names = names
        self._work = comparison
        self._convention = convention
        self._provenance = provenance
        self._compared: Compared | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="compare-title")
        yield TabLine(id="compare-tabs")
        with Horizontal(id="compare-body"):
            with Vertical(id="compare-lines"):
                yield ComparisonLines()
                yield FigureList(SPANS)
            with Vertical(id="compare-heat"):
                yield Static(id="heat-words")
                yield HeatTable()
        yield KeyWords(id="compare-keys")

    def on_mount(self) -> None:
        """Compare."""
        tabs = self.query_one(TabLine)
        tabs.tabs, tabs.chosen = ((FIGURES, "Lines and figures"), (HEAT, "Correlation")), FIGURES
        self.figures.convention = self.lines.convention = self._convention
        self.figures.focus()
        self.query_one("#compare-keys", Static).update(self._keys())
        self.action_again()

    # Keys

    def action_again(self) -> None:
        """Compare, with what is wanted now."""
        self.run_worker(self._compare, group="compare", exclusive=True, exit_on_error=False)  # type: ignore[arg-type]

    def action_range(self, step: int) -> None:
        """Compare over another range."""
        at = min(len(RANGES) - 1, max(0, RANGES.index(self._query.span) + step))
        self._ask(replace(self._query, span=RANGES[at]))

    def action_basis(self) -> None:
        """Compare prices as they were paid, or adjusted again."""
        self._ask(replace(self._query, adjusted=not self._query.adjusted))

    def action_view(self) -> None:
        """Show the other view, where there is room for one."""
        self._show_view(HEAT if self.query_one(TabLine).chosen == FIGURES else FIGURES)

    @on(TabLine.Picked)
    def pick_view(self, event: TabLine.Picked) -> None:
        """Show the view whose tab was clicked."""
        event.stop()
        self._show_view(event.key)

    @on(OptionList.OptionHighlighted)
    def draw_chosen(self, event: OptionList.OptionHighlighted) -> None:
        """Draw the line of the stock under the cursor."""
        event.stop()
        if self._compared is not None and self._compared.comparison is not None:
            self._draw_lines(self._compared.comparison)

    def _show_view(self, key: str) -> None:
        self.query_one(TabLine).chosen = key
        self.set_class(key == HEAT, "-heat")

    def _ask(self, query: ComparisonQuery) -> None:
        if query != self._query:
            self._query = query
            self.action_again()

    # What is shown

    async def _compare(self) -> None:
        query = self._query
        if self._compared is None or self._compared.comparison is None:
            self.lines.say("Comparing", *self._few_words(), span=query.span)
        try:
            compared = await self._work.compare(query, self._progress)
        except Exception as error:  # whatever it is, the screen says it and goes on
            compared = Compared(problem=f"{type(error).__name__}: {error}")
        self._compared = compared
        self._title(self._start_words(compared.comparison))
        if compared.comparison is None:
            self.lines.say("Nothing to compare", compared.problem, span=query.span, is_error=True)
            self.figures.show(())
            self.heat.show((), ())
            self.query_one("#heat-words", Static).update("")
            return
        self.figures.show(figure_rows(compared.comparison, self._names))
        self.heat.show(*heat_of(compared.comparison, self._names))
        words = heat_words(compared.comparison)
        self.query_one("#heat-words", Static).update(Content.styled(words, "$quiet"))
        count, box = len(compared.comparison.rows), self.query_one("#compare-heat")
        box.styles.max_width = max(len(words), _HEAT_NAME + _HEAT_CELL * count) + 3
        self._draw_lines(compared.comparison)

    def _draw_lines(self, comparison: Comparison) -> None:
        assert self._compared is not None
        lines = lines_of(comparison, self._names, self.figures.current)
        self.lines.show(comparison.days, lines, self._query.span, self._compared.notes)

    def _progress(self, words: str, done: int, count: int) -> None:
        if not count:
            self._title(words)
            return
        full = done * _BAR // count
        self._title(f"{'━' * full}{'╌' * (_BAR - full)} {done} of {count}  {words}")

    def _title(self, words: str) -> None:
        basis = "adjusted" if self._query.adjusted else "as paid"
        parts = [RANGE_NAMES[self._query.span], basis, words, *([self._provenance] if self._provenance else [])]
        quiet = "".join(f" · {part}" for part in parts if part)
        self.query_one("#compare-title", Static).update(Content.assemble((self._list_name, "bold"), (quiet, "$quiet")))

    def _few_words(self) -> tuple[str, ...]:
        return (f"{len(self._query.symbols)} stocks: days that are not kept are fetched first.",)

    @staticmethod
    def _start_words(comparison: Comparison | None) -> str:
        if comparison is None or comparison.start is None or comparison.end is None:
            return ""
        start, end = comparison.start, comparison.end
        days = f"{start.day} {start:%b %Y} to {end.day} {end:%b %Y}"
        return f"{days}, {comparison.shared} shared sessions"

    def _keys(self) -> Content:
        """The last row: what the keys do, and a click on them."""
        range_keys = clickable(",", "", "range(-1)") + " " + clickable(".", "range", "range(1)")
        parts = (
            Content.assemble(("↑↓", "bold $heading"), " line"),
            range_keys,
            clickable("\\", "raw/adjusted", "basis"),
            clickable("v", "correlation", "view"),
            clickable("r", "again", "again"),
            clickable(self.hint("dialog.close", "").strip(), "closes", "close"),
        )
        return Content("  ").join(parts)

    def on_resize(self, event: events.Resize) -> None:
        """Both views stand side by side where there is room."""
        self.query_one(TabLine).display = event.size.width < _WIDE
