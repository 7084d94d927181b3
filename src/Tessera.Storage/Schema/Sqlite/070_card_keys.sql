-- Cards of any maker that are known by a key of theirs, and what certificates call the holders of some.

CREATE TABLE card_keys (
  key_digest BLOB PRIMARY KEY,                 -- SHA-256 of the SubjectPublicKeyInfo
  card_id    TEXT NOT NULL REFERENCES cards,
  subject    TEXT NOT NULL,
  name       TEXT                              -- null where an operator registered the card
) STRICT;

CREATE TABLE holder_names (
  name      TEXT PRIMARY KEY,                  -- with its kind in front: mail:ada@town.example
  holder_id TEXT NOT NULL REFERENCES holders
) STRICT;
