-- SPDX-License-Identifier: EUPL-1.2
-- From where a time is kept that is not confirmed yet: a keyed hash of the client's address, erased when that ends.
ALTER TABLE appointment ADD COLUMN address_hash TEXT;
CREATE INDEX appointment_address ON appointment (address_hash) WHERE address_hash IS NOT NULL;
