"""What companies file: each host asked once an hour, and what it lists kept for a week in the cache folder."""
