-- Every date that an event may have, filled from the program's calendar of working days.

CREATE TABLE IF NOT EXISTS calendar (
    day DATE NOT NULL,           -- civil date in Asia/Shanghai
    working BOOLEAN NOT NULL,    -- a legal working day
    number INTEGER NOT NULL,     -- running number of working days up to and including it
    next_working DATE NOT NULL,  -- the first working day after it
    later_15 DATE NOT NULL       -- the 15th working day after it: the limit for a bad rating
);
