-- The last position; 0 where the ledger is empty.

SELECT coalesce(max(position), 0) FROM ledger.event
