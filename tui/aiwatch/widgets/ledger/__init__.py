"""The panel of commitments: its views, its map and their rows."""
