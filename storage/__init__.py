"""What is kept: DuckDB and WARC. Every SQL string and every file format on disk."""
