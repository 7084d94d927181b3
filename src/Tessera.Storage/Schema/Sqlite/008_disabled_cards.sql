-- A card may be disabled by its issuer too, in the middle of a session.
CREATE TABLE card_standings (
  card_id TEXT PRIMARY KEY REFERENCES cards,
  state   TEXT NOT NULL CHECK (state IN ('Stolen', 'Found', 'Disabled')),
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO card_standings SELECT card_id, state, at FROM card_reports;
DROP TABLE card_reports;
ALTER TABLE card_standings RENAME TO card_reports;
