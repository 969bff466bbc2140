"""The feed: which source for which symbol, when, what on failure; one batch a tick for the screen."""
