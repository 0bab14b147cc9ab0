-- The events in scope as they read now: corrected ones corrected, retracted ones gone.

-- all --
CREATE OR REPLACE TEMP VIEW reading AS
SELECT * EXCLUDE (data)
FROM trace
ANTI JOIN amendment USING (position)
UNION ALL BY NAME
SELECT * EXCLUDE (data, corrected, retracted)
FROM amendment
WHERE NOT retracted;

-- touched --
CREATE OR REPLACE TEMP TABLE reading AS
SELECT * EXCLUDE (data, corrected, retracted)
FROM amendment
WHERE NOT retracted
  AND (
      case_key IN (SELECT case_key FROM touched_case)
      OR subject_key IN (SELECT subject_key FROM touched_subject)
  );

-- touched_run --
INSERT INTO reading BY NAME
SELECT * EXCLUDE (data)
FROM trace
WHERE position BETWEEN ? AND ?
  AND position IN (FROM wanted)
  AND position NOT IN (SELECT position FROM amendment);

-- scope_all --
CREATE OR REPLACE TEMP VIEW case_reading AS
FROM reading
WHERE case_no IS NOT NULL;

CREATE OR REPLACE TEMP VIEW subject_reading AS
FROM reading;

-- scope_touched --
-- Two cases may share a key: here the names decide.
CREATE OR REPLACE TEMP VIEW case_reading AS
FROM reading
SEMI JOIN touched_case USING (case_key, case_no);

CREATE OR REPLACE TEMP VIEW subject_reading AS
FROM reading
SEMI JOIN touched_subject USING (subject_key, subject);
