"""Articles that are the same story in nearly the same words, found by the bands of their MinHash.

A band packs four minima of eight bits. Two texts are compared when they share a band and were published within
`WINDOW`; the share of equal minima then estimates their Jaccard similarity (b-bit minwise hashing, Li and König 2010).
Groups are named by their least article id, so they come out the same in whatever order articles arrive.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import duckdb
import pyarrow as pa

WINDOW = "14 days"
THRESHOLD = 0.5  # edited reprints are above 0.6, different stories below 0.1

PAIRS = f"""
WITH fresh AS (
    SELECT article_id, bands, coalesce(published_at, captured_at) AS day
    FROM revision
    WHERE (revision_id IN (SELECT revision_id FROM temp.told) OR article_id IN (FROM temp.dissolved))
        AND len(bands) > 0 AND known_to IS NULL
), near AS (
    SELECT article_id, bands, coalesce(published_at, captured_at) AS day
    FROM revision
    WHERE len(bands) > 0 AND known_to IS NULL
        AND coalesce(published_at, captured_at) BETWEEN (SELECT min(day) FROM fresh) - INTERVAL '{WINDOW}'
            AND (SELECT max(day) FROM fresh) + INTERVAL '{WINDOW}'
), a AS (
    SELECT article_id, bands, day, unnest(bands) AS band, generate_subscripts(bands, 1) AS place FROM fresh
), b AS (
    SELECT article_id, bands, day, unnest(bands) AS band, generate_subscripts(bands, 1) AS place FROM near
), candidates AS (
    SELECT DISTINCT a.article_id AS one, b.article_id AS other, a.bands AS x, b.bands AS y
    FROM a JOIN b USING (place, band)
    WHERE a.article_id <> b.article_id AND b.day BETWEEN a.day - INTERVAL '{WINDOW}' AND a.day + INTERVAL '{WINDOW}'
)
SELECT DISTINCT one, other FROM candidates
WHERE list_sum(list_transform(list_zip(x, y), lambda pair:
    list_sum(list_transform([0, 8, 16, 24], lambda bits: (((xor(pair[1], pair[2]) >> bits) & 255) = 0)::INTEGER))
)) >= {THRESHOLD} * 4 * len(x)
"""  # fmt: skip

_PAIR = pa.schema([("article_id", pa.string()), ("story_id", pa.string())])


def link(connection: duckdb.DuckDBPyConnection) -> int:
    """Join the revisions in `temp.told`, and the articles in `temp.dissolved`, to the stories that they tell.

    Runs inside the caller's transaction. Returns how many articles changed their story.
    """
    pairs = connection.execute(PAIRS).fetchall()
    if not pairs:
        return 0
    articles = sorted({article for pair in pairs for article in pair})
    before = _stories(connection, articles)
    parent = {article: before.get(article, article) for article in articles}
    for story in set(before.values()):
        parent.setdefault(story, story)
    for one, other in pairs:
        _unite(parent, one, other)
    renamed = [(story, _root(parent, story)) for story in set(before.values()) if _root(parent, story) != story]
    added = [(article, _root(parent, article)) for article in articles if article not in before]
    if renamed:
        with _registered(connection, renamed) as name:
            connection.execute(
                f"UPDATE story SET story_id = new.story_id::UUID FROM {name} AS new WHERE story.story_id = new.article_id::UUID"
            )
    if added:
        with _registered(connection, added) as name:
            connection.execute(f"INSERT INTO story SELECT article_id::UUID, story_id::UUID FROM {name}")
    return len(renamed) + len(added)


def _stories(connection: duckdb.DuckDBPyConnection, articles: list[UUID]) -> dict[UUID, UUID]:
    with _registered(connection, [(article, article) for article in articles]) as name:
        return dict(
            connection.execute(
                f"SELECT article_id, story_id FROM story WHERE article_id IN (SELECT article_id::UUID FROM {name})"
            ).fetchall()
        )


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, pairs: list[tuple[UUID, UUID]]) -> Iterator[str]:
    columns = [[str(pair[place]) for pair in pairs] for place in (0, 1)]
    connection.register("story_pairs", pa.Table.from_arrays([pa.array(c) for c in columns], schema=_PAIR))
    try:
        yield "story_pairs"
    finally:
        connection.unregister("story_pairs")


def _root(parent: dict[UUID, UUID], item: UUID) -> UUID:
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item


def _unite(parent: dict[UUID, UUID], one: UUID, other: UUID) -> None:
    first, second = sorted((_root(parent, one), _root(parent, other)), key=str)
    parent[second] = first
