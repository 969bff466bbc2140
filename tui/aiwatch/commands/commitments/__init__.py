"""The commands about the ledger: its views, what was delivered, and the tools beside them."""
