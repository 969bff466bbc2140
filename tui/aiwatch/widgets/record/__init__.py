"""The panel of the selected commitment: its facts, and what is claimed of it."""
