-- The short message road: who is reached where, which counters are used, what is on its way and what has come.

CREATE TABLE subscribers (
  card_id       TEXT PRIMARY KEY,
  msisdn        TEXT NOT NULL,
  key_version   INTEGER NOT NULL,
  profile       BLOB NOT NULL,              -- TERMINAL PROFILE of its phone, empty before the first
  down_reserved INTEGER NOT NULL DEFAULT 0, -- packets to the card may have had counters up to this one
  up_highest    INTEGER NOT NULL DEFAULT 0, -- the highest counter taken from it
  CHECK (down_reserved BETWEEN 0 AND 0xFFFFFFFFFF),
  CHECK (up_highest BETWEEN 0 AND 0xFFFFFFFFFF)
) STRICT;

CREATE INDEX subscribers_at ON subscribers (msisdn);

CREATE TABLE sms_sessions (
  card_id     TEXT NOT NULL REFERENCES subscribers,
  session     INTEGER NOT NULL CHECK (session BETWEEN 1 AND 0xFFFF),
  opening     BLOB NOT NULL,
  profile     BLOB NOT NULL,
  heard       INTEGER NOT NULL,             -- when the card spoke last
  closed      INTEGER,
  up_messages INTEGER NOT NULL,
  up_octets   INTEGER NOT NULL,
  PRIMARY KEY (card_id, session)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX open_sms_session ON sms_sessions (card_id) WHERE closed IS NULL;
CREATE INDEX closed_sms_sessions ON sms_sessions (closed) WHERE closed IS NOT NULL;

CREATE TABLE sms_scripts (
  card_id TEXT NOT NULL,
  session INTEGER NOT NULL,
  number  INTEGER NOT NULL CHECK (number BETWEEN 1 AND 255),
  script  BLOB NOT NULL,
  answer  BLOB,                             -- null while it is awaited
  PRIMARY KEY (card_id, session, number),
  FOREIGN KEY (card_id, session) REFERENCES sms_sessions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A packet with a script: a message each, exact octets, written before the first is handed to the SMSC.
CREATE TABLE outbox (
  card_id     TEXT NOT NULL,
  counter     INTEGER NOT NULL,
  position    INTEGER NOT NULL CHECK (position >= 1),
  session     INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  user_data   BLOB NOT NULL,
  valid_until INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('ToSend', 'Accepted', 'Delivered', 'Failed')),
  message_id  TEXT,                         -- as the SMSC named it when it accepted it
  PRIMARY KEY (card_id, counter, position),
  FOREIGN KEY (card_id, session, number) REFERENCES sms_scripts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_messages ON outbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_scripts ON outbox (card_id, session, number);

-- Receipts that came before the word that the message was accepted.
CREATE TABLE early_receipts (
  msisdn     TEXT NOT NULL,
  message_id TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('Delivered', 'Failed')),
  at         INTEGER NOT NULL,
  PRIMARY KEY (msisdn, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX early_receipts_at ON early_receipts (at);

-- Messages that wait for the others of their packet.
CREATE TABLE inbox (
  msisdn    TEXT NOT NULL,
  user_data BLOB NOT NULL,
  received  INTEGER NOT NULL,
  PRIMARY KEY (msisdn, user_data)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_received ON inbox (received);
