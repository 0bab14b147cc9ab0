-- Who may do what. The login roles of a database are members of these (see ledger/roles.py).

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'caseledger_append') THEN
        CREATE ROLE caseledger_append NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'caseledger_read') THEN
        CREATE ROLE caseledger_read NOLOGIN;
    END IF;
EXCEPTION
    -- Two databases of one cluster may be set up at the same moment; roles belong to the cluster.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

REVOKE ALL ON SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO caseledger_append, caseledger_read;

GRANT SELECT, INSERT ON ledger.event TO caseledger_append;
GRANT SELECT, INSERT ON ledger.vault TO caseledger_append;
GRANT SELECT, INSERT ON ledger.dead_letter TO caseledger_append;
GRANT UPDATE (count, last_seen) ON ledger.dead_letter TO caseledger_append;
GRANT SELECT ON ledger.setting TO caseledger_append, caseledger_read;

GRANT SELECT ON ledger.event TO caseledger_read;
