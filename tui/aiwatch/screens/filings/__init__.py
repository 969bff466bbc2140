"""The newest filings of the stocks of a list, on a screen of their own. Loaded when it is first opened."""
