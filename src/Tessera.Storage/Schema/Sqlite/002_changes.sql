-- What was changed where, and how far it has come on its way to each other card of the holder.

CREATE TABLE changes (
  change_id   TEXT PRIMARY KEY,
  holder_id   TEXT NOT NULL REFERENCES holders,
  application BLOB NOT NULL,
  field       TEXT NOT NULL,
  card_id     TEXT REFERENCES cards,
  prior       BLOB NOT NULL,
  new         BLOB NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('Set', 'Add')),
  policy      TEXT NOT NULL CHECK (policy IN ('Mandatory', 'Optional')),
  session_id  TEXT,
  at          INTEGER NOT NULL
) STRICT;

CREATE INDEX changes_of_field ON changes (holder_id, application, field, at);

CREATE TABLE deliveries (
  change_id TEXT NOT NULL REFERENCES changes,
  card_id   TEXT NOT NULL REFERENCES cards,
  state     TEXT NOT NULL
    CHECK (state IN ('Pending', 'InFlight', 'Downloaded', 'Declined', 'Superseded', 'Conflict')),
  amount    INTEGER NOT NULL, -- of an Add; 0 for a Set
  carrier   TEXT,             -- in flight: the intent (Add) or the session (Set)
  at        INTEGER NOT NULL,
  PRIMARY KEY (change_id, card_id),
  CHECK ((state = 'InFlight') = (carrier IS NOT NULL)),
  CHECK (amount = 0 OR state IN ('Pending', 'InFlight', 'Downloaded'))
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_under_way ON deliveries (card_id, state) WHERE state IN ('Pending', 'InFlight', 'Conflict');

CREATE TABLE fields (
  holder_id   TEXT NOT NULL REFERENCES holders,
  application BLOB NOT NULL,
  field       TEXT NOT NULL,
  version     INTEGER NOT NULL, -- grows with every booking: the optimistic lock of its deliveries
  PRIMARY KEY (holder_id, application, field)
) STRICT, WITHOUT ROWID;
