"""The chart of the selected stock on the dashboard: what its keys do, and how its bars come. Loaded with the first."""
