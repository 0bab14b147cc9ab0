-- What is fixed at the ledger's first start.

CREATE TABLE ledger.setting (
    name text NOT NULL,
    value text NOT NULL,
    CONSTRAINT setting_name_key PRIMARY KEY (name)
);

COMMENT ON TABLE ledger.setting IS 'facts fixed at the first start: written once, never changed';
