-- Verifications in a row that are not known to have succeeded, each counted before it is tried, and the last one's name.
ALTER TABLE cards ADD COLUMN tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 65535);
ALTER TABLE cards ADD COLUMN tried TEXT;
