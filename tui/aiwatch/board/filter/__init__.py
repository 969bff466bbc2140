"""The board's filter: an expression is read into tokens and made a closure, never code.

`parser` is the door. It knows the rows of `aiwatch.board` and nothing above it.
"""
