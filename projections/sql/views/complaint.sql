-- One row a complaint.

-- table --
CREATE TABLE IF NOT EXISTS complaint (
    subject VARCHAR NOT NULL,      -- the case, or call/...
    subject_key INTEGER NOT NULL,  -- key_of(subject)
    position BIGINT NOT NULL,      -- of complaint.filed
    case_no VARCHAR,               -- the case that it is about
    case_key INTEGER,              -- key_of(case_no)
    source VARCHAR NOT NULL,       -- source of complaint.filed
    channel VARCHAR,               -- 12345, hall, web, direct_line
    filed TIMESTAMPTZ NOT NULL,    -- when it was made
    filed_day DATE NOT NULL,       -- its date in Asia/Shanghai
    test BOOLEAN NOT NULL          -- marked as a test
);

-- forget --
DELETE FROM complaint
WHERE subject_key IN (SELECT subject_key FROM touched_subject)
  AND subject IN (SELECT subject FROM touched_subject);

-- fill --
INSERT INTO complaint BY NAME
SELECT
    subject,
    subject_key,
    position,
    case_no,
    case_key,
    source,
    channel,
    time AS filed,
    day AS filed_day,
    test
FROM subject_fact
WHERE type = 'complaint.filed';
