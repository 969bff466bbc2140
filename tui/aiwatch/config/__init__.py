"""Settings: their keys, the reader, the user's own keys of the keyboard, and the folders they are kept in.

It may import `market`, `files` and `errors`, nothing above.
"""
