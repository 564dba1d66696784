"""Months in minutes: a newsroom whose clock is ours, run through the real collecting and loading."""
