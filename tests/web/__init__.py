"""Tests of `aiwatch.web`."""
