-- One row a published version of an item.

-- table --
CREATE TABLE IF NOT EXISTS item_version (
    subject VARCHAR NOT NULL,      -- code of the item
    subject_key INTEGER NOT NULL,  -- key_of(subject)
    version BIGINT NOT NULL,       -- version within the item's stream
    position BIGINT NOT NULL,      -- of item.published
    item VARCHAR NOT NULL,         -- code of the item, as data says
    nature VARCHAR,                -- licence, penalty, ...
    kind VARCHAR,                  -- immediate, promised, joint, referred_up
    contactless BOOLEAN NOT NULL,  -- declared as needing no visit
    effective_from DATE NOT NULL   -- first day in force; not sent: the date of its publication
);

-- forget --
DELETE FROM item_version
WHERE subject_key IN (SELECT subject_key FROM touched_subject)
  AND subject IN (SELECT subject FROM touched_subject);

-- fill --
INSERT INTO item_version BY NAME
SELECT
    subject,
    subject_key,
    version,
    position,
    coalesce(item, subject) AS item,
    nature,
    kind,
    coalesce(contactless, FALSE) AS contactless,
    coalesce(effective_from, day) AS effective_from
FROM subject_fact
WHERE type = 'item.published';
