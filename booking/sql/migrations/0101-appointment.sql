-- SPDX-License-Identifier: EUPL-1.2
-- Cases, persons, appointments, and what follows from them.

-- One matter of one couple (Vorgang). "case" is a word of SQL.
CREATE TABLE case_file (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL REFERENCES organisation (id),
	office TEXT NOT NULL REFERENCES office (id),
	created_ms BIGINT NOT NULL
);

CREATE TABLE person (
	id TEXT PRIMARY KEY,
	case_id TEXT NOT NULL REFERENCES case_file (id),
	role TEXT NOT NULL CHECK (role IN ('partner_1', 'partner_2', 'interpreter', 'witness', 'proxy')),
	given_names TEXT NOT NULL,
	family_name TEXT NOT NULL,
	birth_name TEXT,
	birth_date TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT,
	language TEXT NOT NULL,
	document_type TEXT NOT NULL,
	has_confirmed BIGINT NOT NULL,
	link_hash TEXT UNIQUE,
	link_tries BIGINT NOT NULL,
	link_tries_total BIGINT NOT NULL,
	link_locked_until_ms BIGINT NOT NULL
);
CREATE INDEX person_case ON person (case_id);

CREATE TABLE appointment (
	id TEXT PRIMARY KEY,
	state TEXT NOT NULL,
	revision BIGINT NOT NULL,
	sequence BIGINT NOT NULL,
	responsible TEXT NOT NULL REFERENCES organisation (id),
	performing TEXT NOT NULL REFERENCES organisation (id),
	agreement TEXT REFERENCES agreement (id),
	performed_ms BIGINT,
	office TEXT NOT NULL REFERENCES office (id),
	case_id TEXT UNIQUE REFERENCES case_file (id),
	visitor TEXT NOT NULL,
	hold_key TEXT NOT NULL,
	confirm_hash TEXT UNIQUE,
	-- the service as it was when booked
	service_key TEXT NOT NULL,
	service_name_de TEXT NOT NULL,
	service_name_en TEXT NOT NULL,
	procedure TEXT NOT NULL,
	is_identifying BIGINT NOT NULL,
	person_count BIGINT NOT NULL,
	fee_cent BIGINT NOT NULL,
	start_ms BIGINT NOT NULL,
	end_ms BIGINT NOT NULL,
	is_together BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	extensions BIGINT NOT NULL,
	checked_in_ms BIGINT,
	created_ms BIGINT NOT NULL,
	UNIQUE (visitor, hold_key)
);
CREATE INDEX appointment_office_start ON appointment (office, start_ms);
CREATE INDEX appointment_state ON appointment (state, start_ms);
CREATE INDEX appointment_expiry ON appointment (state, expires_ms);
CREATE INDEX appointment_agreement ON appointment (agreement, performed_ms);

-- The one place where a time is given away. A cell is five minutes: instant / 300000.
CREATE TABLE claim (
	resource TEXT NOT NULL,
	cell BIGINT NOT NULL,
	appointment TEXT NOT NULL REFERENCES appointment (id),
	PRIMARY KEY (resource, cell)
);
CREATE INDEX claim_appointment ON claim (appointment);

-- Who is in the waiting room.
CREATE TABLE waiting (
	person TEXT PRIMARY KEY REFERENCES person (id),
	appointment TEXT NOT NULL REFERENCES appointment (id),
	entered_ms BIGINT NOT NULL,
	left_ms BIGINT,
	nonce TEXT NOT NULL
);
CREATE INDEX waiting_appointment ON waiting (appointment);

-- The outbox. `mail` is erased when sent.
CREATE TABLE notice (
	id TEXT PRIMARY KEY,
	appointment TEXT NOT NULL REFERENCES appointment (id),
	revision BIGINT NOT NULL,
	kind TEXT NOT NULL,
	person TEXT NOT NULL REFERENCES person (id),
	state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
	recipient TEXT,
	mail TEXT,
	tries BIGINT NOT NULL,
	due_ms BIGINT NOT NULL,
	created_ms BIGINT NOT NULL,
	sent_ms BIGINT,
	UNIQUE (appointment, revision, kind, person)
);
CREATE INDEX notice_state ON notice (state, due_ms);
