-- Every case with the keys that it is grouped by; keys not asked for are NULL.

-- area_of_source --
-- The area of a source: that of its last registration, else the first segment of its name.
CREATE OR REPLACE TEMP VIEW area_of_source AS
SELECT
    source,
    arg_max(area, {'registered': registered, 'position': position}) AS area
FROM source_registration
GROUP BY source;

-- ruling_version --
-- The published version of an item that holds for a case: the one that the receipt names, else
-- the last one in force on the date of acceptance (else of receipt), else the first published.
CREATE OR REPLACE TEMP VIEW ruling_version AS
WITH wanted AS (
    SELECT DISTINCT item, item_version, ruling_day
    FROM case_dimension
    WHERE item IS NOT NULL
)
SELECT
    wanted.item,
    wanted.item_version,
    wanted.ruling_day,
    arg_max(
        published.nature,
        CASE
            WHEN published.version = wanted.item_version
                THEN {'rank': 2, 'day': DATE '1970-01-01', 'version': published.version}
            WHEN published.effective_from <= wanted.ruling_day
                THEN {'rank': 1, 'day': published.effective_from, 'version': published.version}
            ELSE {'rank': 0, 'day': DATE '1970-01-01', 'version': -published.version}
        END
    ) AS nature
FROM wanted
JOIN item_version AS published ON published.item = wanted.item
GROUP BY ALL;

-- grouped --
CREATE OR REPLACE TEMP VIEW grouped AS
SELECT
    case_no,
    case_key,
    CASE WHEN asked('item') THEN item END AS item,
    CASE WHEN asked('nature') THEN nature END AS nature,
    CASE WHEN asked('kind') THEN kind END AS kind,
    CASE WHEN asked('department') THEN department END AS department,
    CASE WHEN asked('hall') THEN hall END AS hall,
    CASE WHEN asked('zone') THEN zone END AS zone,
    CASE WHEN asked('channel') THEN channel END AS channel,
    CASE WHEN asked('source') THEN source END AS source,
    CASE WHEN asked('applicant_kind') THEN applicant_kind END AS applicant_kind,
    CASE WHEN asked('area') THEN area END AS area,
    started,
    accepted_reported,
    kind = 'immediate' AS immediate,
    test,
    trial,
    NOT test AND NOT trial AS counted
FROM (
    SELECT
        case_dimension.*,
        ruling_version.nature,
        coalesce(
            area_of_source.area, split_part(ltrim(case_dimension.source, '/'), '/', 1)
        ) AS area
    FROM case_dimension
    LEFT JOIN ruling_version
        ON ruling_version.item = case_dimension.item
        AND ruling_version.item_version IS NOT DISTINCT FROM case_dimension.item_version
        AND ruling_version.ruling_day IS NOT DISTINCT FROM case_dimension.ruling_day
    LEFT JOIN area_of_source ON area_of_source.source = case_dimension.source
);

-- apart --
-- The cases that are in no figure, by their first procedure event.
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(started, accepted_reported) AS month,
    quarter_of(started, accepted_reported) AS quarter,
    count(*) FILTER (WHERE test) AS test_cases,
    count(*) FILTER (WHERE trial AND NOT test) AS trial_cases
FROM grouped
WHERE NOT counted
  AND chosen(started, accepted_reported)
GROUP BY ALL;
