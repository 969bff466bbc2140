"""The parts of the screen, one widget a file. Widgets show values and post messages; they know no source."""
