-- The envelopes of a batch of stored events. `fault` says what is wrong with one that cannot be
-- read; the batch is then not taken.

CREATE OR REPLACE TEMP TABLE arriving AS
WITH parsed AS (
    SELECT
        position,
        TRY(json_transform(
            decode(bytes),
            '{"position": "BIGINT", "version": "BIGINT", "subject": "VARCHAR", "source": "VARCHAR",
              "id": "VARCHAR", "type": "VARCHAR", "time": "VARCHAR", "recordedat": "VARCHAR",
              "schemaversion": "INTEGER", "data": "JSON"}'
        )) AS event
    FROM batch
)
SELECT
    position,
    event.version AS version,
    event.subject AS subject,
    event.source AS source,
    event.id AS id,
    event.type AS type,
    TRY_CAST(upper(event.time) AS TIMESTAMPTZ) AS time,
    TRY_CAST(event.recordedat AS TIMESTAMPTZ) AS recordedat,
    event.schemaversion AS schemaversion,
    coalesce(event.data, '{}') AS data,
    CASE
        WHEN event IS NULL THEN 'bytes that are no JSON object in UTF-8'
        WHEN event.position IS DISTINCT FROM position THEN
            'another position in the bytes: ' || coalesce(CAST(event.position AS VARCHAR), 'none')
        WHEN event.version IS NULL THEN 'no version'
        WHEN event.subject IS NULL THEN 'no subject'
        WHEN event.source IS NULL THEN 'no source'
        WHEN event.id IS NULL THEN 'no id'
        WHEN event.type IS NULL THEN 'no type'
        WHEN TRY_CAST(upper(event.time) AS TIMESTAMPTZ) IS NULL THEN 'no time'
        WHEN TRY_CAST(event.recordedat AS TIMESTAMPTZ) IS NULL THEN 'no recordedat'
        WHEN event.schemaversion IS NULL THEN 'no schemaversion'
        WHEN json_type(event.data) <> 'OBJECT' THEN 'data that is no object'
    END AS fault
FROM parsed;
