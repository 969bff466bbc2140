"""What one running dashboard knows and does, without a toolkit: its dependencies, layout, directory and trail.

It may import `feed`, `board` and everything below; never `screens`, textual or rich.
"""
