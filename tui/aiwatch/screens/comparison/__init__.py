"""A list compared, over the whole screen."""
