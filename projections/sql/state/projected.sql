-- One row: how far every table has taken the ledger in.

CREATE TABLE IF NOT EXISTS projected (
    position BIGINT NOT NULL,  -- everything up to here, nothing beyond
    recordedat TIMESTAMPTZ     -- recordedat of that event; NULL at position 0
);

INSERT INTO projected
SELECT 0, NULL
WHERE NOT EXISTS (FROM projected);
