-- The last position that is looked at, and its recordedat in microseconds since 1970.

SELECT
    least(projected.position, bound.position) AS position,
    CASE
        WHEN bound.position < projected.position THEN (
            SELECT epoch_us(recordedat)
            FROM read_model.main.trace AS trace
            WHERE trace.position = bound.position
        )
        ELSE epoch_us(projected.recordedat)
    END AS recordedat
FROM projected
CROSS JOIN (SELECT CAST(? AS BIGINT) AS position) AS bound;
