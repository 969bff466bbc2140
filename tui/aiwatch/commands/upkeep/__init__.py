"""Commands that look after aiwatch itself: its files, its settings, its network. Nothing imports them but the group."""
