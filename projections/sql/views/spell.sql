-- One row a stretch in which a case is open: from its receipt or a reopening to its end.

-- table --
CREATE TABLE IF NOT EXISTS spell (
    case_no VARCHAR NOT NULL,     -- unified case number
    case_key INTEGER NOT NULL,    -- key_of(case_no)
    spell BIGINT NOT NULL,        -- 0 = the first, 1 = after the first reopening of an ended case
    opening VARCHAR NOT NULL,     -- received, reopened, or assumed: the first event, no receipt
    opened TIMESTAMPTZ NOT NULL,  -- when it began
    opened_day DATE NOT NULL,     -- its date in Asia/Shanghai
    ended TIMESTAMPTZ,            -- effective closing, else withdrawal, voiding or refusal
    ended_day DATE,               -- its date in Asia/Shanghai
    result VARCHAR,               -- how it ended
    finished BOOLEAN NOT NULL     -- ended by case.closed with a result that counts as finished
);

-- forget --
DELETE FROM spell
WHERE case_key IN (SELECT case_key FROM touched_case)
  AND case_no IN (SELECT case_no FROM touched_case);

-- fill --
-- A reopening of a case that had not ended opens nothing: its stretch goes on.
INSERT INTO spell BY NAME
WITH piece AS (
    SELECT
        case_no,
        case_key,
        coalesce(spell, 0) AS piece,
        min({'time': time, 'day': day}) FILTER (WHERE procedure) AS started,
        min({'time': time, 'day': day}) FILTER (WHERE effective AND type = 'case.received')
            AS received,
        min({'time': time, 'day': day}) FILTER (WHERE type = 'case.reopened') AS reopened,
        min({'time': time, 'day': day, 'result': result, 'finished': coalesce(result, '') IN (
            'issued', 'completed', 'refused', 'forwarded', 'returned', 'gap_expired', 'other'
        )}) FILTER (WHERE effective AND type = 'case.closed') AS closing,
        min({
            'time': time, 'day': day, 'result': split_part(type, '.', 2), 'finished': FALSE
        }) FILTER (WHERE type IN ('case.withdrawn', 'case.voided', 'case.declined')) AS ending
    FROM case_fact
    GROUP BY ALL
),
joined AS (
    SELECT
        *,
        count(coalesce(closing, ending)) OVER (
            PARTITION BY case_key, case_no ORDER BY piece
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS spell,
        min(received) OVER (PARTITION BY case_key, case_no) AS case_received,
        min(started) OVER (PARTITION BY case_key, case_no) AS case_started
    FROM piece
),
stretch AS (
    SELECT
        case_no,
        case_key,
        spell,
        CASE
            WHEN spell > 0 THEN arg_min(reopened, piece)
            ELSE coalesce(any_value(case_received), any_value(case_started))
        END AS opened,
        CASE
            WHEN spell > 0 THEN 'reopened'
            WHEN any_value(case_received) IS NULL THEN 'assumed'
            ELSE 'received'
        END AS opening,
        arg_max(coalesce(closing, ending), piece) AS ended
    FROM joined
    GROUP BY case_no, case_key, spell
)
SELECT
    case_no,
    case_key,
    spell,
    opening,
    opened.time AS opened,
    opened.day AS opened_day,
    ended.time AS ended,
    ended.day AS ended_day,
    CASE WHEN ended IS NOT NULL THEN coalesce(ended.result, 'other') END AS result,
    coalesce(ended.finished, FALSE) AS finished
FROM stretch
WHERE opened IS NOT NULL;
