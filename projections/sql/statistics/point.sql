-- The trace as it was known at a point: the views are then made over it by the same statements.

CREATE VIEW trace AS
FROM read_model.main.trace
WHERE (getvariable('position') IS NULL OR position <= getvariable('position'))
  AND (getvariable('known_at') IS NULL OR recordedat <= getvariable('known_at'));
