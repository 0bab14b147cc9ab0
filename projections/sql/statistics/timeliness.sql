-- Figures of timeliness that need no lawful clock, each by the date of its own event.

-- received --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(opened, grouped.accepted_reported) AS month,
    quarter_of(opened, grouped.accepted_reported) AS quarter,
    count(*) FILTER (WHERE opening <> 'reopened') AS received,
    count(*) FILTER (WHERE opening = 'assumed') AS received_assumed,
    count(*) FILTER (WHERE opening = 'reopened') AS reopened,
    count(*) FILTER (WHERE opening = 'received' AND online) AS online_rate_num,
    count(*) FILTER (WHERE opening = 'received') AS online_rate_den,
    count(*) FILTER (WHERE opening = 'received' AND returned) AS return_rate_num,
    count(*) FILTER (WHERE opening = 'received') AS return_rate_den,
    count(*) FILTER (WHERE opening = 'received' AND supplement_rounds > 0) AS correction_rate_num,
    count(*) FILTER (WHERE opening = 'received') AS correction_rate_den
FROM spell
JOIN timeliness USING (case_no, case_key)
JOIN grouped USING (case_no, case_key)
WHERE counted
  AND chosen(opened, grouped.accepted_reported)
GROUP BY ALL;

-- accepted --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(timeliness.accepted_reported, grouped.accepted_reported) AS month,
    quarter_of(timeliness.accepted_reported, grouped.accepted_reported) AS quarter,
    count(*) AS accepted_reported
FROM timeliness
JOIN grouped USING (case_no, case_key)
WHERE counted
  AND in_period(timeliness.accepted_reported)
GROUP BY ALL;

-- closed --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(ended, grouped.accepted_reported) AS month,
    quarter_of(ended, grouped.accepted_reported) AS quarter,
    count(*) AS closed,
    count(*) FILTER (WHERE result = 'issued') AS closed_issued,
    count(*) FILTER (WHERE result = 'completed') AS closed_completed,
    count(*) FILTER (WHERE result = 'refused') AS closed_refused,
    count(*) FILTER (WHERE result = 'withdrawn') AS closed_withdrawn,
    count(*) FILTER (WHERE result = 'voided') AS closed_voided,
    count(*) FILTER (WHERE result = 'deleted') AS closed_deleted,
    count(*) FILTER (WHERE result = 'returned') AS closed_returned,
    count(*) FILTER (WHERE result = 'forwarded') AS closed_forwarded,
    count(*) FILTER (WHERE result = 'declined') AS closed_declined,
    count(*) FILTER (WHERE result = 'gap_expired') AS closed_gap_expired,
    count(*) FILTER (WHERE result = 'other') AS closed_other,
    count(*) FILTER (WHERE finished) AS finished,
    count(*) FILTER (WHERE finished AND coalesce(immediate, FALSE)) AS immediate_kind_rate_num,
    count(*) FILTER (WHERE finished) AS immediate_kind_rate_den,
    avg(visits) FILTER (WHERE finished) AS visits_mean,
    sum(presence_assumed) FILTER (WHERE finished) AS presence_assumed,
    count(*) FILTER (WHERE finished AND visits = 0) AS contactless_rate_num,
    count(*) FILTER (WHERE finished) AS contactless_rate_den,
    count(*) FILTER (WHERE finished AND visits <= 1 AND supplement_rounds = 0)
        AS one_visit_rate_num,
    count(*) FILTER (WHERE finished) AS one_visit_rate_den
FROM spell
JOIN timeliness USING (case_no, case_key)
JOIN grouped USING (case_no, case_key)
WHERE counted
  AND chosen(ended, grouped.accepted_reported)
GROUP BY ALL;

-- stock --
-- Open at the first and at the last instant of the period, and of each month or quarter in it:
-- what had opened by then less what had ended, so that the flows between always add up. Of a
-- cohort nothing is open before and all that has not ended after.
WITH movement AS (
    SELECT case_no, case_key, opened AS moment, 1 AS change
    FROM spell
    UNION ALL BY NAME
    SELECT case_no, case_key, ended AS moment, -1 AS change
    FROM spell
    WHERE ended IS NOT NULL
),
counted_movement AS (
    SELECT grouped.*, moment, change
    FROM movement
    JOIN grouped USING (case_no, case_key)
    WHERE counted
),
period AS (
    SELECT DISTINCT
        month_of(moment, accepted_reported) AS month,
        quarter_of(moment, accepted_reported) AS quarter,
        CAST(date_trunc(
            CASE WHEN asked('month') THEN 'month' ELSE 'quarter' END, shanghai_day(moment)
        ) AS DATE) AS first_day,
        CASE WHEN asked('month') THEN INTERVAL 1 MONTH ELSE INTERVAL 3 MONTH END AS length
    FROM counted_movement
    WHERE in_period(moment)
      AND (asked('month') OR asked('quarter'))
),
bounded AS (
    SELECT
        month,
        quarter,
        greatest(CAST(first_day AS TIMESTAMPTZ), getvariable('since')) AS since,
        least(CAST(first_day + length AS TIMESTAMPTZ), getvariable('before')) AS before
    FROM period
    UNION ALL
    SELECT NULL, NULL, getvariable('since'), getvariable('before')
    WHERE NOT asked('month')
      AND NOT asked('quarter')
),
stock AS (
    SELECT
        counted_movement.*,
        month,
        quarter,
        coalesce(moment < since, FALSE) AS at_start,
        coalesce(moment < before, TRUE) AS at_end
    FROM counted_movement
    CROSS JOIN bounded
    WHERE NOT getvariable('cohort')
    UNION ALL BY NAME
    SELECT
        *,
        month_of(moment, accepted_reported) AS month,
        quarter_of(moment, accepted_reported) AS quarter,
        FALSE AS at_start,
        TRUE AS at_end
    FROM counted_movement
    WHERE getvariable('cohort')
      AND in_period(accepted_reported)
)
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month,
    quarter,
    coalesce(sum(change) FILTER (WHERE at_start), 0) AS open_start,
    coalesce(sum(change) FILTER (WHERE at_end), 0) AS open_end
FROM stock
GROUP BY ALL
HAVING open_start <> 0 OR open_end <> 0;

-- applicants --
-- An applicant resubmits who, in the period, applies for an item again within 90 days
-- of the application before it, which may lie before the period.
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month,
    quarter,
    count(DISTINCT applicant_ref) FILTER (WHERE again) AS resubmission_rate_num,
    count(DISTINCT applicant_ref) AS resubmission_rate_den
FROM (
    SELECT
        grouped.*,
        applicant_ref,
        received,
        month_of(received, grouped.accepted_reported) AS month,
        quarter_of(received, grouped.accepted_reported) AS quarter,
        coalesce(
            received - lag(received) OVER (
                PARTITION BY applicant_ref, received_item ORDER BY received
            ) <= INTERVAL 90 DAY,
            FALSE
        ) AS again
    FROM timeliness
    JOIN grouped USING (case_no, case_key)
    WHERE counted
      AND applicant_ref IS NOT NULL
      AND received IS NOT NULL
)
WHERE chosen(received, accepted_reported)
GROUP BY ALL;

-- items --
-- Items in force at the instant asked for; an item has no department, hall or channel.
SELECT
    CASE WHEN asked('item') THEN item END AS item,
    CASE WHEN asked('nature') THEN nature END AS nature,
    CASE WHEN asked('kind') THEN kind END AS kind,
    NULL AS department, NULL AS hall, NULL AS zone, NULL AS channel, NULL AS source,
    NULL AS applicant_kind, NULL AS area, NULL AS month, NULL AS quarter,
    count(*) FILTER (WHERE contactless) AS declared_contactless_rate_num,
    count(*) AS declared_contactless_rate_den
FROM (
    SELECT
        item,
        arg_max(nature, {'day': effective_from, 'version': version}) AS nature,
        arg_max(kind, {'day': effective_from, 'version': version}) AS kind,
        arg_max(contactless, {'day': effective_from, 'version': version}) AS contactless
    FROM item_version
    WHERE getvariable('judged_at') IS NULL
       OR effective_from <= shanghai_day(getvariable('judged_at'))
    GROUP BY item
)
GROUP BY ALL;
