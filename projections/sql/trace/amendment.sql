-- The events that read differently than they were sent, as they read now.

-- amendment --
-- Same columns as the trace, from the corrected time and data; at most one row an event.
CREATE TABLE IF NOT EXISTS amendment AS
SELECT
    *,
    TRUE AS corrected,  -- a correction in force names it
    FALSE AS retracted  -- a retraction in force names it: in no figure
FROM trace
LIMIT 0;

-- amended_subject --
-- The subjects that hold a correction or retraction, in force or not.
CREATE TABLE IF NOT EXISTS amended_subject (
    subject VARCHAR NOT NULL PRIMARY KEY,
    subject_key INTEGER NOT NULL
);
