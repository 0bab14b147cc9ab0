-- One row a case: its dates and counts that need no lawful clock.

-- table --
CREATE TABLE IF NOT EXISTS timeliness (
    case_no VARCHAR NOT NULL,          -- unified case number
    case_key INTEGER NOT NULL,         -- key_of(case_no)
    received TIMESTAMPTZ,              -- effective receipt
    accepted_reported TIMESTAMPTZ,     -- first effective acceptance, as reported
    decided TIMESTAMPTZ,               -- first effective decision
    delivered TIMESTAMPTZ,             -- first dispatch or delivery of the result
    online BOOLEAN NOT NULL,           -- received by web or mobile
    returned BOOLEAN NOT NULL,         -- closed as returned
    supplement_rounds BIGINT NOT NULL, -- 补正: requests to complete materials
    visits BIGINT NOT NULL,            -- distinct dates with presence
    presence_assumed BIGINT NOT NULL,  -- events that count as presence without saying so
    applicant_ref VARCHAR,             -- digest that is equal for equal applicants
    received_item VARCHAR              -- the item received, for finding repeated applications
);

-- forget --
DELETE FROM timeliness
WHERE case_key IN (SELECT case_key FROM touched_case)
  AND case_no IN (SELECT case_no FROM touched_case);

-- fill --
-- Where an event does not say whether the applicant was there: a receipt at a window or kiosk, a
-- served ticket and a delivery at the counter are presence.
INSERT INTO timeliness BY NAME
WITH fact AS (
    SELECT
        *,
        presence IS NULL AND (
            (effective AND type = 'case.received' AND channel IN ('window', 'kiosk'))
            OR type = 'ticket.served'
            OR (type = 'result.delivered' AND method = 'counter')
        ) AS assumed
    FROM case_fact
)
SELECT
    case_no,
    case_key,
    min(time) FILTER (WHERE effective AND type = 'case.received') AS received,
    arg_min(time, spell) FILTER (WHERE effective AND type = 'case.accepted') AS accepted_reported,
    arg_min(time, spell) FILTER (WHERE effective AND type = 'decision.made') AS decided,
    min(time) FILTER (WHERE type IN ('result.dispatched', 'result.delivered')) AS delivered,
    coalesce(
        bool_or(effective AND type = 'case.received' AND channel IN ('web', 'mobile')), FALSE
    ) AS online,
    coalesce(bool_or(effective AND type = 'case.closed' AND result = 'returned'), FALSE)
        AS returned,
    count(*) FILTER (WHERE type = 'correction.requested') AS supplement_rounds,
    count(DISTINCT day) FILTER (WHERE presence OR assumed) AS visits,
    count(*) FILTER (WHERE assumed) AS presence_assumed,
    any_value(applicant_ref) FILTER (WHERE effective AND type = 'case.received') AS applicant_ref,
    any_value(item) FILTER (WHERE effective AND type = 'case.received') AS received_item
FROM fact
GROUP BY case_no, case_key;
