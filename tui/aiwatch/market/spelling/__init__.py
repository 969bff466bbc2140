"""The forms in which people write symbols, brought to Yahoo's.

`reader` is the door; the rest is loaded when a form needs it.
"""
