"""Alert rules as a list file has them, and when one fires."""
