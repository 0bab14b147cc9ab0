-- What is fixed at the ledger's first start.

CREATE TABLE ledger.setting (
    name text NOT NULL,
    value text NOT NULL,
    CONSTRAINT setting_name_key PRIMARY KEY (name)
);

COMMENT ON TABLE ledger.setting IS 'facts fixed at the first start: written once, never changed';
COMMENT ON COLUMN ledger.setting.name IS 'name of the fact';
COMMENT ON COLUMN ledger.setting.value IS 'the fact, as text';
