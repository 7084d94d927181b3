-- Temporary logins: the digits themselves are not here, and what is counted by the day ends with it.

CREATE TABLE logins (
  login_id    TEXT PRIMARY KEY,
  card_id     TEXT NOT NULL REFERENCES cards,
  call        TEXT NOT NULL,
  application TEXT,
  digest      BLOB NOT NULL,
  dispatched  INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  used_by     INTEGER -- the card's number of a session
) STRICT;

CREATE INDEX logins_of_card ON logins (card_id, dispatched);

CREATE TABLE login_counts (
  kind  TEXT NOT NULL CHECK (kind IN ('Claimed', 'Proven', 'Failed', 'FailedFrom')),
  of    TEXT NOT NULL,
  day   INTEGER NOT NULL, -- since 0001-01-01
  count INTEGER NOT NULL,
  PRIMARY KEY (kind, of, day)
) STRICT, WITHOUT ROWID;
