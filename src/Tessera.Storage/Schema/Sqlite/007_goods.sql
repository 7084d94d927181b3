-- What a debit brings in its own step, as its S2 covers it.
ALTER TABLE intent_moves ADD COLUMN goods BLOB NOT NULL DEFAULT x'';
