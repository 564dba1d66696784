"""Who said what: speaker, verb and words."""

from extractors.model import Statement
from extractors.reading import Reading


def find(reading: Reading, topics: dict[str, float]) -> tuple[Statement, ...]:
    """Return the statements of an article."""
    return ()
