-- Figures of satisfaction: cases by the date of their closing, complaints and calls by their own.

-- cases --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(closed, grouped.accepted_reported) AS month,
    quarter_of(closed, grouped.accepted_reported) AS quarter,
    count(*) FILTER (WHERE ratable) AS ratable,
    count(*) FILTER (WHERE ratable AND rated) AS rated,
    count(*) FILTER (WHERE ratable AND level IS NOT NULL) AS actively_rated,
    count(*) FILTER (WHERE ratable AND rated AND level IS NULL) AS default_ratings,
    count(*) FILTER (WHERE ratable AND level = 5) AS very_good,
    count(*) FILTER (WHERE ratable AND level = 4) AS good,
    count(*) FILTER (WHERE ratable AND level = 3) AS fair,
    count(*) FILTER (WHERE ratable AND level = 2) AS bad,
    count(*) FILTER (WHERE ratable AND level = 1) AS very_bad,
    count(*) FILTER (WHERE ratable AND level >= 3) AS good_rate_num,
    count(*) FILTER (WHERE ratable AND level IS NOT NULL) AS good_rate_den,
    count(*) FILTER (WHERE ratable AND level >= 3 AND NOT voided) AS good_rate_after_voiding_num,
    count(*) FILTER (WHERE ratable AND level IS NOT NULL AND NOT voided)
        AS good_rate_after_voiding_den,
    count(*) FILTER (WHERE ratable AND rated AND coalesce(level, 3) >= 3)
        AS good_rate_with_default_num,
    count(*) FILTER (WHERE ratable AND rated) AS good_rate_with_default_den,
    count(*) FILTER (WHERE ratable AND coalesce(level, 3) >= 3) AS satisfied_share_of_all_num,
    count(*) FILTER (WHERE ratable) AS satisfied_share_of_all_den,
    count(*) FILTER (WHERE ratable AND level IS NOT NULL) AS active_rating_rate_num,
    count(*) FILTER (WHERE ratable) AS active_rating_rate_den,
    sum([0, 3, 6, 8, 10][level]) FILTER (WHERE ratable)
        / count(*) FILTER (WHERE ratable AND level IS NOT NULL) AS score_mean,
    count(*) FILTER (WHERE ratable AND level <= 2) AS bad_rated,
    count(*) FILTER (WHERE ratable AND level <= 2 AND voided) AS bad_voided,
    count(*) FILTER (
        WHERE ratable AND level <= 2 AND NOT voided AND rectified_day <= rectification_due
    ) AS bad_rectified_on_time_rate_num,
    count(*) FILTER (
        WHERE ratable AND level <= 2 AND NOT voided
          AND (
              rectified_day IS NOT NULL
              OR rectification_due < shanghai_day(getvariable('judged_at'))
          )
    ) AS bad_rectified_on_time_rate_den,
    count(*) AS complaints_per_1000_closed_den
FROM satisfaction
JOIN grouped USING (case_no, case_key)
WHERE counted
  AND chosen(closed, accepted_reported)
GROUP BY ALL;

-- complaints --
-- Of a complaint that names no known case, only the source, the area and the date are known.
SELECT
    grouped.item, grouped.nature, grouped.kind, grouped.department, grouped.hall, grouped.zone,
    grouped.channel,
    CASE WHEN asked('source') THEN coalesce(grouped.source, complaint.source) END AS source,
    grouped.applicant_kind,
    CASE
        WHEN asked('area') THEN coalesce(
            grouped.area, area_of_source.area, split_part(ltrim(complaint.source, '/'), '/', 1)
        )
    END AS area,
    month_of(filed, grouped.accepted_reported) AS month,
    quarter_of(filed, grouped.accepted_reported) AS quarter,
    count(*) AS complaints_per_1000_closed_num
FROM complaint
LEFT JOIN grouped USING (case_no, case_key)
LEFT JOIN area_of_source ON area_of_source.source = complaint.source
WHERE NOT complaint.test
  AND coalesce(grouped.counted, TRUE)
  AND chosen(filed, grouped.accepted_reported)
GROUP BY ALL;

-- calls --
-- Likewise of a call.
SELECT
    grouped.item, grouped.nature, grouped.kind, grouped.department, grouped.hall, grouped.zone,
    grouped.channel,
    CASE WHEN asked('source') THEN coalesce(grouped.source, inquiry.source) END AS source,
    grouped.applicant_kind,
    CASE
        WHEN asked('area') THEN coalesce(
            grouped.area, area_of_source.area, split_part(ltrim(inquiry.source, '/'), '/', 1)
        )
    END AS area,
    month_of(logged, grouped.accepted_reported) AS month,
    quarter_of(logged, grouped.accepted_reported) AS quarter,
    count(*) AS inquiries,
    count(*) FILTER (WHERE direct) AS inquiries_direct,
    count(*) FILTER (WHERE dispatched) AS inquiries_dispatched,
    count(*) FILTER (WHERE closed IS NOT NULL) AS inquiries_closed_rate_num,
    count(*) AS inquiries_closed_rate_den
FROM inquiry
LEFT JOIN grouped USING (case_no, case_key)
LEFT JOIN area_of_source ON area_of_source.source = inquiry.source
WHERE NOT inquiry.test
  AND coalesce(grouped.counted, TRUE)
  AND chosen(logged, grouped.accepted_reported)
GROUP BY ALL;
