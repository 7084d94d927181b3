-- What was reported of cards that are active otherwise: stolen, or found again and not yet back in use.
CREATE TABLE card_reports (
  card_id TEXT PRIMARY KEY REFERENCES cards,
  state   TEXT NOT NULL CHECK (state IN ('Stolen', 'Found')),
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
