-- What is asked, as one row, so that no statement is put together from text.

-- table --
CREATE OR REPLACE TEMP TABLE question (
    group_by VARCHAR[] NOT NULL,  -- the keys to group by
    since TIMESTAMPTZ,            -- first instant of the period; NULL = no bound
    before TIMESTAMPTZ,           -- first instant after it; NULL = no bound
    cohort BOOLEAN NOT NULL,      -- cases are chosen by their acceptance, not by each date
    judged_at TIMESTAMPTZ,        -- the instant at which the present is judged
    as_of TIMESTAMPTZ,            -- last fact time that counts; NULL = no bound
    known_at TIMESTAMPTZ,         -- last record time that counts; NULL = no bound
    position BIGINT               -- last position that counts; NULL = no bound
);

-- insert --
INSERT INTO question
VALUES (
    ?, make_timestamptz(?), make_timestamptz(?), ?, make_timestamptz(?), make_timestamptz(?),
    make_timestamptz(?), ?
);

-- judge --
UPDATE question
SET judged_at = make_timestamptz(?);

-- variables --
SET VARIABLE group_by = (SELECT group_by FROM question);

SET VARIABLE since = (SELECT since FROM question);

SET VARIABLE before = (SELECT before FROM question);

SET VARIABLE cohort = (SELECT cohort FROM question);

SET VARIABLE judged_at = (SELECT judged_at FROM question);

SET VARIABLE as_of = (SELECT as_of FROM question);

SET VARIABLE known_at = (SELECT known_at FROM question);

SET VARIABLE position = (SELECT position FROM question);

-- macros --
CREATE OR REPLACE TEMP MACRO asked(name) AS
    list_contains(getvariable('group_by'), name);

CREATE OR REPLACE TEMP MACRO in_period(moment) AS
    moment IS NOT NULL
    AND (getvariable('since') IS NULL OR moment >= getvariable('since'))
    AND (getvariable('before') IS NULL OR moment < getvariable('before'));

CREATE OR REPLACE TEMP MACRO stamp(moment, accepted) AS
    CASE WHEN getvariable('cohort') THEN accepted ELSE moment END;

CREATE OR REPLACE TEMP MACRO chosen(moment, accepted) AS
    moment IS NOT NULL AND in_period(stamp(moment, accepted));

CREATE OR REPLACE TEMP MACRO month_of(moment, accepted) AS
    CASE WHEN asked('month') THEN strftime(shanghai_day(stamp(moment, accepted)), '%Y-%m') END;

CREATE OR REPLACE TEMP MACRO quarter_of(moment, accepted) AS
    CASE
        WHEN asked('quarter') THEN
            CAST(year(shanghai_day(stamp(moment, accepted))) AS VARCHAR) || '-Q'
            || CAST(quarter(shanghai_day(stamp(moment, accepted))) AS VARCHAR)
    END;
