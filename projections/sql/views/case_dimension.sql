-- One row a case: what figures are grouped by. Area and nature are not stored: they come from what
-- the source and the item have published, so a later publication changes no row here.

-- table --
CREATE TABLE IF NOT EXISTS case_dimension (
    case_no VARCHAR NOT NULL,      -- unified case number
    case_key INTEGER NOT NULL,     -- key_of(case_no)
    item VARCHAR,                  -- code of the item, as received
    item_version BIGINT,           -- version of the item, as received
    kind VARCHAR,                  -- immediate, promised, joint, referred_up
    channel VARCHAR,               -- channel of the receipt
    applicant_kind VARCHAR,        -- person or organisation
    department VARCHAR,            -- department of the holder
    officer VARCHAR,               -- the holder
    hall VARCHAR,                  -- hall of the receipt, else of the first ticket
    zone VARCHAR,                  -- zone of the receipt, else of the first ticket
    source VARCHAR NOT NULL,       -- source of the receipt, else of the first procedure event
    started TIMESTAMPTZ,           -- first procedure event; NULL = none
    received TIMESTAMPTZ,          -- effective receipt; NULL = none
    accepted_reported TIMESTAMPTZ, -- first effective acceptance; NULL = none
    ruling_day DATE,               -- its date, else the receipt's: which item version holds
    imported BOOLEAN NOT NULL,     -- from an imported log
    test BOOLEAN NOT NULL,         -- a test case: in no figure, counted apart
    trial BOOLEAN NOT NULL         -- a trial not converted: in no figure, counted apart
);

-- forget --
DELETE FROM case_dimension
WHERE case_key IN (SELECT case_key FROM touched_case)
  AND case_no IN (SELECT case_no FROM touched_case);

-- fill --
-- The holder is where the last hand-off went, else the actor of the last step, acceptance or
-- receipt. A trial that was converted into a case of another number stays a trial.
INSERT INTO case_dimension BY NAME
WITH summary AS (
    SELECT
        case_no,
        case_key,
        arg_min(
            {
                'item': item, 'item_version': item_version, 'kind': kind, 'channel': channel,
                'applicant_kind': applicant_kind, 'hall': hall, 'zone': zone, 'source': source,
                'time': time, 'day': day
            },
            position
        ) FILTER (WHERE effective AND type = 'case.received') AS receipt,
        arg_min({'time': time, 'day': day}, spell)
            FILTER (WHERE effective AND type = 'case.accepted') AS acceptance,
        arg_max(
            {'department': to_department, 'officer': to_officer},
            {'time': time, 'position': position}
        ) FILTER (WHERE type = 'case.handed_off') AS handed_to,
        arg_max(
            {'department': actor_department, 'officer': actor_id},
            {'time': time, 'position': position}
        ) FILTER (
            WHERE (actor_department IS NOT NULL OR actor_id IS NOT NULL)
              AND (
                  imported
                  OR type IN ('step.started', 'step.completed')
                  OR (effective AND type IN ('case.accepted', 'case.received'))
              )
        ) AS acted,
        arg_min({'hall': hall, 'zone': zone}, {'time': time, 'position': position})
            FILTER (WHERE type LIKE 'ticket.%' AND hall IS NOT NULL) AS queued,
        arg_min(source, {'time': time, 'position': position})
            FILTER (WHERE procedure AND subject = case_no) AS first_source,
        arg_min(source, {'time': time, 'position': position}) AS any_source,
        min(time) FILTER (WHERE procedure) AS started,
        bool_or(imported) AS imported,
        bool_or(test) AS test,
        bool_or(type = 'trial.opened') AS opened_on_trial,
        bool_or(type = 'trial.converted' AND coalesce(named_case, case_no) = case_no) AS converted
    FROM case_fact
    GROUP BY case_no, case_key
)
SELECT
    case_no,
    case_key,
    receipt.item AS item,
    receipt.item_version AS item_version,
    receipt.kind AS kind,
    receipt.channel AS channel,
    receipt.applicant_kind AS applicant_kind,
    CASE WHEN handed_to IS NULL THEN acted.department ELSE handed_to.department END AS department,
    CASE WHEN handed_to IS NULL THEN acted.officer ELSE handed_to.officer END AS officer,
    coalesce(receipt.hall, queued.hall) AS hall,
    coalesce(receipt.zone, queued.zone) AS zone,
    coalesce(receipt.source, first_source, any_source) AS source,
    started,
    receipt.time AS received,
    acceptance.time AS accepted_reported,
    coalesce(acceptance.day, receipt.day) AS ruling_day,
    imported,
    test,
    opened_on_trial AND NOT converted AS trial
FROM summary;
