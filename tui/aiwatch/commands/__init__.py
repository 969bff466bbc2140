"""The work of each command; `aiwatch.cli` imports a module of this package when its command is called."""
