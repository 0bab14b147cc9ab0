-- Keys that seal personal data, one a person (or case, where no person is known), wrapped by a
-- master key that is kept outside the database.

CREATE TABLE ledger.vault (
    key_id text NOT NULL,
    owner text NOT NULL,
    class text NOT NULL,
    wrapped bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    CONSTRAINT vault_key_id_key PRIMARY KEY (key_id),
    CONSTRAINT vault_class_check CHECK (class IN ('person', 'organisation', 'case', 'protected')),
    CONSTRAINT vault_erased_check CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);

CREATE UNIQUE INDEX vault_owner_key ON ledger.vault (owner) WHERE wrapped IS NOT NULL;

COMMENT ON TABLE ledger.vault IS 'wrapped keys of sealed values; a key without its wrapped form is erased for ever';
COMMENT ON COLUMN ledger.vault.key_id IS 'random name of the key, as it stands in sealed values';
COMMENT ON COLUMN ledger.vault.owner IS 'keyed pseudonym of the person, or the case: whose data the key seals';
COMMENT ON COLUMN ledger.vault.class IS 'person, organisation (readable by inspectors), case, protected (complainants, raters)';
COMMENT ON COLUMN ledger.vault.wrapped IS 'nonce and AES-256-GCM ciphertext of the key under the master key';
COMMENT ON COLUMN ledger.vault.created_at IS 'when the key was first needed';
COMMENT ON COLUMN ledger.vault.erased_at IS 'when the key was erased for ever; NULL while it lives';
