"""The keys: which action has which, the user's own, and their names."""
