"""The ledger: who pledged what to AI infrastructure, what else was said, and how far each figure can be trusted.

`loader` reads the files, `records` are their values, and every other module answers one kind of question about them.
"""
