-- The book of money: amounts are minor units, balances are kept with every posting and checked against the sum.

CREATE TABLE purses (
  holder_id TEXT PRIMARY KEY REFERENCES holders,
  currency  INTEGER NOT NULL,
  version   INTEGER NOT NULL -- grows with every booking: the optimistic lock of all that follows
) STRICT;

CREATE TABLE card_copies (
  card_id   TEXT PRIMARY KEY REFERENCES cards,
  holder_id TEXT NOT NULL REFERENCES purses,
  balance   INTEGER NOT NULL CHECK (balance BETWEEN 0 AND 4294967295),
  number    INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4294967295),
  last_s2   BLOB NOT NULL
) STRICT;

CREATE INDEX copies_of_holder ON card_copies (holder_id);

CREATE TABLE accounts (
  account TEXT PRIMARY KEY,
  balance INTEGER NOT NULL CHECK (balance >= 0 OR account LIKE 'funding:%' OR account LIKE 'loss:%')
) STRICT;

CREATE TABLE intents (
  intent_id  TEXT PRIMARY KEY,
  holder_id  TEXT NOT NULL REFERENCES purses,
  card_id    TEXT NOT NULL REFERENCES card_copies,
  number     INTEGER NOT NULL,
  nonce      BLOB NOT NULL,
  s1         BLOB NOT NULL,
  hold       INTEGER NOT NULL CHECK (hold >= 0),
  script     BLOB NOT NULL,
  session_id TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('Authorised', 'Unknown', 'Done', 'NotDone')),
  suspended  INTEGER NOT NULL,
  opened     INTEGER NOT NULL,
  closed     INTEGER,
  untold     INTEGER NOT NULL DEFAULT 0 -- closed, and the holder does not know it yet
) STRICT;

CREATE UNIQUE INDEX one_open_intent ON intents (card_id) WHERE state IN ('Authorised', 'Unknown');
CREATE INDEX open_intents_of_holder ON intents (holder_id) WHERE state IN ('Authorised', 'Unknown');
CREATE INDEX intents_of_session ON intents (session_id);
CREATE INDEX untold_intents ON intents (holder_id) WHERE untold = 1;

CREATE TABLE intent_moves (
  intent_id TEXT NOT NULL REFERENCES intents,
  position  INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  terms     INTEGER NOT NULL,
  adjust    INTEGER NOT NULL,
  amount    INTEGER NOT NULL,
  s2        BLOB NOT NULL,
  merchant  TEXT NOT NULL,
  what      TEXT NOT NULL,
  PRIMARY KEY (intent_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
  entry_id  TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  what      TEXT NOT NULL,
  intent_id TEXT REFERENCES intents,
  key       TEXT UNIQUE,
  at        INTEGER NOT NULL
) STRICT;

CREATE TABLE postings (
  position INTEGER PRIMARY KEY,
  entry_id TEXT NOT NULL REFERENCES entries,
  account  TEXT NOT NULL REFERENCES accounts,
  amount   INTEGER NOT NULL CHECK (amount <> 0),
  balance  INTEGER NOT NULL -- of the account, after it
) STRICT;

CREATE INDEX postings_of_account ON postings (account, position);
CREATE INDEX postings_of_entry ON postings (entry_id);

-- A movement is applied at most once.
CREATE TABLE movements (
  card_id        TEXT NOT NULL REFERENCES card_copies,
  number         INTEGER NOT NULL,
  movement       BLOB NOT NULL, -- as the card keeps it, 17 octets
  digest         BLOB NOT NULL,
  balance        INTEGER NOT NULL,
  intent_id      TEXT UNIQUE REFERENCES intents,
  alternative    INTEGER NOT NULL,
  entry_id       TEXT REFERENCES entries,
  evidence       TEXT NOT NULL CHECK (evidence IN ('Receipt', 'Proof', 'State')),
  evidence_octets BLOB NOT NULL,
  evidence_nonce BLOB NOT NULL,
  late           TEXT NOT NULL CHECK (late IN ('None', 'Owed', 'Fulfilled', 'Refunded')),
  account        INTEGER NOT NULL, -- of the holder, after it
  at             INTEGER NOT NULL,
  PRIMARY KEY (card_id, number)
) STRICT;

CREATE INDEX movements_of_entry ON movements (entry_id);
CREATE INDEX movements_owed ON movements (card_id) WHERE late = 'Owed';

CREATE TABLE nonces (
  position  INTEGER PRIMARY KEY,
  card_id   TEXT NOT NULL,
  nonce     BLOB NOT NULL,
  intent_id TEXT,             -- open for the card when it was issued
  number    INTEGER NOT NULL, -- of the card's last proven movement then
  at        INTEGER NOT NULL,
  UNIQUE (card_id, nonce)
) STRICT;

CREATE TABLE card_alarms (
  position INTEGER PRIMARY KEY,
  card_id  TEXT NOT NULL REFERENCES cards,
  what     TEXT NOT NULL,
  evidence BLOB NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
