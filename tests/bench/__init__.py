"""Benchmarks: they print figures, and are no part of the tests."""
