-- Finding cases: those that the views' columns choose, then where each of them stands.

-- candidate --
-- Cases in order of their number. The limit applies where nothing but columns chooses.
CREATE OR REPLACE TEMP TABLE candidate AS
SELECT case_no, case_key
FROM case_dimension
WHERE case_no > $after
  AND ($item IS NULL OR item = $item)
  AND ($department IS NULL OR department = $department)
  AND ($officer IS NULL OR officer = $officer)
  AND ($received_from IS NULL OR received >= make_timestamptz($received_from))
  AND ($received_to IS NULL OR received < make_timestamptz($received_to))
  AND ($number IS NULL OR contains(case_no, $number))
ORDER BY case_no
LIMIT $limit;

-- standing --
-- One row a candidate: the status of its present round, by the rules of the case itself. Only its
-- own events count, not those of others that name it, corrected where they are. Of case.received
-- once in a case, of case.accepted, decision.made and case.closed once in a round, the one recorded
-- first is effective, chosen among all events known; as_of hides afterwards. A start of a special
-- procedure goes with the end of the same number and rank. Overdue: open, no special procedure open,
-- and the last due date that a source reported has passed; NULL where none was reported.
CREATE OR REPLACE TEMP TABLE standing AS
WITH told AS (
    SELECT position, subject, type, time, procedure, result, data
    FROM trace
    ANTI JOIN amendment USING (position)
    WHERE subject_key IN (SELECT case_key FROM candidate)
    UNION ALL
    SELECT position, subject, type, time, procedure, result, data
    FROM amendment
    WHERE NOT retracted
      AND subject_key IN (SELECT case_key FROM candidate)
),
placed AS (
    SELECT
        * EXCLUDE (subject, data),
        subject AS case_no,
        count(*) FILTER (WHERE type = 'case.reopened') OVER (
            PARTITION BY subject ORDER BY position
        ) AS spell,
        CASE WHEN type IN ('clock.suspended', 'clock.resumed') THEN data ->> '$.seq' END AS seq,
        CASE WHEN type IN ('case.received', 'case.accepted') THEN
            data ->> '$.limits.promised_due'
        END AS promised_due
    FROM told
    WHERE subject IN (SELECT case_no FROM candidate)
),
own AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY case_no, type, CASE WHEN type <> 'case.received' THEN spell END
            ORDER BY position
        ) = 1 AS effective
    FROM placed
    QUALIFY getvariable('as_of') IS NULL
        OR time <= getvariable('as_of')
        OR type IN ('record.corrected', 'record.retracted')
),
present AS (
    SELECT
        case_no,
        coalesce(max(spell) FILTER (WHERE type = 'case.reopened'), 0) AS round,
        coalesce(max(position) FILTER (WHERE type = 'case.reopened'), 0) AS reopened
    FROM own
    GROUP BY case_no
),
ranked AS (
    SELECT
        case_no,
        type,
        seq,
        position,
        row_number() OVER (PARTITION BY case_no, type, seq ORDER BY position) AS rank
    FROM own
    WHERE type IN ('clock.suspended', 'clock.resumed')
),
suspended AS (
    SELECT DISTINCT started.case_no
    FROM ranked AS started
    JOIN present USING (case_no)
    LEFT JOIN ranked AS ended
        ON ended.case_no = started.case_no
        AND ended.type = 'clock.resumed'
        AND ended.seq IS NOT DISTINCT FROM started.seq
        AND ended.rank = started.rank
    WHERE started.type = 'clock.suspended'
      AND started.position > present.reopened
      AND ended.position IS NULL
),
summary AS (
    SELECT
        own.case_no,
        bool_or(procedure) AS in_procedure,
        arg_max(type, {'time': time, 'position': position}) FILTER (
            WHERE (own.spell = present.round)
              AND (
                  (effective AND type = 'case.closed')
                  OR type IN ('case.declined', 'case.withdrawn', 'case.voided')
              )
        ) AS ending,
        any_value(result) FILTER (
            WHERE effective AND type = 'case.closed' AND own.spell = present.round
        ) AS result,
        bool_or(effective AND type = 'decision.made' AND own.spell = present.round) AS decided,
        bool_or(effective AND type = 'case.accepted') AS accepted,
        arg_max(type, {'time': time, 'position': position}) FILTER (
            WHERE type IN ('correction.requested', 'correction.received')
        ) AS materials,
        arg_max(promised_due, {'time': time, 'position': position})
            FILTER (WHERE promised_due IS NOT NULL) AS promised_due,
        max(position) AS position
    FROM own
    JOIN present USING (case_no)
    GROUP BY own.case_no
),
judged AS (
    SELECT
        *,
        CASE
            WHEN NOT coalesce(in_procedure, FALSE) THEN NULL
            WHEN ending = 'case.closed' THEN 'closed'
            WHEN ending IS NOT NULL THEN split_part(ending, '.', 2)
            WHEN decided THEN 'decided'
            WHEN case_no IN (FROM suspended) THEN 'suspended'
            WHEN accepted THEN 'accepted'
            WHEN materials = 'correction.requested' THEN 'correcting'
            ELSE 'received'
        END AS status,
        -- A due that is a date lasts to the end of that day.
        CASE
            WHEN length(promised_due) = 10
                THEN CAST(TRY_CAST(promised_due AS DATE) + 1 AS TIMESTAMP)
                    AT TIME ZONE 'Asia/Shanghai'
            ELSE TRY_CAST(promised_due AS TIMESTAMPTZ)
        END AS due
    FROM summary
)
SELECT
    case_no,
    status,
    result,
    promised_due,
    position,
    CASE
        WHEN due IS NOT NULL
            THEN due <= make_timestamptz($at)
                AND status IN ('received', 'correcting', 'accepted')
    END AS overdue
FROM judged;

-- found --
-- The page, in order.
SELECT
    dimension.case_no AS "case",
    dimension.item,
    dimension.item_version,
    dimension.kind,
    standing.status,
    dimension.department,
    dimension.officer,
    dimension.channel,
    dimension.source,
    epoch_us(dimension.received) AS received,
    epoch_us(dimension.accepted_reported) AS accepted_reported,
    standing.result,
    standing.promised_due AS promised_due_reported,
    standing.overdue AS overdue_reported,
    dimension.test
FROM candidate
JOIN case_dimension AS dimension USING (case_key, case_no)
LEFT JOIN standing USING (case_no)
WHERE ($status IS NULL OR standing.status = $status)
  AND ($overdue IS NULL OR standing.overdue = $overdue)
ORDER BY dimension.case_no
LIMIT $limit;
