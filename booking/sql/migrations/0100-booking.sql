-- SPDX-License-Identifier: EUPL-1.2
-- Tenants and what they offer.

CREATE TABLE organisation (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('municipality', 'contractor')),
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	imprint TEXT NOT NULL,
	privacy_contact TEXT NOT NULL,
	-- `age` recipients, separated by blanks: who opens recordings, and the second person when two are needed
	recipients TEXT NOT NULL,
	second_recipients TEXT NOT NULL
);

CREATE TABLE office (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL REFERENCES organisation (id),
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	phone TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	land TEXT NOT NULL,
	municipality_key TEXT NOT NULL,
	language TEXT NOT NULL,
	is_active BIGINT NOT NULL
);

-- Weekly series. A change ends the row (valid_until, exclusive) and begins another. Days count from 1970-01-01.
CREATE TABLE opening_rule (
	id TEXT PRIMARY KEY,
	office TEXT NOT NULL REFERENCES office (id),
	weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
	from_minute BIGINT NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
	to_minute BIGINT NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
	valid_from BIGINT NOT NULL,
	valid_until BIGINT,
	CHECK (from_minute < to_minute)
);
CREATE INDEX opening_rule_office ON opening_rule (office);

-- On this day these hours instead of series and holiday.
CREATE TABLE opening_exception (
	id TEXT PRIMARY KEY,
	office TEXT NOT NULL REFERENCES office (id),
	day BIGINT NOT NULL,
	from_minute BIGINT NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
	to_minute BIGINT NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
	CHECK (from_minute < to_minute)
);
CREATE INDEX opening_exception_office ON opening_exception (office, day);

-- Closed on these days whatever else is said.
CREATE TABLE closure (
	id TEXT PRIMARY KEY,
	office TEXT NOT NULL REFERENCES office (id),
	first_day BIGINT NOT NULL,
	last_day BIGINT NOT NULL,
	reason TEXT NOT NULL
);
CREATE INDEX closure_office ON closure (office);

-- Where a municipality differs from its Land: by rule ("assumption") or for one day ("2027-08-08").
CREATE TABLE holiday_override (
	municipality_key TEXT NOT NULL,
	holiday TEXT NOT NULL,
	is_holiday BIGINT NOT NULL,
	PRIMARY KEY (municipality_key, holiday)
);

-- A service of an organisation, or of one office when `office` is given (which then wins).
CREATE TABLE service (
	id TEXT PRIMARY KEY,
	organisation TEXT NOT NULL REFERENCES organisation (id),
	office TEXT REFERENCES office (id),
	key TEXT NOT NULL,
	name_de TEXT NOT NULL,
	name_en TEXT NOT NULL,
	about_de TEXT NOT NULL,
	about_en TEXT NOT NULL,
	duration_min BIGINT NOT NULL CHECK (duration_min > 0 AND duration_min % 5 = 0),
	buffer_before_min BIGINT NOT NULL CHECK (buffer_before_min >= 0 AND buffer_before_min % 5 = 0),
	buffer_after_min BIGINT NOT NULL CHECK (buffer_after_min >= 0 AND buffer_after_min % 5 = 0),
	step_min BIGINT NOT NULL CHECK (step_min > 0 AND step_min % 5 = 0),
	lead_min BIGINT NOT NULL,
	horizon_days BIGINT NOT NULL,
	procedure TEXT NOT NULL,
	person_count BIGINT NOT NULL CHECK (person_count BETWEEN 1 AND 2),
	fee_cent BIGINT NOT NULL,
	is_identifying BIGINT NOT NULL,
	position BIGINT NOT NULL,
	is_active BIGINT NOT NULL
);
CREATE INDEX service_organisation ON service (organisation, key);

-- Capacity: as many rows as an office can serve at once.
CREATE TABLE seat (
	id TEXT PRIMARY KEY,
	office TEXT NOT NULL REFERENCES office (id),
	number BIGINT NOT NULL,
	UNIQUE (office, number)
);

CREATE TABLE staff (
	id TEXT PRIMARY KEY,
	login TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	language TEXT NOT NULL,
	languages TEXT NOT NULL,
	is_active BIGINT NOT NULL
);

-- Tries without success, of logins that there are and that there are not.
CREATE TABLE sign_in_try (
	login TEXT PRIMARY KEY, -- SHA-256
	tries BIGINT NOT NULL,
	locked_until_ms BIGINT NOT NULL,
	tried_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_try_age ON sign_in_try (tried_ms);

CREATE TABLE staff_role (
	staff TEXT NOT NULL REFERENCES staff (id),
	organisation TEXT NOT NULL REFERENCES organisation (id),
	role TEXT NOT NULL CHECK (role IN ('administrator', 'registrar', 'examiner', 'reviewer', 'privacy_officer')),
	office TEXT REFERENCES office (id),
	PRIMARY KEY (staff, organisation, role)
);
CREATE INDEX staff_role_organisation ON staff_role (organisation);

-- V-03: before the first session, then at least yearly.
CREATE TABLE training (
	staff TEXT NOT NULL REFERENCES staff (id),
	held_ms BIGINT NOT NULL,
	valid_until_ms BIGINT NOT NULL,
	PRIMARY KEY (staff, held_ms)
);

-- `performer` may take sessions of `responsible`. Lists are separated by commas; empty: all.
CREATE TABLE agreement (
	id TEXT PRIMARY KEY,
	responsible TEXT NOT NULL REFERENCES organisation (id),
	performer TEXT NOT NULL REFERENCES organisation (id),
	services TEXT NOT NULL,
	languages TEXT NOT NULL,
	quota_per_day BIGINT NOT NULL,
	price_cent BIGINT NOT NULL,
	valid_from_ms BIGINT NOT NULL,
	valid_until_ms BIGINT NOT NULL,
	CHECK (responsible <> performer)
);
CREATE INDEX agreement_performer ON agreement (performer);

CREATE TABLE agreement_rule (
	agreement TEXT NOT NULL REFERENCES agreement (id),
	kind TEXT NOT NULL CHECK (kind IN ('own_busy', 'wait_over', 'outside_hours', 'language', 'always')),
	minutes BIGINT NOT NULL,
	PRIMARY KEY (agreement, kind)
);
