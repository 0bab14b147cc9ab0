-- keep --
-- The envelopes and the data of the trace, to be flattened anew.
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT
    position, version, subject, source, id, type, time, recordedat, schemaversion,
    CAST(data AS VARCHAR) AS data
FROM trace
ORDER BY position;
