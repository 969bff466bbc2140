"""The screens: each lays out widgets, listens to them, and turns what they ask for into calls of the feed."""
