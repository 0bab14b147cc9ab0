-- One row a case: how its procedure went, as far as the events tell.

-- table --
CREATE TABLE IF NOT EXISTS traceability (
    case_no VARCHAR NOT NULL,           -- unified case number
    case_key INTEGER NOT NULL,          -- key_of(case_no)
    events BIGINT NOT NULL,             -- procedure events
    started TIMESTAMPTZ,                -- first procedure event; NULL = none
    started_day DATE,                   -- its date in Asia/Shanghai
    throughput_us BIGINT,               -- microseconds from the first to the last procedure event
    steps VARCHAR[] NOT NULL,           -- step names in order
    rework BOOLEAN NOT NULL,            -- a step name occurs twice or more
    handovers BIGINT NOT NULL,          -- neighbours whose actors are both known and differ
    closed BOOLEAN NOT NULL,            -- an effective case.closed
    missing_received BOOLEAN NOT NULL,  -- no case.received
    missing_accepted BOOLEAN NOT NULL,  -- a decision or finish without an acceptance reported
    missing_closed BOOLEAN NOT NULL,    -- a decision, certificate or delivery, and no case.closed
    late_recorded BIGINT NOT NULL,      -- recorded after the first working day after the fact
    future_dated BIGINT NOT NULL,       -- fact more than five minutes after its recording
    lags_us BIGINT[] NOT NULL,          -- recordedat less time of each procedure event
    record_corrections BIGINT NOT NULL, -- 更正: corrections of the record, in force
    supplement_rounds BIGINT NOT NULL,  -- 补正: requests to the applicant to complete materials
    warnings BIGINT NOT NULL,           -- warnings raised
    warnings_revoked BIGINT NOT NULL    -- those of them that were revoked
);

-- forget --
DELETE FROM traceability
WHERE case_key IN (SELECT case_key FROM touched_case)
  AND case_no IN (SELECT case_no FROM touched_case);

-- fill --
INSERT INTO traceability BY NAME
WITH summary AS (
    SELECT
        fact.case_no,
        fact.case_key,
        count(*) FILTER (WHERE procedure) AS events,
        min(time) FILTER (WHERE procedure) AS started,
        min(fact.day) FILTER (WHERE procedure) AS started_day,
        epoch_us(max(time) FILTER (WHERE procedure))
            - epoch_us(min(time) FILTER (WHERE procedure)) AS throughput_us,
        coalesce(list(step ORDER BY time, position) FILTER (WHERE step IS NOT NULL), []) AS steps,
        list(actor_id ORDER BY time, position) FILTER (WHERE procedure) AS actors,
        coalesce(bool_or(effective AND type = 'case.received'), FALSE) AS received,
        coalesce(bool_or(effective AND type = 'case.accepted'), FALSE) AS accepted,
        coalesce(bool_or(effective AND type = 'case.closed'), FALSE) AS closed,
        coalesce(bool_or(effective AND type = 'decision.made'), FALSE) AS decided,
        coalesce(bool_or(effective AND type = 'case.closed' AND result IN (
            'issued', 'completed', 'refused', 'forwarded', 'returned', 'gap_expired', 'other'
        )), FALSE) AS finished,
        bool_or(type IN ('certificate.issued', 'result.dispatched', 'result.delivered'))
            AS delivered,
        count(*) FILTER (
            WHERE procedure AND NOT imported AND recorded_day > calendar.next_working
        ) AS late_recorded,
        count(*) FILTER (WHERE procedure AND time > recordedat + INTERVAL 5 MINUTE)
            AS future_dated,
        coalesce(
            list(epoch_us(recordedat) - epoch_us(time) ORDER BY time, position)
                FILTER (WHERE procedure),
            []
        ) AS lags_us,
        count(*) FILTER (WHERE type = 'record.corrected') AS record_corrections,
        count(*) FILTER (WHERE type = 'correction.requested') AS supplement_rounds,
        count(*) FILTER (WHERE type = 'warning.raised') AS warnings
    FROM case_fact AS fact
    LEFT JOIN calendar ON calendar.day = fact.day
    GROUP BY fact.case_no, fact.case_key
),
revoked AS (
    SELECT raised.case_no, raised.case_key, count(*) AS warnings_revoked
    FROM case_fact AS raised
    SEMI JOIN (SELECT * FROM case_fact WHERE type = 'warning.revoked') AS answer
        ON answer.case_key = raised.case_key
        AND answer.case_no = raised.case_no
        AND answer.ref_source = raised.source
        AND answer.ref_id = raised.id
    WHERE raised.type = 'warning.raised'
    GROUP BY raised.case_no, raised.case_key
)
SELECT
    case_no,
    case_key,
    events,
    started,
    started_day,
    throughput_us,
    steps,
    len(steps) > list_unique(steps) AS rework,
    coalesce(
        len(list_filter(list_zip(actors[:-2], actors[2:]), LAMBDA pair: pair[1] <> pair[2])), 0
    ) AS handovers,
    closed,
    NOT received AS missing_received,
    (decided OR finished) AND NOT accepted AS missing_accepted,
    (decided OR delivered) AND NOT closed AS missing_closed,
    late_recorded,
    future_dated,
    lags_us,
    record_corrections,
    supplement_rounds,
    warnings,
    coalesce(warnings_revoked, 0) AS warnings_revoked
FROM summary
LEFT JOIN revoked USING (case_no, case_key);
