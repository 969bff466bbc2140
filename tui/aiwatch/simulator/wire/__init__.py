"""What each data host sends, written as it writes it: one module a host."""
