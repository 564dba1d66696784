"""A small newsroom of our own writing: invented outlets, served over real HTTP on the loopback.

The demo and the tests run the whole pipeline over it. Outlets, authors and quoted private persons are invented; the
matters, dates and figures are public. Nothing here knows the pipeline: it is the outside world in small.
"""
