"""Pure values of the market: symbols, quotes, sessions, money. No I/O, no toolkit."""
