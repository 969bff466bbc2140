"""The keys: collecting the actions from the classes that own them, presets, the user's own, and their names."""
