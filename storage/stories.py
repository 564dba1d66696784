"""Articles that are the same story in nearly the same words, found by the bands of their MinHash.

A band packs four minima of eight bits. Two texts are compared when they share a band and were published within
`WINDOW`; the share of equal minima then estimates their Jaccard similarity (b-bit minwise hashing, Li and König 2010).
Groups are named by their least article id, so they come out the same in whatever order articles arrive.
"""

from uuid import UUID

import duckdb

WINDOW = "14 days"
THRESHOLD = 0.5  # edited reprints are above 0.6, different stories below 0.1

PAIRS = f"""
WITH fresh AS (
    SELECT article_id, bands, coalesce(published_at, captured_at) AS day
    FROM revision SEMI JOIN temp.told USING (revision_id) WHERE len(bands) > 0
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
WHERE list_sum(list_transform(list_zip(x, y), pair ->
    list_sum(list_transform([0, 8, 16, 24], bits -> (((xor(pair[1], pair[2]) >> bits) & 255) = 0)::INTEGER))
)) >= {THRESHOLD} * 4 * len(x)
"""  # fmt: skip


def link(connection: duckdb.DuckDBPyConnection) -> int:
    """Join the revisions in `temp.told` to the stories that they tell, inside the caller's transaction.

    Return how many articles changed their story.
    """
    pairs = connection.execute(PAIRS).fetchall()
    if not pairs:
        return 0
    articles = sorted({article for pair in pairs for article in pair})
    before = dict(
        connection.execute(
            "SELECT article_id, story_id FROM story WHERE list_contains(?, article_id)", [articles]
        ).fetchall()
    )
    parent = {article: before.get(article, article) for article in articles}
    for story in set(before.values()):
        parent.setdefault(story, story)
    for one, other in pairs:
        _unite(parent, one, other)
    renamed = [(story, _root(parent, story)) for story in set(before.values()) if _root(parent, story) != story]
    for old, new in renamed:
        connection.execute("UPDATE story SET story_id = ? WHERE story_id = ?", [new, old])
    added = [(article, _root(parent, article)) for article in articles if article not in before]
    if added:
        connection.executemany("INSERT INTO story VALUES (?, ?)", added)
    return len(renamed) + len(added)


def _root(parent: dict[UUID, UUID], item: UUID) -> UUID:
    while parent[item] != item:
        item = parent[item]
    return item


def _unite(parent: dict[UUID, UUID], one: UUID, other: UUID) -> None:
    first, second = sorted((_root(parent, one), _root(parent, other)), key=str)
    parent[second] = first
