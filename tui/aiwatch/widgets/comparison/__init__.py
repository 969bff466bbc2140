"""A comparison of several stocks on the screen: their lines from a common start, and their figures, a row each.

It knows plain values alone; `aiwatch.widgets.chart.heat_table` beside it shows how they move together.
"""
