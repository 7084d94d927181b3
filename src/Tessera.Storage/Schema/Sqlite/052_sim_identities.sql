-- Who a SIM is that was issued: its keys come from the vault, or were given, and are not here.
ALTER TABLE issuances ADD COLUMN sim_identity BLOB; -- ICCID, IMSI and what its files tell beside them; null for a card that is none
ALTER TABLE issuances ADD COLUMN iccid TEXT;
ALTER TABLE issuances ADD COLUMN imsi TEXT;
CREATE UNIQUE INDEX issued_iccids ON issuances (iccid) WHERE iccid IS NOT NULL;
CREATE UNIQUE INDEX issued_imsis ON issuances (imsi) WHERE imsi IS NOT NULL;
