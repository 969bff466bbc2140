"""The chart of a stock on Textual's Line API, for a screen that has the bars.

A screen mounts one ``Chart`` where there are rows left, and hides it where fewer than ``drawing.draw.LEAST_HEIGHT``
are; the chart fits itself to what it gets. Import it when it is first shown: it is not of the first paint.

    chart = Chart(span=Range.HALF_YEAR)             # and chart.colours as the board's, further_keys of the screen
    chart.show_loading("6M of 603757.SS")           # while nothing is kept
    chart.show(ChartData(series=kept, source="Tencent", is_kept=True))
    chart.show(ChartData(series=newer, source="Tencent", events=of_the_ledger))
    chart.show_error(host, reason, next_step)       # bars that are there stay, with these words under them
    chart.show_nothing(reason, next_step)           # no history: why, and what can be done

Give it **unadjusted** days as far back as there are, and today's bar from the live quote among them: the chart adjusts
them, cuts the range and joins days to weeks by itself. For one and five days it wants minutes, with
``previous_close``, ``limits`` and ``hours``; it keeps days and minutes of a stock apart; `Chart.clear` forgets both.
``show`` of another symbol clears it by itself.

It says what a person wants by messages: ``Chart.RangeChanged`` (another range; where ``is_covered`` is false, fetch
bars of ``interval`` and show them), ``Chart.CompareRequested`` (ask with what, then show data with ``compared``;
without, the comparison is over) and ``Chart.LookChanged`` (candles or line, adjusted or not, to be remembered). Its
keys are its own ``BINDINGS``; Escape goes to the screen while there is no crosshair. ``Chart.show_range`` chooses a
range from outside.

``HeatTable`` shows correlations. What is drawn is worked out by the pure modules of ``drawing/``.
"""
