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
COMMENT ON COLUMN ledger.stored_event.originator_id IS 'subject of the event';
COMMENT ON COLUMN ledger.stored_event.originator_version IS 'version within the subject';
COMMENT ON COLUMN ledger.stored_event.topic IS 'stable event type';
COMMENT ON COLUMN ledger.stored_event.state IS 'the stored bytes';
COMMENT ON COLUMN ledger.stored_event.notification_id IS 'position';

GRANT SELECT ON ledger.stored_event TO caseledger_append, caseledger_read;
