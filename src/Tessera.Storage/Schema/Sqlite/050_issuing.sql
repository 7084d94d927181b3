-- What operators did with keys and cards, and the cards that were issued to holders: no secrets.

CREATE TABLE acts (
  position INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  operator TEXT NOT NULL,
  act      TEXT NOT NULL,
  subject  TEXT NOT NULL, -- a card, a key version
  detail   TEXT NOT NULL
) STRICT;

CREATE INDEX acts_on ON acts (subject, position);

-- Begun before anything is written to the card, so that whoever was cut goes on with the same card for the same holder.
CREATE TABLE issuances (
  card_id      TEXT PRIMARY KEY,
  chip         BLOB NOT NULL UNIQUE,   -- key diversification data of its security domain
  holder_id    TEXT NOT NULL REFERENCES holders,
  kind         TEXT NOT NULL CHECK (kind IN ('Iso', 'Sim')),
  applications TEXT NOT NULL,          -- identifiers, with commas
  key_version  INTEGER NOT NULL,
  checks       TEXT NOT NULL,          -- check values of its keys: name=value, with commas
  currency     INTEGER NOT NULL,       -- 0 without a purse, as the next
  greatest_balance INTEGER NOT NULL,
  msisdn       TEXT,                   -- of a SIM
  replaces     TEXT REFERENCES cards,
  operator     TEXT NOT NULL,
  begun        INTEGER NOT NULL,
  finished     INTEGER                 -- the card is registered, its purse open
) STRICT;
