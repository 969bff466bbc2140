"""What companies report to have spent, quarter by quarter: asked once a day, kept in the cache folder."""
