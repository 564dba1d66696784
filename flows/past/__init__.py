"""The past: where URLs of the past come from, and how a backfill job walks through them. No Prefect here."""
