"""The screen that stands behind all others: its panels and its actions."""
