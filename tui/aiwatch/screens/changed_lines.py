"""Draws only the lines that are seen, and of a picture that changed only those that did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip


class ChangedLines(Compositor):
    """A compositor that draws the lines of the widgets that are seen there; of a picture that changed in part, the
    changed ones.

    Textual's has every widget drawn that the hull of all changes touches, and the frames and containers that others
    cover. A clock in the top line and a figure in the bottom one would be the whole screen.
    """

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """The whole picture. ``simplify`` joins the segments that look alike, for a picture that goes to a file."""
        self._dirty_regions.clear()
        width, height = self.size
        lines = [chop.values() for chop in self._drawn([(y, 0, width) for y in range(height)])]
        if simplify:
            joined = [[Strip.join(line).simplify().discard_meta()] for line in lines]
            return LayoutUpdate(cast("Any", joined), self.size.region)
        return LayoutUpdate(cast("Any", lines), self.size.region)

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last picture; ``None`` when nothing did."""
        regions, self._dirty_regions = self._dirty_regions, set()
        if not regions:
            return None
        cuts = self.cuts
        spans = [span for span in self._regions_to_spans(regions) if span[0] < len(cuts)]
        return ChopsUpdate(cast("Any", self._drawn(spans)), spans, [cut_set[1:] for cut_set in cuts])

    def _drawn(self, spans: Sequence[tuple[int, int, int]]) -> list[dict[int, Strip | None]]:
        """The pieces of each line by their columns, those drawn that ``spans`` touch: lines with a first column and the
        one after the last."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{}] * len(cuts)
        wanted: dict[int, set[int]] = {}
        """By line, the columns at which pieces begin that changed and have not been drawn yet."""
        for y, first, end in spans:
            chops[y] = chops[y] or dict.fromkeys(cuts[y][:-1])
            starts = {x for x, after in pairwise(cuts[y]) if x < end and after > first}
            if starts:
                wanted[y] = wanted[y] | starts if y in wanted else starts
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            inside, rows = range(shown.x, shown.right), range(shown.y, shown.bottom)
            lines = [y for y in wanted if y in rows and any(x in inside for x in wanted[y])]
            if lines:
                top, last = min(lines), max(lines)
                strips = widget.render_lines(Region(shown.x - region.x, top - region.y, shown.width, last + 1 - top))
                for y in lines:
                    places = [cut for cut in cuts[y] if shown.x <= cut <= shown.right]
                    strip = strips[y - top]
                    whole = len(places) == 2
                    pieces = [strip] if whole else strip.divide([cut - shown.x for cut in places[1:]])
                    for x, piece in zip(places, pieces, strict=False):
                        if chops[y][x] is None:  # what lies above was drawn first
                            chops[y][x] = piece
                    wanted[y].difference_update(places[:-1])
                    if not wanted[y]:
                        del wanted[y]
            if not wanted:
                break
        return chops
