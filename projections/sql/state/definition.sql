-- Which text made a table: where it differs from the program's, the table is made anew.

CREATE TABLE IF NOT EXISTS definition (
    name VARCHAR NOT NULL PRIMARY KEY,  -- table
    hash VARCHAR NOT NULL               -- SHA-256 of the SQL and of what it depends on
);
