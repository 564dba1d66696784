"""A small past on the loopback: an outlet with sitemaps and feeds, and an archive like the Wayback Machine."""
