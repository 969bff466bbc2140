"""How a widget draws by itself: the styles of its cells, by part and by the ground it lies on, in theme variables; a
line of text in one strip; the classes that a style sheet looks at.

The styles are no component classes: Textual would style each of those before the first paint, and again whenever the
focus comes or goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.widget import Widget

GAIN, LOSS = "gain", "loss"
"""Variables that stand for ``up`` and ``down``, or the other way round where red means up."""
_NOT_REVERSED = VisualStyle(reverse=False)
_VARIABLE = re.compile(r"\$([a-z-]+)")


class Looks:
    """The styles of the parts of ``widget``, each made of ``table`` when it is first asked for and kept until it is
    forgotten. ``red_up``: a gain is red."""

    def __init__(self, widget: Widget, table: Mapping[str, str]) -> None:
        self._widget = widget
        self._table = table
        self._styles: dict[tuple[str, str], Style] = {}
        self.red_up = False

    def forget(self) -> None:
        """Make every style anew, after a change of theme or colours."""
        self._styles.clear()

    def __call__(self, part: str, ground: str) -> Style:
        """The style of ``part`` on the background of ``ground``; empty names are the widget's own text and background.
        A part with a background of its own keeps it."""
        style = self._styles.get((part, ground))
        if style is None:
            style = self._styles[part, ground] = self._made(part, ground)
        return style

    def _made(self, part: str, ground: str) -> Style:
        surface = self._widget.background_colors[1]
        style = Style(color=self._widget.rich_style.color, bgcolor=surface.rich_color)
        for name in filter(None, (ground, part)):
            words = self._table[name]
            own = VisualStyle.parse(_VARIABLE.sub(self._value, words))
            below = surface if own.background is None else surface + own.background
            colour = (below + own.foreground).rich_color if name == part and own.foreground is not None else None
            backdrop = below.rich_color if own.background is not None else None
            style += Style(
                color=colour,
                bgcolor=backdrop,
                bold=own.bold,
                dim=_is_faint(words, own) or None,
                italic=own.italic,
                underline=own.underline,
                reverse=own.reverse,
            )
        return style

    def _value(self, variable: re.Match[str]) -> str:
        name = variable[1]
        if name in (GAIN, LOSS):
            name = "up" if (name == GAIN) != self.red_up else "down"
        return self._widget.app.theme_variables[name]


def _is_faint(words: str, style: VisualStyle) -> bool:
    """Whether ``words`` ask for a share of a colour of the terminal's own, which cannot be mixed: it is dimmed."""
    text = style.foreground
    return text is not None and text.ansi is not None and "%" in words.partition("on ")[0]


def line_strip(widget: Widget, line: Content, width: int, style: VisualStyle, y: int | None = None) -> Strip:
    """``line``, which has no line break, in ``width`` cells and on ``style``: padded or cut. ``y`` is what the mouse
    selects it by, where it does.

    Textual's own way wraps, aligns and looks for links first: most of what a line costs.
    """

    def look_at(own: VisualStyle, x: int) -> Style:
        return own.rich_style if y is None else own.rich_style_with_offset(x, y)

    segments, x = [], 0
    for text, own in line.render(style, end="", parse_style=widget._get_style):
        segments.append(Segment(text, look_at(style + own, x)))
        x += len(text)
    strip = Strip(segments, line.cell_length)
    return strip if strip.cell_length == width else strip.adjust_cell_length(width, look_at(style + _NOT_REVERSED, x))


def put_classes(name: str, wanted: Mapping[Widget, bool], meant: Iterable[Widget]) -> None:
    """Give each widget the class ``name`` or take it, and style the widgets that a style sheet has meant by it.

    Textual's ``set_class`` styles all that lies below the widget, and each time: most of what a step to another panel
    costs.
    """
    changed = [widget for widget, is_wanted in wanted.items() if widget.has_class(name) is not is_wanted]
    for widget in changed:
        widget.set_class(not widget.has_class(name), name, update=False)
    if changed:
        changed[0].app.stylesheet.update_nodes(meant)
