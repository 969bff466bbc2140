"""Filings and headlines in rows: of one stock, or of the stocks of a list."""
