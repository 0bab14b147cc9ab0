-- The rows of the trace that the events in `arriving` give: the one place where data is read,
-- for events as sent and for events as corrected alike.

CREATE OR REPLACE TEMP VIEW flattened AS
WITH parsed AS (
    SELECT
        * EXCLUDE (data),
        CAST(data AS JSON) AS data,
        split_part(type, '.', 1) AS family,
        source LIKE '/import/%' AS imported,
        json_transform(
            data,
            '{"actor": {"id": "VARCHAR", "role": "VARCHAR", "department": "VARCHAR",
                        "window": "VARCHAR"},
              "ref": {"source": "VARCHAR", "id": "VARCHAR"},
              "case": "VARCHAR", "source": "VARCHAR", "test": "BOOLEAN", "presence": "BOOLEAN",
              "step": "VARCHAR", "item": {"code": "VARCHAR", "version": "BIGINT"},
              "code": "VARCHAR", "kind": "VARCHAR", "channel": "VARCHAR", "hall": "VARCHAR",
              "zone": "VARCHAR",
              "applicant": {"kind": "VARCHAR", "id_no": "VARCHAR", "name": "VARCHAR"},
              "to": {"department": "VARCHAR", "officer": "VARCHAR"}, "outcome": "VARCHAR",
              "result": "VARCHAR", "level": "VARCHAR", "round": "VARCHAR", "method": "VARCHAR",
              "handling": "VARCHAR", "nature": "VARCHAR", "declared": {"contactless": "BOOLEAN"},
              "effective_from": "VARCHAR", "area": "VARCHAR"}'
        ) AS d
    FROM arriving
),
placed AS (
    SELECT
        *,
        CASE
            WHEN family = 'item' OR subject LIKE 'audit/%' THEN NULL
            WHEN contains(subject, '/') THEN d."case"
            ELSE subject
        END AS case_no,
        imported OR family NOT IN (
            'warning', 'supervision', 'rating', 'complaint', 'inquiry', 'fee', 'record', 'access',
            'finding', 'contact', 'responsibility', 'authority', 'person', 'hold', 'ticket',
            'window'
        ) AS procedure,
        -- A source's own activity keeps its name where the code for it is "other".
        coalesce(nullif(code_of(d.step), 'other'), part_of(d.step, '$.raw'), code_of(d.step))
            AS named_step
    FROM parsed
)
SELECT
    position,
    version,
    subject,
    key_of(subject) AS subject_key,
    case_no,
    key_of(case_no) AS case_key,
    source,
    id,
    type,
    time,
    shanghai_day(time) AS day,
    recordedat,
    shanghai_day(recordedat) AS recorded_day,
    schemaversion,
    imported,
    procedure,
    CASE
        WHEN NOT procedure THEN NULL
        WHEN imported OR type = 'step.completed' THEN coalesce(named_step, type)
        WHEN type <> 'step.started' THEN type
    END AS step,
    d.actor.id AS actor_id,
    code_of(d.actor.role) AS actor_role,
    d.actor.department AS actor_department,
    d.actor."window" AS actor_window,
    d.ref.source AS ref_source,
    d.ref.id AS ref_id,
    d."case" AS named_case,
    d.source AS named_source,
    coalesce(d.test, FALSE) AS test,
    d.presence AS presence,
    CASE WHEN type = 'item.published' THEN d.code ELSE d.item.code END AS item,
    d.item.version AS item_version,
    code_of(d.kind) AS kind,
    code_of(d.channel) AS channel,
    d.hall AS hall,
    d.zone AS zone,
    code_of(d.applicant.kind) AS applicant_kind,
    coalesce(part_of(d.applicant.id_no, '$.ref'), part_of(d.applicant.name, '$.ref'))
        AS applicant_ref,
    d."to".department AS to_department,
    CASE
        WHEN d."to".officer LIKE '{%' THEN part_of(d."to".officer, '$.id') ELSE d."to".officer
    END AS to_officer,
    code_of(d.outcome) AS outcome,
    code_of(d.result) AS result,
    TRY_CAST(code_of(d.level) AS INTEGER) AS level,
    code_of(d.round) AS round,
    code_of(d.method) AS method,
    code_of(d.handling) AS handling,
    code_of(d.nature) AS nature,
    d.declared.contactless AS contactless,
    CASE
        WHEN length(d.effective_from) > 10
            THEN shanghai_day(TRY_CAST(d.effective_from AS TIMESTAMPTZ))
        ELSE TRY_CAST(d.effective_from AS DATE)
    END AS effective_from,
    d.area AS area,
    data
FROM placed;
