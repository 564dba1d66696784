"""Gives every process that finds this file on its path the newer reader of `tests.faults.reading`."""

from tests.faults import reading

reading.install()
