-- SPDX-License-Identifier: EUPL-1.2
-- name: RECORDING_OF_SESSION
SELECT * FROM recording WHERE session = $session;

-- name: RECORDING_GET
SELECT r.*, s.appointment, s.officer FROM recording r JOIN session s ON s.id = r.session WHERE r.id = $id;

-- name: RECORDING_ADD
INSERT INTO recording (id, session, organisation, state, folder, part, bytes) VALUES ($id, $session, $organisation, 'starting', $folder, 1, 0);

-- name: RECORDING_STATE
UPDATE recording SET state = $state, since_ms = CASE WHEN $state = 'on' THEN $now ELSE since_ms END,
  started_ms = CASE WHEN $state = 'on' THEN COALESCE(started_ms, $now) ELSE started_ms END,
  stopped_ms = CASE WHEN $state IN ('stopped', 'destroyed') THEN $now ELSE stopped_ms END
WHERE id = $id;

-- name: RECORDING_PART
UPDATE recording SET part = $part WHERE id = $id;

-- name: RECORDING_CHAIN
UPDATE recording SET chain = $chain, bytes = $bytes WHERE id = $id;

-- name: RECORDING_FILES
UPDATE recording SET chain = $chain, files = $files WHERE id = $id;

-- name: RECORDING_LIST
SELECT id, session AS session, state, started_ms, stopped_ms, part, bytes, chain, files FROM recording
WHERE organisation = $organisation ORDER BY started_ms DESC LIMIT 500;

-- name: RECORDING_COUNT
SELECT state, COUNT(*) AS count FROM recording GROUP BY state;
