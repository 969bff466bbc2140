"""How the rows of a column are parted between its upper panel and its lower one. Pure."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

LEAST_ROWS = 6
"""Rows of a panel at least, its frame among them."""
SLACK = 3
"""Rows that a panel may have beyond what it shows before they go to the other one: so few are not worth a move."""
LEAST_HEIGHT, MOST_HEIGHT, HEIGHT_STEP = 20, 80, 5
"""Percent of a column's rows that a person may give its upper panel."""
BY_CONTENT = 0
"""Stands for no such percentage: the rows follow what the panels show."""


class Needs(Struct, frozen=True):
    """Of a column of ``rows``: the rows that its two panels would fill, and what part of it the lower one may have when
    neither fits."""

    rows: int
    upper: int
    lower: int
    lower_most: Fraction

    def upper_rows(self, height: int = BY_CONTENT) -> int:
        """The rows of the upper panel; the lower one has the rest. ``height`` is the percentage a person gave it.

        Where both fit, the upper one has what it needs. Else one that needs less than its part leaves the rest to the
        other, so that none is blank while the other scrolls.
        """
        if height:
            return self._possible(round(self.rows * height / 100))
        lower_part = int(self.rows * self.lower_most)
        upper_part = self.rows - lower_part
        if self.upper + self.lower <= self.rows:
            return self._possible(self.upper)
        if self.lower <= lower_part - SLACK:
            return self._possible(self.rows - self.lower)
        if self.lower <= lower_part or self.upper > upper_part:
            return self._possible(upper_part)
        return self._possible(self.upper)

    def _possible(self, rows: int) -> int:
        least = min(LEAST_ROWS, self.rows // 2)
        return min(max(least, rows), self.rows - least)

    def step(self, height: int, by: int) -> int:
        """The percentage ``by`` one step of `HEIGHT_STEP` (1 or -1) from ``height``, which may be none yet; none again
        where it comes back to what the content asks for."""
        own = HEIGHT_STEP * round(100 * self.upper_rows() / max(1, self.rows) / HEIGHT_STEP)
        stepped = min(max(LEAST_HEIGHT, (height or own) + by * HEIGHT_STEP), MOST_HEIGHT)
        return BY_CONTENT if stepped == own else stepped
