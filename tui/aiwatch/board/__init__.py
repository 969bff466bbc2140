"""The board as a model: its columns, rows, order and filter, known without a toolkit.

It may import `formatting`, `watchlist`, `ledger` and `market`; nothing here imports textual or rich, and no widget,
screen, feed or source is known.
"""
