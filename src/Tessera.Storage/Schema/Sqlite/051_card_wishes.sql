-- What is wanted of the purse of one card, whatever is wanted of all: ordered at its next contact. Minor units, null for nothing.
ALTER TABLE issuances ADD COLUMN offline_allowance INTEGER CHECK (offline_allowance BETWEEN 0 AND 4294967295);
ALTER TABLE issuances ADD COLUMN without_pin INTEGER CHECK (without_pin BETWEEN 0 AND 4294967295);
