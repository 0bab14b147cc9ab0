-- The ledger's table of events. Append-only is a privilege: see 0005_privileges.sql.

CREATE TABLE ledger.event (
    position bigint NOT NULL,
    subject text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    identity uuid NOT NULL,
    content bytea NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT event_position_key PRIMARY KEY (position),
    CONSTRAINT event_subject_version_key UNIQUE (subject, version),
    CONSTRAINT event_identity_key UNIQUE (identity),
    CONSTRAINT event_position_check CHECK (position > 0)
) WITH (
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.02
);

-- Stored bytes are read by people and other programs: never compressed.
ALTER TABLE ledger.event ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE ledger.event IS 'Every event ever taken in, one row each; rows are never changed';
COMMENT ON COLUMN ledger.event.position IS '1, 2, 3 ... without a gap, in order of commit';
COMMENT ON COLUMN ledger.event.subject IS 'unified case number, item code, or prefixed subject such as ticket/...';
COMMENT ON COLUMN ledger.event.version IS '1, 2, 3 ... within the subject';
COMMENT ON COLUMN ledger.event.type IS 'stable event type such as case.accepted';
COMMENT ON COLUMN ledger.event.identity IS 'keyed hash of source and id: unique for ever';
COMMENT ON COLUMN ledger.event.content IS 'HMAC-SHA-256 of the canonical bytes as received: tells a duplicate from a conflict';
COMMENT ON COLUMN ledger.event.bytes IS 'the stored event: canonical JSON (RFC 8785), UTF-8, at most 65,535 bytes';
