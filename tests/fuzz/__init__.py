"""Bytes of any kind for whatever reads bytes of strangers: targets, seeds, and who throws them."""
