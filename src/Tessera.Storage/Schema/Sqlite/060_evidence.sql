-- What cards signed, as files that hold by themselves, and the certificates by which cards were known when they signed last.

CREATE TABLE evidence (
  number      INTEGER PRIMARY KEY,             -- in the order of filing
  evidence_id TEXT NOT NULL UNIQUE,
  step        TEXT NOT NULL UNIQUE,            -- of a session: filed once
  filed       INTEGER NOT NULL,
  application TEXT NOT NULL,
  card_id     TEXT,                            -- null where the card has told none
  signer      TEXT NOT NULL,
  title       TEXT NOT NULL,
  file        BLOB NOT NULL
) STRICT;

CREATE TABLE card_signers (
  card_id          TEXT PRIMARY KEY,
  certificate      BLOB NOT NULL,
  card_certificate BLOB
) STRICT;
