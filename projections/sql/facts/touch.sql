-- What a batch touches: the cases and subjects whose rows have to be made anew.

-- arrived --
-- The rows that the batch adds to the trace.
CREATE OR REPLACE TEMP TABLE arrived AS
FROM flattened;

-- insert --
INSERT INTO trace BY NAME FROM arrived;

-- remember_amended --
INSERT INTO amended_subject
SELECT DISTINCT subject, subject_key
FROM arrived
WHERE type IN ('record.corrected', 'record.retracted')
ON CONFLICT DO NOTHING;

-- restated_subject --
-- The touched subjects whose events have to be read anew.
CREATE OR REPLACE TEMP TABLE restated_subject AS
SELECT DISTINCT subject, subject_key
FROM arrived
SEMI JOIN amended_subject USING (subject);

-- touched_subject --
-- Subjects of events that stand in a view by themselves, not only in that of their case.
CREATE OR REPLACE TEMP TABLE touched_subject AS
SELECT DISTINCT subject, subject_key
FROM arrived
WHERE split_part(type, '.', 1) IN ('item', 'source', 'inquiry', 'complaint')
UNION
SELECT subject, subject_key
FROM restated_subject;

-- touched_case --
-- The amendments are asked twice: before the subjects are read anew (cases that an event leaves)
-- and after (cases that it joins).
CREATE OR REPLACE TEMP TABLE touched_case AS
SELECT DISTINCT case_no, case_key
FROM arrived
WHERE case_no IS NOT NULL
UNION
SELECT case_no, case_key
FROM amendment
SEMI JOIN restated_subject USING (subject)
WHERE case_no IS NOT NULL;

-- touched_case_after --
INSERT INTO touched_case
SELECT case_no, case_key
FROM (
    SELECT case_no, case_key FROM amendment SEMI JOIN restated_subject USING (subject)
    UNION
    SELECT case_no, case_key FROM original
)
WHERE case_no IS NOT NULL
EXCEPT
FROM touched_case;

-- wanted_restated --
-- Positions of the events that have to be read anew.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT position
FROM trace
SEMI JOIN restated_subject USING (subject_key);

-- wanted_touched --
-- Positions of the events of what is touched; keys only, so one narrow column is read.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT position
FROM trace
SEMI JOIN touched_case USING (case_key);

-- wanted_touched_subjects --
INSERT INTO wanted
SELECT position
FROM trace
SEMI JOIN touched_subject USING (subject_key)
EXCEPT
FROM wanted;

-- runs --
-- The stretches of the trace in which wanted events lie: runs of neighbouring row groups.
SELECT min(block) * 122880, max(block) * 122880 + 122879
FROM (
    SELECT block, block - row_number() OVER (ORDER BY block) AS island
    FROM (SELECT DISTINCT position // 122880 AS block FROM wanted)
)
GROUP BY island
ORDER BY 1;
