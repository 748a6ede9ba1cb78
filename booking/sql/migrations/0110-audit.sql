-- SPDX-License-Identifier: EUPL-1.2
-- The audit log (booking/audit/log.h). Rows of entry and checkpoint are never changed or deleted.

CREATE TABLE log (
	organisation TEXT PRIMARY KEY,
	size BIGINT NOT NULL
);

CREATE TABLE entry (
	organisation TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	time_ms BIGINT NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	subjects TEXT NOT NULL, -- canonical JSON array
	digest TEXT,            -- SHA-256 of salt and details; NULL: without details
	hashes TEXT NOT NULL,   -- the leaf's, then that of each complete subtree which ends with this leaf, upwards
	PRIMARY KEY (organisation, sequence)
);

-- May be deleted row by row, once an entry "details.erased" says so.
CREATE TABLE entry_details (
	organisation TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	salt TEXT NOT NULL,
	details TEXT NOT NULL, -- canonical JSON object
	PRIMARY KEY (organisation, sequence)
);

-- Only an index into entry.subjects: no evidence.
CREATE TABLE entry_subject (
	organisation TEXT NOT NULL,
	subject TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	PRIMARY KEY (organisation, subject, sequence)
);

CREATE TABLE checkpoint (
	organisation TEXT NOT NULL,
	size BIGINT NOT NULL,
	note TEXT NOT NULL, -- C2SP signed note
	time_ms BIGINT NOT NULL,
	PRIMARY KEY (organisation, size)
);

CREATE TABLE log_key (
	organisation TEXT PRIMARY KEY,
	verifier TEXT NOT NULL -- C2SP verifier key
);
