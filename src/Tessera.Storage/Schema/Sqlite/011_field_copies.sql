-- What the server knows of a field on each card: last proven, and the highest version it made a WRITE for.

CREATE TABLE field_copies (
  holder_id   TEXT NOT NULL REFERENCES holders,
  application BLOB NOT NULL,
  field       TEXT NOT NULL,
  card_id     TEXT NOT NULL REFERENCES cards,
  version     INTEGER NOT NULL CHECK (version BETWEEN 0 AND 65535),
  content     BLOB NOT NULL,
  issued      INTEGER NOT NULL CHECK (issued BETWEEN version AND 65535),
  is_open     INTEGER NOT NULL, -- whether the card took the WRITE of the version issued is not known
  PRIMARY KEY (holder_id, application, field, card_id)
) STRICT, WITHOUT ROWID;
