-- Which migrations a database has: the one object that exists before the first of them.

CREATE SCHEMA IF NOT EXISTS ledger;

CREATE TABLE IF NOT EXISTS ledger.migration (
    number integer NOT NULL,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT migration_number_key PRIMARY KEY (number)
);

COMMENT ON TABLE ledger.migration IS 'migrations applied to this database, by number';
COMMENT ON COLUMN ledger.migration.number IS '1, 2, 3 ... without a gap';
COMMENT ON COLUMN ledger.migration.name IS 'name of the file, without its number';
COMMENT ON COLUMN ledger.migration.applied_at IS 'when it was applied to this database';
