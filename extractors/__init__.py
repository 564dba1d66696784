"""The core: bytes and facts in, facts out. No network, clock, database, process or randomness."""
