-- The events under the names that the eventsourcing library reads them by.

CREATE VIEW ledger.stored_event AS
SELECT
    subject AS originator_id,
    version AS originator_version,
    type AS topic,
    bytes AS state,
    position AS notification_id
FROM ledger.event;

COMMENT ON VIEW ledger.stored_event IS 'ledger.event in the words of the eventsourcing library';

GRANT SELECT ON ledger.stored_event TO caseledger_append, caseledger_read;
