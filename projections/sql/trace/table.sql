-- Every event of the ledger, flattened; the columns read `data` as it was sent, uncorrected.

CREATE TABLE IF NOT EXISTS trace (
    position BIGINT NOT NULL,         -- place in the whole ledger: 1, 2, 3 ...
    version BIGINT NOT NULL,          -- place within the subject
    subject VARCHAR NOT NULL,         -- what the event is about
    subject_key INTEGER NOT NULL,     -- key_of(subject): narrow, for finding; never alone decisive
    case_no VARCHAR,                  -- the case: the subject, else the one that data names
    case_key INTEGER,                 -- key_of(case_no)
    source VARCHAR NOT NULL,          -- the system that said it
    id VARCHAR NOT NULL,              -- its identity within the source
    type VARCHAR NOT NULL,            -- stable name such as case.accepted
    time TIMESTAMPTZ NOT NULL,        -- when it happened, as the source says
    day DATE NOT NULL,                -- the date of time in Asia/Shanghai
    recordedat TIMESTAMPTZ NOT NULL,  -- when the ledger wrote it
    recorded_day DATE NOT NULL,       -- the date of recordedat in Asia/Shanghai
    schemaversion INTEGER NOT NULL,   -- version of the type's data
    imported BOOLEAN NOT NULL,        -- from an imported log (source /import/...)
    procedure BOOLEAN NOT NULL,       -- an event of the procedure itself
    step VARCHAR,                     -- step name; NULL where the event is no step of its own
    actor_id VARCHAR,                 -- staff id or pseudonym; NULL = unknown
    actor_role VARCHAR,               -- window, reviewer, approver ...
    actor_department VARCHAR,         -- department of the actor
    actor_window VARCHAR,             -- window of the actor
    ref_source VARCHAR,               -- source of the event that this one answers
    ref_id VARCHAR,                   -- id of the event that this one answers
    named_case VARCHAR,               -- data.case as sent
    named_source VARCHAR,             -- data.source: the source registered, or out of service
    test BOOLEAN NOT NULL,            -- marked as a test
    presence BOOLEAN,                 -- the applicant was there in person; NULL = not said
    item VARCHAR,                     -- code of the item received or published
    item_version BIGINT,              -- version of the item that the case was received under
    kind VARCHAR,                     -- normalised code
    channel VARCHAR,                  -- normalised code
    hall VARCHAR,                     -- hall
    zone VARCHAR,                     -- zone of the hall
    applicant_kind VARCHAR,           -- person or organisation
    applicant_ref VARCHAR,            -- digest that is equal for equal applicants
    to_department VARCHAR,            -- department that a hand-off goes to
    to_officer VARCHAR,               -- officer that a hand-off goes to
    outcome VARCHAR,                  -- normalised code
    result VARCHAR,                   -- normalised code of case.closed
    level INTEGER,                    -- level of a rating: 5 very satisfied ... 1
    round VARCHAR,                    -- round of a rating or of a correction request
    method VARCHAR,                   -- method of delivery
    handling VARCHAR,                 -- how a call or complaint was handled
    nature VARCHAR,                   -- nature of a published item
    contactless BOOLEAN,              -- published as needing no visit
    effective_from DATE,              -- first day of a published version
    area VARCHAR,                     -- area of a registered source
    data JSON NOT NULL                -- the event's data; personal data in it is sealed
);
