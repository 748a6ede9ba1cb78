-- SPDX-License-Identifier: EUPL-1.2
-- Who of a session is questioned apart now: persons, and its officer. Everybody else is in the meeting's room.
CREATE TABLE apart (
  session TEXT NOT NULL REFERENCES session (id),
  participant TEXT NOT NULL,       -- person id or staff id
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (session, participant)
);

-- Written where? Those in the other room do not read it.
ALTER TABLE chat_line ADD COLUMN is_apart BIGINT NOT NULL DEFAULT 0;
