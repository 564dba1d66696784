-- Polls and entries. An entry keeps the facts of its latest sighting and the time of its first. Of two sightings at the same moment
-- the greater row wins, so that it does not matter which of them comes in first.
INSERT INTO poll BY NAME FROM new_poll;

CREATE TEMP TABLE seen AS
SELECT * EXCLUDE (first_seen) REPLACE (first_seen AS first_seen_at) FROM (
    SELECT * REPLACE (entry_id::UUID AS entry_id, url_id::UUID AS url_id),
        min(first_seen_at) OVER (PARTITION BY entry_id) AS first_seen
    FROM new_entry
    QUALIFY row_number() OVER (
        PARTITION BY entry_id
        ORDER BY last_seen_at DESC, fingerprint DESC, url DESC, title DESC, summary DESC, published_raw DESC, guid DESC
    ) = 1
);

MERGE INTO entry USING seen USING (entry_id)
WHEN MATCHED AND seen.last_seen_at > entry.last_seen_at OR seen.last_seen_at = entry.last_seen_at AND seen.fingerprint > entry.fingerprint
THEN UPDATE SET
    source_id = seen.source_id, url = seen.url, url_id = seen.url_id, title = seen.title, summary = seen.summary, authors = seen.authors,
    published_at = seen.published_at, published_precision = seen.published_precision, published_raw = seen.published_raw,
    updated_at = seen.updated_at, language = seen.language, categories = seen.categories, origin = seen.origin,
    date_source = seen.date_source, fingerprint = seen.fingerprint, last_seen_at = seen.last_seen_at,
    first_seen_at = least(entry.first_seen_at, seen.first_seen_at)
WHEN MATCHED AND seen.first_seen_at < entry.first_seen_at THEN UPDATE SET first_seen_at = seen.first_seen_at
WHEN NOT MATCHED THEN INSERT BY NAME;
