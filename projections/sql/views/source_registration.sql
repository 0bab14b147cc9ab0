-- One row a registration of a source.

-- table --
CREATE TABLE IF NOT EXISTS source_registration (
    subject VARCHAR NOT NULL,         -- source/...
    subject_key INTEGER NOT NULL,     -- key_of(subject)
    position BIGINT NOT NULL,         -- of source.registered
    source VARCHAR NOT NULL,          -- the source registered
    registered TIMESTAMPTZ NOT NULL,  -- when
    area VARCHAR                      -- its area
);

-- forget --
DELETE FROM source_registration
WHERE subject_key IN (SELECT subject_key FROM touched_subject)
  AND subject IN (SELECT subject FROM touched_subject);

-- fill --
INSERT INTO source_registration BY NAME
SELECT
    subject,
    subject_key,
    position,
    named_source AS source,
    time AS registered,
    area
FROM subject_fact
WHERE type = 'source.registered'
  AND named_source IS NOT NULL;
