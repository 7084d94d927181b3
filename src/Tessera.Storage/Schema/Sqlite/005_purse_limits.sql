-- What a purse was ordered to do without its issuer, and proved: the allowance is held on the account.
CREATE TABLE purse_limits (
  card_id     TEXT PRIMARY KEY REFERENCES card_copies,
  allowance   INTEGER NOT NULL CHECK (allowance BETWEEN 0 AND 4294967295), -- left of it
  without_pin INTEGER CHECK (without_pin BETWEEN 0 AND 4294967295)         -- null where it was never ordered
) STRICT, WITHOUT ROWID;
