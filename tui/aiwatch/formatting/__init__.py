"""Numbers, ages, colours of change and texts, the same for widgets and commands.

It may import `market`, `files` and `errors`, nothing above; no toolkit.
"""
