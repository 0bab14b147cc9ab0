-- lock_event_table --
-- One writer at a time per table; released at commit. 1667327589 spells "case" in ASCII.
SELECT pg_advisory_xact_lock(1667327589, hashtext(%(table)s::regclass::text));

-- find_keys --
-- The living keys of some owners.
SELECT
    owner,
    key_id,
    wrapped
FROM ledger.vault
WHERE owner = ANY (%(owners)s)
  AND wrapped IS NOT NULL;

-- find_key --
-- One key by its name, with what became of it.
SELECT
    class,
    wrapped,
    erased_at
FROM ledger.vault
WHERE key_id = %(key_id)s;

-- add_keys --
-- New keys, packed: owners one a line, names of 12 bytes each, wrapped keys of 60 bytes each. Owners
-- who have a living key keep it.
INSERT INTO ledger.vault (key_id, owner, class, wrapped)
SELECT
    encode(substr(%(names)b::bytea, 12 * (place::integer - 1) + 1, 12), 'hex'),
    owner,
    split_part(owner, ':', 1),
    substr(%(wrapped)b::bytea, 60 * (place::integer - 1) + 1, 60)
FROM unnest(string_to_array(%(owners)s::text, chr(10))) WITH ORDINALITY AS fresh (owner, place)
ON CONFLICT (owner) WHERE wrapped IS NOT NULL DO NOTHING;

-- put_dead_letters --
-- Refused events; the same letter again raises its count.
INSERT INTO ledger.dead_letter AS known (
    letter,
    source,
    id,
    status,
    reasons,
    sealed,
    size,
    count,
    first_seen,
    last_seen
)
SELECT
    letter,
    source,
    id,
    status,
    reasons,
    sealed,
    size,
    times,
    seen,
    seen
FROM unnest(
    %(letters)s::uuid[],
    %(sources)s::text[],
    %(ids)s::text[],
    %(statuses)s::text[],
    %(reasons)s::jsonb[],
    %(sealed)s::bytea[],
    %(sizes)s::integer[],
    %(times)s::bigint[],
    %(seen)s::timestamptz[]
) AS fresh (letter, source, id, status, reasons, sealed, size, times, seen)
ORDER BY letter
ON CONFLICT (letter) DO UPDATE
SET
    count = known.count + excluded.count,
    last_seen = greatest(known.last_seen, excluded.last_seen);

-- list_dead_letters --
-- Dead letters, the latest first.
SELECT
    letter,
    source,
    id,
    status,
    reasons,
    sealed,
    size,
    count,
    first_seen,
    last_seen
FROM ledger.dead_letter
ORDER BY last_seen DESC, letter
LIMIT %(limit)s;

-- find_dead_letter --
-- One dead letter.
SELECT
    letter,
    source,
    id,
    status,
    reasons,
    sealed,
    size,
    count,
    first_seen,
    last_seen
FROM ledger.dead_letter
WHERE letter = %(letter)s;

-- events_of_subject --
-- The stored events of a subject in order of version.
SELECT bytes
FROM ledger.event
WHERE subject = %(subject)s
ORDER BY version;

-- events_after --
-- Stored events in order of position.
SELECT
    position,
    bytes
FROM ledger.event
WHERE position > %(after)s
ORDER BY position
LIMIT %(limit)s;

-- head --
-- The last position; no row in an empty ledger.
SELECT
    position,
    bytes
FROM ledger.event
ORDER BY position DESC
LIMIT 1;

-- put_setting --
-- A fact of the first start: the first writer wins.
INSERT INTO ledger.setting (name, value)
VALUES (%(name)s, %(value)s)
ON CONFLICT (name) DO NOTHING;

-- put_simulated --
-- Whether the ledger is simulated: settled at its first start. One that holds events is older than
-- the question, so it is ordinary.
INSERT INTO ledger.setting (name, value)
SELECT
    'simulated',
    CASE WHEN EXISTS (SELECT FROM ledger.event) THEN '0' ELSE %(wanted)s END
ON CONFLICT (name) DO NOTHING;

-- get_setting --
-- A fact of the first start.
SELECT value
FROM ledger.setting
WHERE name = %(name)s;

-- last_versions --
-- The last version of each of some subjects; no row for a subject without events.
SELECT
    asked.subject,
    last.version
FROM unnest(%(subjects)s::text[]) AS asked (subject)
CROSS JOIN LATERAL (
    SELECT version
    FROM ledger.event
    WHERE event.subject = asked.subject
    ORDER BY version DESC
    LIMIT 1
) AS last;

-- find_identities --
-- What is already stored under some identities.
SELECT
    identity,
    position,
    version,
    content
FROM ledger.event
WHERE identity = ANY (%(identities)s::uuid[]);
