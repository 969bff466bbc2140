"""Yahoo's quotes, search and session with cookie and crumb.

`spark` and `quote` are the doors. They know none of the other sources.
"""
