"""Records made of other tables and of answers: text in, the text of a ledger file out."""
