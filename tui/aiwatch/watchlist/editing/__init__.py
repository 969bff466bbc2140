"""Edits of list files that leave everything else in them as it is, with undo.

`editor` is the door; what lies behind it works on texts alone.
"""
