"""Tests of the data hosts' clients and parsers."""
