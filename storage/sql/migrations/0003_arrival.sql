-- When a segment came into this corpus: what was collected long before may come late. It says nothing of the world, so two corpora with
-- different arrivals are the same corpus; only who asks for what is new since a time needs it.
CREATE TABLE arrival (segment VARCHAR, arrived_at TIMESTAMPTZ);
