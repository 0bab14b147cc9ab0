-- One row a case: whether it could be rated and how it was.

-- table --
CREATE TABLE IF NOT EXISTS satisfaction (
    case_no VARCHAR NOT NULL,          -- unified case number
    case_key INTEGER NOT NULL,         -- key_of(case_no)
    closed TIMESTAMPTZ,                -- effective closing, not reopened since; NULL = not closed
    closed_day DATE,                   -- its date in Asia/Shanghai
    ratable BOOLEAN NOT NULL,          -- closed, not voided or deleted
    rated BOOLEAN NOT NULL,            -- a rating of the first round, by any channel
    level INTEGER,                     -- of the first one of the first round that is no default
    rated_at TIMESTAMPTZ,              -- when that one was given
    voided BOOLEAN NOT NULL,           -- that one was found void
    rectified_day DATE,                -- first date on which it was fixed or explained
    rectification_due DATE             -- last date for that: the 15th working day after it
);

-- forget --
DELETE FROM satisfaction
WHERE case_key IN (SELECT case_key FROM touched_case)
  AND case_no IN (SELECT case_no FROM touched_case);

-- fill --
INSERT INTO satisfaction BY NAME
WITH summary AS (
    SELECT
        case_no,
        case_key,
        arg_max({'time': time, 'day': day, 'result': result, 'spell': spell}, spell)
            FILTER (WHERE effective AND type = 'case.closed') AS closing,
        coalesce(max(spell) FILTER (WHERE type = 'case.reopened'), 0) AS last_spell,
        bool_or(type = 'case.voided') AS case_voided,
        bool_or(type = 'rating.submitted' AND coalesce(round, 'first') = 'first') AS rated,
        arg_min(
            {'source': source, 'id': id, 'level': level, 'time': time, 'day': day},
            {'time': time, 'position': position}
        ) FILTER (
            WHERE type = 'rating.submitted'
              AND coalesce(round, 'first') = 'first'
              AND channel IS DISTINCT FROM 'default'
              AND level BETWEEN 1 AND 5
        ) AS rating
    FROM case_fact
    GROUP BY case_no, case_key
),
rectified AS (
    SELECT
        case_no,
        case_key,
        ref_source,
        ref_id,
        bool_or(outcome = 'voided') AS voided,
        min(day) FILTER (WHERE outcome IN ('fixed', 'explained')) AS rectified_day
    FROM case_fact
    WHERE type = 'rating.rectified'
    GROUP BY case_no, case_key, ref_source, ref_id
),
status AS (
    SELECT
        *,
        CASE WHEN closing.spell = last_spell THEN closing END AS standing
    FROM summary
)
SELECT
    status.case_no,
    status.case_key,
    standing.time AS closed,
    standing.day AS closed_day,
    standing IS NOT NULL
        AND standing.result IS DISTINCT FROM 'voided'
        AND standing.result IS DISTINCT FROM 'deleted'
        AND NOT case_voided AS ratable,
    rated,
    rating.level AS level,
    rating.time AS rated_at,
    coalesce(voided, FALSE) AS voided,
    rectified_day,
    later_15 AS rectification_due
FROM status
LEFT JOIN rectified
    ON rectified.case_key = status.case_key
    AND rectified.case_no = status.case_no
    AND ref_source = rating.source
    AND ref_id = rating.id
LEFT JOIN calendar ON calendar.day = rating.day;
