-- The events of the subjects that hold corrections: as they were sent, and what reads differently.

-- table --
CREATE OR REPLACE TEMP TABLE original AS
SELECT
    position, version, subject, source, id, type, time, recordedat, schemaversion, data, case_no,
    case_key
FROM trace
LIMIT 0;

-- fill_run --
INSERT INTO original BY NAME
SELECT
    position, version, subject, source, id, type, time, recordedat, schemaversion, data, case_no,
    case_key
FROM trace
WHERE position BETWEEN ? AND ?
  AND position IN (FROM wanted)
  AND subject IN (SELECT subject FROM restated_subject);

-- fill_all --
INSERT INTO original BY NAME
SELECT
    position, version, subject, source, id, type, time, recordedat, schemaversion, data, case_no,
    case_key
FROM trace
WHERE subject IN (SELECT subject FROM restated_subject);

-- all_subjects --
CREATE OR REPLACE TEMP TABLE restated_subject AS
FROM amended_subject;

-- find_amended --
INSERT INTO amended_subject
SELECT DISTINCT subject, subject_key
FROM trace
WHERE type IN ('record.corrected', 'record.retracted');

-- read --
SELECT
    position, version, subject, source, id, type, epoch_us(time) AS time,
    epoch_us(recordedat) AS recordedat, schemaversion, CAST(data AS VARCHAR) AS data
FROM original
ORDER BY subject, position;

-- forget --
DELETE FROM amendment
WHERE subject IN (SELECT subject FROM restated_subject);

-- arriving --
-- The events that read differently, with the time and data that hold.
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT
    original.position,
    original.version,
    original.subject,
    original.source,
    original.id,
    original.type,
    make_timestamptz(restated.time) AS time,
    original.recordedat,
    original.schemaversion,
    restated.data
FROM original
JOIN restated ON restated.position = original.position
ORDER BY original.position;

-- insert --
INSERT INTO amendment BY NAME
SELECT flat.*, restated.corrected, restated.retracted
FROM flattened AS flat
JOIN restated ON restated.position = flat.position;
