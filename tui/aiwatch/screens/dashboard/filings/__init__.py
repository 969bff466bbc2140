"""Filings on the dashboard: those of the selected stock in its panel, those of a list on a screen of their own."""
