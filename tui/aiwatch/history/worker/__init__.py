"""The child process that has pandas and yfinance, and what speaks to it: one question at a time, JSON lines over pipes.

In a thread of the screen's process the import alone would hold the event loop for most of a second and leave 80 MB
there, and a host that hangs would hold a call for half a minute. A child can be ended.
"""
