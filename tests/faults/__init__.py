"""Kills by the hundred over every kind of job, and what they must not cost."""
