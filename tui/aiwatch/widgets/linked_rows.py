"""A text of many rows, some of which lead elsewhere: left and right choose among those, Enter follows.

Styled text laid out in a width, never cut within a number.

Hints that name keys: the keys there are now, not those an action was made with.

A text that scrolls by the keys that move in every list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.keys import Keys
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.widget import Widget

from aiwatch.formatting.text import ELLIPSIS
from aiwatch.ledger.views import STOCK, Target
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.looks import line_strip
from aiwatch.widgets.row_keys import SCROLL_ACTIONS, cursor_keys

_OF_NUMBERS = frozenset("0123456789.,+-")
_LONGEST_UNIT, _AFTER_UNITS = 3, ".,;:)"
"""A word of so few letters behind a number is its unit, and what may stand right behind one."""


def trimmed(content: Content, width: int) -> Content:
    """``content`` in at most ``width`` cells; an ellipsis stands for what did not fit, and for the whole of a number
    of which a figure or a letter of its unit did not."""
    if content.cell_length <= width:
        return content
    short = content.truncate(max(0, width - 1)).rstrip()
    *before, word = short.plain.split(" ")
    whole = word + content.plain[len(short.plain) :].split(" ")[0]
    if before and before[-1][-1:].isdigit() and word != whole and len(whole.rstrip(_AFTER_UNITS)) <= _LONGEST_UNIT:
        short = short[: -len(word)].rstrip()
    while short.plain[-1:] in _OF_NUMBERS:
        short = short[: len(short.plain) - len(short.plain.split()[-1])].rstrip()
    return short + Content(ELLIPSIS[:width])


def flow(parts: Iterable[Content], width: int, gap: str = "   ") -> list[Content]:
    """``parts`` in as few rows of ``width`` cells as hold them, none of them parted."""
    rows: list[Content] = []
    for part in parts:
        if rows and rows[-1].cell_length + len(gap) + part.cell_length <= width:
            rows[-1] = rows[-1] + Content(gap) + part
        else:
            rows.append(part)
    return rows


class ScrollText(VerticalScroll):
    """Holds a text that may be longer than there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys(SCROLL_ACTIONS)]

    def action_half_page(self, pages: int) -> None:
        """Scroll by half of what is on screen."""
        self.scroll_relative(y=pages * max(1, self.scrollable_content_region.height // 2), animate=False)


def first_key(widget: Widget, name: str) -> str:
    """The first key of the binding called ``name`` that counts where the focus is; empty when it has none."""
    for active in widget.screen.active_bindings.values():
        if active.binding.id == name and active.binding.key != Keys.Ignore:
            return widget.app.get_key_display(active.binding)
    return ""


def hint(widget: Widget, *shown: tuple[str, str]) -> str:
    """Names of bindings, each or several together with the words for what they do: ``← → choose · Enter opens``."""
    parts = []
    for names, words in shown:
        keys = " ".join(filter(None, (first_key(widget, name) for name in names.split())))
        if keys:
            parts.append(f"{keys} {words}")
    return " · ".join(parts)


_HINTS = (("cursor.left cursor.right", "choose"), ("cursor.open", "opens"), ("ledger.back", "back"))
_LABEL = 12
_LEAST_WIDTH = 2
"""Cells below which nothing is laid out."""


class Row(Struct, frozen=True):
    """A row of text, wrapped below its ``indent``; one with a ``target`` and no indent is kept to a single line, which
    begins with the first of ``content`` and ``shorter`` that fits; ``after`` comes behind it as far as there is room.
    """

    content: Content
    indent: int = 0
    target: Target | None = None
    shorter: tuple[Content, ...] = ()
    after: Content = Content("")


def label_row(label: str, value: str | Content, style: str = "", target: Target | None = None) -> Row:
    """A figure behind its name, wrapped under itself."""
    content = value if isinstance(value, Content) else Content.styled(value, style)
    return Row(Content.assemble((f"{label:<{_LABEL - 1}} ", "$quiet"), content), _LABEL, target)


def heading_row(text: str, style: str = "bold $heading") -> Row:
    """A heading inside the text."""
    return Row(Content.styled(text, style))


Line = tuple[Content, Target | None]
"""A line of text and where it leads; of a row of several lines the first one leads."""


def laid_out(rows: Sequence[Row], width: int) -> list[Line]:
    """The lines of ``rows`` at ``width`` cells, each with where it leads."""
    return [line for row in rows for line in _lines_of(row, width)]


def _lines_of(row: Row, width: int) -> list[Line]:
    if row.target is not None and not row.indent:
        room = width - min(1, row.after.cell_length)
        forms = (row.content, *row.shorter)
        fitting = next((form for form in forms if form.cell_length <= room), None)
        if fitting is None:
            return [(trimmed(forms[-1], width), row.target)]
        return [(fitting + trimmed(row.after, width - fitting.cell_length), row.target)]
    indent = row.indent if width >= 2 * row.indent + 12 else 2 if row.indent else 0
    start = row.content[:indent] if indent else Content("")
    rest = row.content[indent:] if indent else row.content
    parts = rest.wrap(max(1, width - indent)) or [Content("")]
    begin = start + parts[0], row.target
    return [begin, *((Content(" " * indent) + part, None) for part in parts[1:])]


def _alike(row: Row, before: Row) -> bool:
    """Whether two rows are the same in their colours too, which ``==`` does not look at."""
    return row is before or (
        row.indent == before.indent
        and row.target == before.target
        and row.content.is_same(before.content)
        and row.after.is_same(before.after)
        and [form.plain for form in row.shorter] == [form.plain for form in before.shorter]
    )


class Lines(Widget):
    """Lines of text, of which only those in sight are drawn, and only those that changed are drawn again."""

    DEFAULT_CSS = "Lines { height: auto; text-wrap: nowrap; }"

    def __init__(self, lines_at: Callable[[int], list[Content]] | None = None) -> None:
        """``lines_at`` gives the lines for a width in cells as soon as a layout knows it, so that no second layout is
        needed for how many they are; without it, `show` alone says what they are."""
        super().__init__()
        self._lines: list[Content] = []
        self._lines_at = lines_at

    def show(self, lines: list[Content]) -> None:
        """Show ``lines``. Another number of them costs a layout of the screen."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.refresh(layout=True)
            return
        changed = [
            Region(0, at, self.size.width, 1)
            for at, (old, new) in enumerate(zip(before, lines, strict=True))
            if old is not new and not old.is_same(new)
        ]
        if changed:
            self.refresh(*changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row a line."""
        if self._lines_at is not None:
            self._lines = self._lines_at(width)
        return len(self._lines)

    def render(self) -> Content:
        """The whole text, which is what can be copied."""
        return Content("\n").join(self._lines)

    def render_line(self, y: int) -> Strip:
        """The line in row ``y``."""
        width, style = self.size.width, self.visual_style
        if y >= len(self._lines) or not width:
            return Strip.blank(width, style.rich_style)
        line, selection = self._lines[y], self.text_selection
        if selection is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            picked = VisualStyle.from_styles(self.screen.get_component_styles("screen--selection"))
            line = line.stylize(picked, start, len(line) if end == -1 else end)
        return line_strip(self, line, width, style, y)


class LinkedRows(ScrollText):
    """Shows `Row` values; says which target was followed."""

    DEFAULT_CSS = "LinkedRows { padding: 0 1; height: 1fr; scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys({"open": "follow", "right": "link(1)", "left": "link(-1)"})]

    convention: reactive[str] = reactive("auto")

    class Followed(Message):
        """A row that leads somewhere was chosen."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._laid: list[tuple[Row, list[Line]]] = []
        """The rows last shown with their lines: laying one out costs ten times what comparing it does."""
        self._lines: list[Line] = []
        self._picked: int | None = None
        """The link that was chosen, counted from the top; ``None`` before any was."""
        self._width = 0
        """The width, in cells, that they are laid out for."""
        self._text = Lines(self._lines_at)

    def compose(self) -> ComposeResult:
        yield self._text

    def rows(self, width: int) -> Sequence[Row]:
        """What is to be shown now, for ``width`` cells."""
        raise NotImplementedError

    @property
    def line_count(self) -> int:
        """How many lines the rows have, as they were last laid out."""
        return len(self._lines)

    @property
    def targets(self) -> list[Target]:
        """Where the rows lead, top to bottom."""
        return [target for _, target in self._lines if target is not None]

    @property
    def chosen(self) -> Target | None:
        """The target that Enter follows."""
        targets = self.targets
        return targets[self._place(targets)] if targets else None

    def _place(self, targets: Sequence[Target]) -> int:
        """The place of the chosen link among ``targets``: before any was chosen the first stock's, else the first."""
        if self._picked is None:
            return next((at for at, target in enumerate(targets) if target.kind == STOCK), 0)
        return min(self._picked, len(targets) - 1)

    @property
    def plain(self) -> str:
        """The text as it is now, a line a row, as wide as each is."""
        return "\n".join(row.content.plain.rstrip() for row in self.rows(self._width))

    def start_over(self) -> None:
        """Show another thing from its top, with its first stock or link chosen."""
        self._picked = None
        self.scroll_home(animate=False)
        self.redraw()

    def on_mount(self) -> None:
        """What is live in the text moves on by itself."""
        every_second(self, self.move_on)

    def move_on(self) -> None:
        """A second is over: show the rows as they are now."""
        self.redraw()

    def on_resize(self) -> None:
        """Lay the rows out for the new width."""
        self.redraw()

    def watch_convention(self) -> None:
        """Colour the changes anew."""
        self.redraw()

    def redraw(self) -> None:
        """Show the rows as they are now."""
        width = self.scrollable_content_region.width
        if self.is_mounted and width > _LEAST_WIDTH and self._lay_out(width):
            self._paint()

    def _lines_at(self, width: int) -> list[Content]:
        """The lines at ``width`` cells as they are shown: what a layout asks for, which knows the width first."""
        if width != self._width and width > _LEAST_WIDTH:
            self._lay_out(width)
        return self._shown(width)

    def _lay_out(self, width: int) -> bool:
        """Lay the rows of now out at ``width`` cells; whether that changed anything."""
        before = self._laid if width == self._width else []
        laid = [
            before[at] if at < len(before) and _alike(row, before[at][0]) else (row, _lines_of(row, width))
            for at, row in enumerate(self.rows(width))
        ]
        self._width = width
        if len(laid) == len(before) and all(new is old for new, old in zip(laid, before, strict=True)):
            return False
        self._laid = laid
        self._lines = [line for _, lines in laid for line in lines]
        return True

    def _shown(self, width: int) -> list[Content]:
        """The lines with the cursor on the chosen link."""
        chosen_line = self._line_of_chosen() if self.has_focus else -1
        text_style = self.app.theme_variables.get("block-cursor-text-style", "none").replace("none", "")
        look = f"on $block-cursor-background {text_style}".rstrip()
        return [
            content.truncate(width, pad=True).stylize(look) if at == chosen_line else content
            for at, (content, _) in enumerate(self._lines)
        ]

    def _paint(self) -> None:
        self._text.show(self._shown(self._width))
        hints = hint(self, *_HINTS) if self.has_focus and self.targets else ""
        if isinstance(self.parent, Widget) and (self.parent.border_subtitle or "") != hints:
            self.parent.border_subtitle = hints

    def _line_of_chosen(self) -> int:
        lines = [at for at, (_, target) in enumerate(self._lines) if target is not None]
        return lines[self._place(self.targets)] if lines else -1

    @on(events.Focus)
    @on(events.Blur)
    def show_focus(self) -> None:
        """Show which link Enter follows, or take that cursor away, once the focus has come or gone."""
        self.call_next(self._paint)

    def action_link(self, by: int) -> None:
        """Choose the link that many further on, round and round, and bring it into sight."""
        targets = self.targets
        if targets:
            self._picked = (self._place(targets) + by) % len(targets)
            self._paint()
            at = self._line_of_chosen()
            self.scroll_to_region(Region(0, at, 1, 1), animate=False, force=True)

    def action_follow(self) -> None:
        """Go where the chosen link leads."""
        if self.chosen is not None:
            self.post_message(self.Followed(self.chosen))

    def on_click(self, event: events.Click) -> None:
        """Follow the link under the pointer."""
        place = event.get_content_offset(self)
        if place is None:
            return
        line = place.y + int(self.scroll_y)
        links = 0
        for row, lines in self._laid:
            if 0 <= line < len(lines) and row.target is not None:
                self._picked = links
                self.post_message(self.Followed(row.target))
            line -= len(lines)
            links += row.target is not None
