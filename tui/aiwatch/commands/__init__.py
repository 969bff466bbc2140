"""What a user types: a command a module, `tables.py` for what they print in columns, and `group.py`, which imports a
command when it is called. `upkeep/` has the commands that look after aiwatch itself."""
