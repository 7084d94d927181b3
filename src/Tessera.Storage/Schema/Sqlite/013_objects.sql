-- Signed objects: the number of the next one, and the coupons whose removal was begun, each with the mark that proves it.

CREATE TABLE object_numbers (
  next INTEGER NOT NULL CHECK (next BETWEEN 1 AND 4294967296)
) STRICT;

INSERT INTO object_numbers (next) VALUES (1);

CREATE TABLE redemptions (
  number  INTEGER PRIMARY KEY, -- of the object: it is redeemed once
  card_id TEXT NOT NULL REFERENCES cards,
  object  BLOB NOT NULL,       -- as it was on the card
  mark    BLOB NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
