"""Reading and writing files: strict TOML, bounded reading, whole replacement, what is bundled.

It may import `errors` alone.
"""
