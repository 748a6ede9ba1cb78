-- SPDX-License-Identifier: EUPL-1.2
-- Ids are text, instants UTC milliseconds, truth values 0 and 1, lists JSON.

-- Every declaration a person made; the latest of a session counts. Rows are never changed.
CREATE TABLE consent (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL,
	session TEXT NOT NULL,
	person TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('given', 'refused', 'withdrawn')),
	text_version TEXT NOT NULL,
	language TEXT NOT NULL,
	declared_by TEXT NOT NULL,
	declared_ms BIGINT NOT NULL,
	number BIGINT NOT NULL,
	UNIQUE (session, person, number)
);

-- The chain of committed seeds: the newest of an organisation is not used yet, and known only here.
CREATE TABLE draw_seed (
	organisation TEXT NOT NULL,
	number BIGINT NOT NULL,
	seed TEXT NOT NULL,
	commitment TEXT NOT NULL,
	committed_sequence BIGINT NOT NULL,
	PRIMARY KEY (organisation, number)
);

CREATE TABLE draw (
	organisation TEXT NOT NULL,
	number BIGINT NOT NULL,
	label TEXT NOT NULL,
	proof TEXT NOT NULL,
	drawn_ms BIGINT NOT NULL,
	PRIMARY KEY (organisation, number)
);
CREATE INDEX draw_label ON draw (label);

CREATE TABLE attempt (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL,
	session TEXT NOT NULL,
	person TEXT NOT NULL,
	number BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'aborted', 'closed')),
	procedure_key TEXT NOT NULL,
	procedure_version BIGINT NOT NULL,
	procedure_sha256 TEXT NOT NULL,
	document_type TEXT NOT NULL,
	officer TEXT NOT NULL,
	officer_organisation TEXT NOT NULL,
	started_ms BIGINT NOT NULL,
	ended_ms BIGINT,
	mrz TEXT,
	verdict TEXT CHECK (verdict IN ('identified', 'not_identified', 'aborted')),
	reasons TEXT NOT NULL DEFAULT '[]',
	second_examiner TEXT,
	UNIQUE (person, number)
);
CREATE INDEX attempt_session ON attempt (session);

-- A step of an attempt, in the order drawn for it. `choice` names the feature, spot or question that was drawn.
CREATE TABLE attempt_check (
	attempt TEXT NOT NULL REFERENCES attempt (id),
	position BIGINT NOT NULL,
	step TEXT NOT NULL,
	kind TEXT NOT NULL,
	rule TEXT NOT NULL,
	choice TEXT,
	state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed')),
	result TEXT,
	answer TEXT,
	still TEXT,
	tries BIGINT NOT NULL,
	decided_by TEXT,
	decided_ms BIGINT,
	PRIMARY KEY (attempt, position),
	UNIQUE (attempt, step)
);

CREATE TABLE tan (
	attempt TEXT PRIMARY KEY REFERENCES attempt (id),
	salt TEXT NOT NULL,
	hash TEXT NOT NULL,
	sent_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	sent_count BIGINT NOT NULL,
	tries_left BIGINT NOT NULL,
	used_ms BIGINT
);

-- What was captured: an encrypted file, and the hash of what is in it.
CREATE TABLE evidence (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL,
	session TEXT NOT NULL,
	attempt TEXT REFERENCES attempt (id),
	person TEXT,
	kind TEXT NOT NULL CHECK (kind IN ('still', 'recording')),
	step TEXT,
	origin TEXT NOT NULL,
	file TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	details TEXT NOT NULL,
	taken_ms BIGINT NOT NULL,
	destroyed_ms BIGINT
);
CREATE INDEX evidence_session ON evidence (session);

-- The signed document about one verdict. `body` is what is signed; `sealed` the whole file, once a checkpoint covers the verdict.
CREATE TABLE report (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL,
	attempt TEXT NOT NULL UNIQUE REFERENCES attempt (id),
	session TEXT NOT NULL,
	person TEXT NOT NULL,
	verdict TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	body TEXT NOT NULL,
	sealed TEXT,
	made_ms BIGINT NOT NULL
);
CREATE INDEX report_session ON report (session);
