"""Price history: kept in a file of its own, fetched by the sources or by yfinance, and analysed.

pandas and yfinance are loaded in the child process of `aiwatch.history.worker` and in commands, never in the screen's
process. Nothing of this room is loaded before the first paint.
"""
