-- SPDX-License-Identifier: EUPL-1.2
-- Signed-in browsers. `hash` is SHA-256 of the cookie's secret; `peer` the media peer of the device.
CREATE TABLE cookie_session (
  hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,              -- person, staff
  subject TEXT NOT NULL,           -- person id or staff id
  organisation TEXT NOT NULL,
  peer TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX cookie_session_by_subject ON cookie_session (subject);
CREATE INDEX cookie_session_by_peer ON cookie_session (peer);

-- The live meeting of an appointment, from the first check-in to the end. States: signaling/session.c.
CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  appointment TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL,   -- responsible
  performing TEXT NOT NULL,     -- the officer's organisation
  agreement TEXT,               -- under which it performs for another
  case_id TEXT NOT NULL,
  state TEXT NOT NULL,             -- waiting, assigned, live, wrap_up, ended
  place_ms BIGINT NOT NULL,        -- since when the people wait; kept when an officer vanishes
  officer TEXT,                    -- staff id
  assigned_ms BIGINT,
  live_ms BIGINT,
  wrap_up_ms BIGINT,
  ended_ms BIGINT,
  end_reason TEXT,
  note TEXT,
  draw TEXT,                       -- proof of the assignment, JSON
  revision BIGINT NOT NULL
);
CREATE INDEX session_by_state ON session (state);
CREATE INDEX session_by_case ON session (case_id);
CREATE INDEX session_by_officer ON session (officer, state);

-- Who is there: one row for each person and officer, with the device they are at now.
CREATE TABLE presence (
  participant TEXT NOT NULL PRIMARY KEY, -- person id or staff id
  peer TEXT NOT NULL,
  claimed_ms BIGINT NOT NULL,      -- when this device was signed in, or chosen: the newest counts
  is_connected BIGINT NOT NULL,    -- its page is open
  is_media_up BIGINT NOT NULL,     -- its media arrives
  audio BIGINT NOT NULL,           -- switched on by the person
  video BIGINT NOT NULL,
  page_lost_ms BIGINT,             -- since when the page is gone
  media_lost_ms BIGINT             -- since when media that was up is gone
);
CREATE INDEX presence_by_peer ON presence (peer);

CREATE TABLE chat_line (
  session TEXT NOT NULL REFERENCES session (id),
  number BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  participant TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  salt TEXT NOT NULL,              -- the log has SHA-256 of salt and text: erased with the line
  PRIMARY KEY (session, number)
);

-- What an officer does today.
CREATE TABLE desk (
  staff TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL,
  state TEXT NOT NULL,             -- off, ready, assigned, in_session, wrap_up, paused
  room_attested_ms BIGINT,
  ready_ms BIGINT
);
CREATE INDEX desk_by_state ON desk (state);

CREATE TABLE recording (
  id TEXT NOT NULL PRIMARY KEY,
  session TEXT NOT NULL UNIQUE REFERENCES session (id),
  organisation TEXT NOT NULL,
  state TEXT NOT NULL,             -- starting, on, paused, failed, stopped, destroyed
  folder TEXT NOT NULL,            -- below the data folder
  part BIGINT NOT NULL,
  since_ms BIGINT,                 -- of the part that runs
  started_ms BIGINT,
  stopped_ms BIGINT,
  bytes BIGINT NOT NULL,
  chain TEXT,
  files TEXT                       -- JSON: file, sha256 and bytes of each
);
