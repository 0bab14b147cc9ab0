-- What the statements of the views are made over.

-- effective_fact --
-- The events of the cases in scope. A spell is the stretch of a case up to its next reopening, in
-- the order of recording. Of case.received once in a case, of case.accepted, decision.made and
-- case.closed once in a spell, the one recorded first is effective, chosen among all events known;
-- as_of hides afterwards. It hides no correction and no retraction.
CREATE OR REPLACE TEMP VIEW effective_fact AS
WITH turning AS (
    SELECT
        *,
        count(*) FILTER (WHERE type = 'case.reopened') OVER (
            PARTITION BY case_key, case_no ORDER BY position
        ) AS spell
    FROM case_reading
    WHERE type IN (
        'case.received', 'case.accepted', 'decision.made', 'case.closed', 'case.reopened',
        'case.declined', 'case.withdrawn', 'case.voided'
    )
),
known AS (
    SELECT *, NULL AS spell, NULL AS effective
    FROM case_reading
    WHERE type NOT IN (
        'case.received', 'case.accepted', 'decision.made', 'case.closed', 'case.reopened',
        'case.declined', 'case.withdrawn', 'case.voided'
    )
    UNION ALL BY NAME
    SELECT
        *,
        row_number() OVER (
            PARTITION BY
                case_key, case_no, type, CASE WHEN type <> 'case.received' THEN spell END
            ORDER BY position
        ) = 1 AS effective
    FROM turning
)
FROM known
WHERE getvariable('as_of') IS NULL
   OR time <= getvariable('as_of')
   OR type IN ('record.corrected', 'record.retracted');

-- all --
CREATE OR REPLACE TEMP VIEW case_fact AS
FROM effective_fact;

-- touched --
-- Few rows, which every view reads: made once.
CREATE OR REPLACE TEMP TABLE case_fact AS
FROM effective_fact;

-- subject_fact --
-- The events of the subjects in scope, of the families that stand in a view by themselves.
CREATE OR REPLACE TEMP VIEW subject_fact AS
FROM subject_reading
WHERE split_part(type, '.', 1) IN ('item', 'source', 'inquiry', 'complaint')
  AND (getvariable('as_of') IS NULL OR time <= getvariable('as_of'));
