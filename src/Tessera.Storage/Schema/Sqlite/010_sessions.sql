-- Sessions with their steps, so that each can be run again up to where it was; scripts are written before they are sent.

CREATE TABLE sessions (
  session_id  TEXT PRIMARY KEY,
  application TEXT NOT NULL,
  terminal    BLOB NOT NULL,
  insertion   INTEGER NOT NULL,
  opened      INTEGER NOT NULL,
  ended       TEXT,
  closed      INTEGER,
  CHECK ((ended IS NULL) = (closed IS NULL))
) STRICT;

CREATE INDEX open_sessions ON sessions (terminal) WHERE closed IS NULL;

CREATE TABLE session_steps (
  session_id TEXT NOT NULL REFERENCES sessions,
  ordinal    INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('Script', 'Page', 'Effect')),
  asked      BLOB NOT NULL,
  terminal   BLOB,    -- a script: where it was sent, its number and its octets
  insertion  INTEGER,
  number     INTEGER CHECK (number BETWEEN 1 AND 255),
  script     BLOB,
  answer     BLOB,    -- null while it is awaited, empty where it is lost
  PRIMARY KEY (session_id, ordinal),
  CHECK ((kind = 'Script') = (script IS NOT NULL)),
  CHECK (kind = 'Script' OR answer IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Script numbers count in one insertion of a card; the newest one of a terminal is kept, and any that still ends.
CREATE TABLE insertions (
  terminal    BLOB NOT NULL,
  insertion   INTEGER NOT NULL,
  last_number INTEGER NOT NULL,
  PRIMARY KEY (terminal, insertion)
) STRICT, WITHOUT ROWID;
