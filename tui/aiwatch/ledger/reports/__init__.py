"""Reports on the ledger as a whole: its course in time, money a year, what changed, its map as a graph."""
