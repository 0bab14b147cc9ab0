-- Figures of traceability over the cases whose first procedure event lies in the period.

-- cases --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(trail.started, grouped.accepted_reported) AS month,
    quarter_of(trail.started, grouped.accepted_reported) AS quarter,
    count(*) AS cases,
    sum(events) AS events,
    count(DISTINCT steps) AS variants,
    sum(handovers) AS handovers,
    count(*) FILTER (WHERE rework) AS rework_cases,
    min(throughput_us) / 1e6 AS throughput_seconds_min,
    quantile_cont(throughput_us, 0.5) / 1e6 AS throughput_seconds_p50,
    sum(throughput_us) / 1e6 / count(*) AS throughput_seconds_mean,
    max(throughput_us) / 1e6 AS throughput_seconds_max,
    count(*) FILTER (WHERE missing_received) AS missing_received,
    count(*) FILTER (WHERE missing_accepted) AS missing_accepted,
    count(*) FILTER (WHERE missing_closed) AS missing_closed,
    count(*) FILTER (
        WHERE closed AND NOT missing_received AND NOT missing_accepted AND NOT missing_closed
    ) AS complete_rate_num,
    count(*) FILTER (WHERE closed) AS complete_rate_den,
    sum(late_recorded) AS late_recorded,
    count(*) FILTER (WHERE late_recorded > 0) AS late_recorded_cases,
    sum(future_dated) AS future_dated,
    sum(record_corrections) AS record_corrections,
    count(*) FILTER (WHERE record_corrections > 0) AS corrected_cases,
    sum(supplement_rounds) AS supplement_rounds,
    sum(warnings) AS warnings,
    sum(warnings_revoked) AS warnings_revoked,
    -- Whether a warning still holds against the history needs the lawful clock.
    CAST(NULL AS DOUBLE) AS warnings_contested
FROM traceability AS trail
JOIN grouped USING (case_no, case_key)
WHERE counted
  AND chosen(trail.started, accepted_reported)
GROUP BY ALL;

-- lags --
SELECT
    item, nature, kind, department, hall, zone, channel, source, applicant_kind, area,
    month_of(started, accepted_reported) AS month,
    quarter_of(started, accepted_reported) AS quarter,
    quantile_cont(lag_us, 0.5) / 1e6 AS lag_seconds_p50,
    quantile_cont(lag_us, 0.95) / 1e6 AS lag_seconds_p95
FROM (
    SELECT grouped.*, unnest(lags_us) AS lag_us
    FROM traceability
    JOIN grouped USING (case_no, case_key)
    WHERE counted
      AND chosen(traceability.started, accepted_reported)
)
GROUP BY ALL;
