"""What each part of a chart looks like, in theme variables, so that every theme and colour scheme holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from rich.style import Style
from textual.color import Color
from textual.style import Style as VisualStyle
from textual.widget import Widget

from aiwatch.widgets.chart.drawing.heat import STEPS

_STRONGEST = 52
"""The percentage of colour in the strongest ground of the heat table; text is readable on it."""
_GAIN, _LOSS = "gain", "loss"
"""Stand for ``up`` and ``down``, or the other way round where red means up."""

LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "muted": "$text-muted",
        "strong": "bold $foreground",
        "chosen": "bold $accent",
        "key": "bold $heading",
        "joined": "$heading",
        "error": "bold $error",
        "stale": "$limit",
        "grid": "$foreground 13%",
        "crosshair": "$accent 60%",
        "cursor": "bold $accent",
        "line": "$accent",
        "average": "$limit",
        "limit": "bold $limit",
        "limit-line": "$limit 70%",
        "event": "$demo",
        "ex-date": "$heading",
        "volume": "$foreground 35%",
        "flat": "$flat",
        "rise": "$gain",
        "fall": "$loss",
        "rise-quiet": "$gain 60%",
        "fall-quiet": "$loss 60%",
        "rise-ground": "on $gain 16%",
        "fall-ground": "on $loss 16%",
        "tag-rise": "bold $background on $gain",
        "tag-fall": "bold $background on $loss",
        "tag-flat": "bold $background on $flat",
        "tag-cursor": "bold $background on $accent",
        "line-1": "bold $accent",
        "line-2": "$limit",
        "line-3": "$demo",
        "line-4": "$foreground",
        "line-5": "$flat",
        **{
            f"tag-{number}": f"bold $background on {colour}"
            for number, colour in enumerate(("$accent", "$limit", "$demo", "$foreground", "$flat"), 1)
        },
        **{f"heat-{step}": f"on $accent {step * _STRONGEST // STEPS}%" for step in range(1, STEPS + 1)},
        **{f"cold-{step}": f"on $limit {step * _STRONGEST // STEPS}%" for step in range(1, STEPS + 1)},
    }
)
"""By part or ground. Gains and losses have theirs in candles, volume and area alone; a line has the accent."""

_VARIABLE = re.compile(r"\$([a-z-]+)")


class Looks:
    """The styles of a widget's parts, each made when it is first asked for; ``red_up``: a gain is red."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, str], Style] = {}
        self.red_up = False

    def forget(self) -> None:
        """Make every style anew, after a change of theme or colours."""
        self._styles.clear()

    def __call__(self, part: str, ground: str) -> Style:
        style = self._styles.get((part, ground))
        if style is None:
            style = self._styles[part, ground] = self._made(part, ground)
        return style

    def _made(self, part: str, ground: str) -> Style:
        widget = self._widget
        below, text = widget.background_colors[1], widget.rich_style.color
        style = Style(color=text, bgcolor=below.rich_color)
        for name in filter(None, (ground, part)):
            own = VisualStyle.parse(_VARIABLE.sub(self._value, LOOKS[name]))
            below = below if own.background is None else _over(below, own.background)
            colour = None if own.foreground is None else _over(below, own.foreground).rich_color
            style += Style(color=colour, bgcolor=below.rich_color, bold=own.bold, underline=own.underline)
        return style

    def _value(self, variable: re.Match[str]) -> str:
        name = variable[1]
        if name in (_GAIN, _LOSS):
            name = "up" if (name == _GAIN) != self.red_up else "down"
        return self._widget.app.theme_variables[name]


def _over(below: Color, colour: Color) -> Color:
    return colour if colour.ansi is not None else below + colour
