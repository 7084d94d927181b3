-- Times are milliseconds since 1970 UTC; ids are hexadecimal digits; enumerations are their names.

CREATE TABLE holders (
  holder_id TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  since     INTEGER NOT NULL
) STRICT;

CREATE TABLE cards (
  card_id          TEXT PRIMARY KEY,
  holder_id        TEXT NOT NULL REFERENCES holders,
  kind             TEXT NOT NULL,
  key_version      INTEGER NOT NULL,
  currency         INTEGER NOT NULL,
  greatest_balance INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('Active', 'Suspect', 'Revoked')),
  since            INTEGER NOT NULL
) STRICT;

CREATE INDEX cards_of_holder ON cards (holder_id);

CREATE TABLE card_applications (
  card_id     TEXT NOT NULL REFERENCES cards,
  position    INTEGER NOT NULL,
  application BLOB NOT NULL,
  PRIMARY KEY (card_id, position)
) STRICT, WITHOUT ROWID;
