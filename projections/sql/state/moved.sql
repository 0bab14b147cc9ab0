-- The projected position after the events in the trace, in the transaction that put them there.

UPDATE projected
SET
    position = ?,
    recordedat = (SELECT recordedat FROM trace WHERE position = ?);
