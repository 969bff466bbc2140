"""What is worked out of a chart's data once, however often it is drawn."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from aiwatch.market.bars import Series, adjusted, within
from aiwatch.widgets.chart.columns import limit_days_of
from aiwatch.widgets.chart.data import ChartData, View


class Prepared:
    """``data`` with its series adjusted and its limit days, each worked out when it is first needed."""

    def __init__(self, data: ChartData) -> None:
        self.data = data
        self._adjusted: dict[int, Series] = {}

    @cached_property
    def limit_days(self) -> dict[date, int]:
        """The days that closed at limit up (1) or limit down (-1)."""
        return limit_days_of(self.data.series, self.data.decimals)

    def ranged(self, series: Series, view: View) -> Series:
        """The bars of ``series``, one of the data's, in the range of ``view``, adjusted if that is asked for; minutes
        stay as they are."""
        whole = self._whole(series) if view.adjusted and not series.interval.is_intraday else series
        last = self.data.last_day
        return whole if last is None else within(whole, view.range, last)

    def _whole(self, series: Series) -> Series:
        held = self._adjusted.get(id(series))
        if held is None:
            held = self._adjusted[id(series)] = adjusted(series)
        return held
