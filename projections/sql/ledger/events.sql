-- The stored events after one position up to another, in order.

SELECT position, bytes
FROM ledger.event
WHERE position > $1
  AND position <= $2
ORDER BY position
