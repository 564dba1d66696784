"""A newsroom that misbehaves on order, on the loopback, for the tests of everything that fetches."""
