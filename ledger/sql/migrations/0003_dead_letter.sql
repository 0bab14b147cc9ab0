-- What was refused, and why: one row per (source, id, content), with a count.

CREATE TABLE ledger.dead_letter (
    letter uuid NOT NULL,
    source text,
    id text,
    status text NOT NULL,
    reasons jsonb NOT NULL,
    sealed bytea NOT NULL,
    size integer NOT NULL,
    count bigint NOT NULL DEFAULT 1,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    CONSTRAINT dead_letter_key PRIMARY KEY (letter),
    CONSTRAINT dead_letter_status_check CHECK (status IN ('rejected', 'conflict'))
);

CREATE INDEX dead_letter_last_seen ON ledger.dead_letter (last_seen);

COMMENT ON TABLE ledger.dead_letter IS 'events that were not taken in; nothing that was sent is lost';
COMMENT ON COLUMN ledger.dead_letter.letter IS 'keyed hash of source, id and content';
COMMENT ON COLUMN ledger.dead_letter.source IS 'the source that the letter names, where it can be read';
COMMENT ON COLUMN ledger.dead_letter.id IS 'the id that the letter names, where it can be read';
COMMENT ON COLUMN ledger.dead_letter.status IS 'rejected, or conflict with an event under the same source and id';
COMMENT ON COLUMN ledger.dead_letter.reasons IS 'faults: path, expected, found; never a personal value';
COMMENT ON COLUMN ledger.dead_letter.sealed IS 'nonce and AES-256-GCM ciphertext of the bytes as received';
COMMENT ON COLUMN ledger.dead_letter.size IS 'number of bytes as received';
COMMENT ON COLUMN ledger.dead_letter.count IS 'how often it came';
COMMENT ON COLUMN ledger.dead_letter.first_seen IS 'when it first came';
COMMENT ON COLUMN ledger.dead_letter.last_seen IS 'when it last came';
