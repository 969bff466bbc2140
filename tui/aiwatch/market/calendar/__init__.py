"""When exchanges trade: published hours, holidays, sessions and zones."""
