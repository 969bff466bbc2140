"""Pure drawing: from plain values to a grid of glyphs. Knows no source, no series and no widget."""
