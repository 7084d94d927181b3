-- The short message service centre: what it has taken and not done with, and the ends of the rest.

CREATE TABLE smsc_messages (
  message_id      INTEGER PRIMARY KEY,
  sender          TEXT NOT NULL,
  recipient       TEXT NOT NULL,
  source_ton      INTEGER NOT NULL,
  source_npi      INTEGER NOT NULL,
  source          TEXT NOT NULL,
  destination_ton INTEGER NOT NULL,
  destination_npi INTEGER NOT NULL,
  destination     TEXT NOT NULL,
  esm_class       INTEGER NOT NULL,
  protocol_id     INTEGER NOT NULL,
  data_coding     INTEGER NOT NULL,
  octets          BLOB NOT NULL,
  registered      INTEGER NOT NULL,
  reference       INTEGER,
  submitted       INTEGER NOT NULL,
  expires         INTEGER NOT NULL,
  told_id         INTEGER,    -- a receipt: the end it tells
  told_state      INTEGER,
  told_error      INTEGER,
  told_submitted  INTEGER,
  told_done       INTEGER,
  CHECK ((told_id IS NULL) = (told_state IS NULL))
) STRICT;

CREATE TABLE smsc_ends (
  message_id INTEGER PRIMARY KEY,
  sender     TEXT NOT NULL,
  state      INTEGER NOT NULL,
  error      INTEGER NOT NULL,
  submitted  INTEGER NOT NULL,
  done       INTEGER NOT NULL
) STRICT;

CREATE INDEX smsc_ends_by_time ON smsc_ends (done);

-- The highest id ever given, though its message may be forgotten.
CREATE TABLE smsc_last_id (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  last_id INTEGER NOT NULL
) STRICT;

INSERT INTO smsc_last_id (one, last_id) VALUES (1, 0);
