-- Words that every other statement uses.

-- key_of --
-- A narrow number for a name, the same in every version of the database; names may share one.
CREATE OR REPLACE MACRO key_of(name) AS
    CAST(md5_number_lower(name) & 2147483647 AS INTEGER);

-- shanghai_day --
-- The civil date in Asia/Shanghai. Its offset has been +08:00 without a break since 1992, and
-- adding it is ten times as fast as asking the time zone database, which older times need.
CREATE OR REPLACE MACRO shanghai_day(moment) AS
    CASE
        WHEN moment >= TIMESTAMPTZ '1992-01-01 00:00:00+08:00'
            THEN CAST(make_timestamp(epoch_us(moment) + 28800000000) AS DATE)
        ELSE CAST(moment AT TIME ZONE 'Asia/Shanghai' AS DATE)
    END;

-- code_of --
-- The normalised value of a code, which is either that value or {"value", "raw", "system"}.
CREATE OR REPLACE MACRO code_of(sent) AS
    CASE WHEN sent LIKE '{%' THEN TRY(json_extract_string(sent, '$.value')) ELSE sent END;

-- part_of --
-- A field of a JSON object given as text; NULL where the text is no object.
CREATE OR REPLACE MACRO part_of(sent, path) AS
    CASE WHEN sent LIKE '{%' THEN TRY(json_extract_string(sent, path)) END;
