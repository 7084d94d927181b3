-- What holders of revoked cards got back of allowances, unproven, and what of that the issuer paid when it came late.
ALTER TABLE purse_limits ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0 CHECK (given_back >= 0);
ALTER TABLE purse_limits ADD COLUMN borne INTEGER NOT NULL DEFAULT 0 CHECK (borne >= 0);
