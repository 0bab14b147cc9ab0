-- The batch in `arriving`, flattened, into the trace.

INSERT INTO trace BY NAME FROM flattened;
