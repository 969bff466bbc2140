"""The panel of the selected stock: figures, order book, alerts, positions and where the ledger names it."""
