-- One row a call to the hotline, and what became of it.

-- table --
CREATE TABLE IF NOT EXISTS inquiry (
    subject VARCHAR NOT NULL,      -- usually call/...
    subject_key INTEGER NOT NULL,  -- key_of(subject)
    position BIGINT NOT NULL,      -- of inquiry.logged
    case_no VARCHAR,               -- the case that it names
    case_key INTEGER,              -- key_of(case_no)
    kind VARCHAR,                  -- consult, complaint, help
    source VARCHAR NOT NULL,       -- source of inquiry.logged
    logged TIMESTAMPTZ NOT NULL,   -- when the call came
    logged_day DATE NOT NULL,      -- its date in Asia/Shanghai
    test BOOLEAN NOT NULL,         -- marked as a test
    dispatched BOOLEAN NOT NULL,   -- sent on to another office
    direct BOOLEAN NOT NULL,       -- closed as handled directly, never sent on
    closed TIMESTAMPTZ             -- first inquiry.closed that answers it
);

-- forget --
DELETE FROM inquiry
WHERE subject_key IN (SELECT subject_key FROM touched_subject)
  AND subject IN (SELECT subject FROM touched_subject);

-- fill --
-- A dispatch without a reference belongs to the last call of its subject before it.
INSERT INTO inquiry BY NAME
WITH logged AS (
    SELECT *
    FROM subject_fact
    WHERE type = 'inquiry.logged'
),
answer AS (
    SELECT
        answer.type,
        answer.time,
        answer.position,
        answer.handling,
        CASE
            WHEN answer.ref_id IS NOT NULL
                THEN min(logged.position) FILTER (
                    WHERE logged.source = answer.ref_source AND logged.id = answer.ref_id
                )
            ELSE coalesce(
                arg_max(logged.position, {'time': logged.time, 'position': logged.position})
                    FILTER (
                        WHERE logged.time < answer.time
                           OR (logged.time = answer.time AND logged.position < answer.position)
                    ),
                arg_min(logged.position, {'time': logged.time, 'position': logged.position})
            )
        END AS logged_position
    FROM subject_fact AS answer
    JOIN logged
        ON logged.subject_key = answer.subject_key
        AND logged.subject = answer.subject
    WHERE answer.type IN ('inquiry.dispatched', 'inquiry.closed')
    GROUP BY answer.type, answer.time, answer.position, answer.handling, answer.ref_id
),
handled AS (
    SELECT
        logged_position,
        bool_or(type = 'inquiry.dispatched' OR handling = 'dispatched') AS dispatched,
        min(time) FILTER (WHERE type = 'inquiry.closed') AS closed,
        arg_min(handling, {'time': time, 'position': position})
            FILTER (WHERE type = 'inquiry.closed') AS handling
    FROM answer
    GROUP BY logged_position
)
SELECT
    subject,
    subject_key,
    position,
    case_no,
    case_key,
    kind,
    source,
    time AS logged,
    day AS logged_day,
    test,
    coalesce(dispatched, FALSE) AS dispatched,
    coalesce(handled.handling = 'direct' AND NOT dispatched, FALSE) AS direct,
    closed
FROM logged
LEFT JOIN handled ON handled.logged_position = logged.position;
