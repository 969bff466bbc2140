"""What each part of a chart looks like, in theme variables, so that every theme and colour scheme holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiwatch.widgets.chart.drawing.heat import STEPS

_STRONGEST = 52
"""The percentage of colour in the strongest ground of the heat table; text is readable on it."""

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
        "tag-rise": "bold reverse $gain",
        "tag-fall": "bold reverse $loss",
        "tag-flat": "bold reverse $flat",
        "tag-cursor": "bold reverse $accent",
        "line-1": "bold $accent",
        "line-2": "$limit",
        "line-3": "$demo",
        "line-4": "$foreground",
        "line-5": "$flat",
        **{
            f"tag-{number}": f"bold reverse {colour}"
            for number, colour in enumerate(("$accent", "$limit", "$demo", "$foreground", "$flat"), 1)
        },
        **{f"heat-{step}": f"on $accent {step * _STRONGEST // STEPS}%" for step in range(1, STEPS + 1)},
        **{f"cold-{step}": f"on $limit {step * _STRONGEST // STEPS}%" for step in range(1, STEPS + 1)},
    }
)
"""By part or ground. Gains and losses have theirs in candles, volume and area alone; a line has the accent."""
