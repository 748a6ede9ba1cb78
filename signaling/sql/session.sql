-- SPDX-License-Identifier: EUPL-1.2
-- name: SESSION_GET
SELECT s.*, r.state AS recording_state FROM session s LEFT JOIN recording r ON r.session = s.id WHERE s.id = $id;

-- name: SESSION_BY_CASE
SELECT s.*, r.state AS recording_state FROM session s LEFT JOIN recording r ON r.session = s.id WHERE s.case_id = $case;

-- name: SESSION_BY_APPOINTMENT
SELECT s.*, r.state AS recording_state FROM session s LEFT JOIN recording r ON r.session = s.id WHERE s.appointment = $appointment;

-- name: SESSION_IN_HAND
SELECT s.*, r.state AS recording_state FROM session s LEFT JOIN recording r ON r.session = s.id
WHERE s.officer = $officer AND s.state IN ('assigned', 'live', 'wrap_up');

-- name: SESSION_ADD
INSERT INTO session (id, appointment, case_id, organisation, performing, agreement, state, place_ms, officer, assigned_ms, draw, revision)
VALUES ($id, $appointment, $case, $organisation, $performing, $agreement, 'assigned', $place, $officer, $now, $draw, 1);

-- name: SESSION_ASSIGN_AGAIN
UPDATE session SET state = 'assigned', officer = $officer, performing = $performing, agreement = $agreement, assigned_ms = $now, draw = $draw, revision = revision + 1
WHERE id = $id AND state = 'waiting';

-- name: SESSION_MOVE
UPDATE session SET state = $to, revision = revision + 1,
  officer = CASE WHEN $to = 'waiting' THEN NULL ELSE officer END,
  live_ms = CASE WHEN $to = 'live' THEN $now ELSE live_ms END,
  wrap_up_ms = CASE WHEN $to = 'wrap_up' THEN $now ELSE wrap_up_ms END,
  ended_ms = CASE WHEN $to = 'ended' THEN $now ELSE ended_ms END,
  end_reason = COALESCE($reason, end_reason), note = COALESCE($note, note)
WHERE id = $id AND state = $from;

-- name: SESSION_NONCES
SELECT w.nonce FROM waiting w JOIN person p ON p.id = w.person WHERE p.case_id = $case AND w.left_ms IS NULL ORDER BY p.role;

-- name: SESSION_COUNT
SELECT state, COUNT(*) AS count FROM session GROUP BY state;

-- name: SESSION_OFFICERS_LOST
SELECT s.id FROM session s LEFT JOIN presence p ON p.participant = s.officer
WHERE (s.state = 'assigned' AND (s.assigned_ms < $join_limit OR (p.is_connected = 0 AND p.page_lost_ms < $assigned_limit)))
   OR (s.state = 'live' AND p.is_connected = 0 AND p.page_lost_ms < $live_limit);

-- name: SESSION_MEDIA_LOST
SELECT s.id AS session, p.participant AS person FROM session s
JOIN person ON person.case_id = s.case_id JOIN presence p ON p.participant = person.id
WHERE s.state = 'live' AND p.is_media_up = 0 AND p.media_lost_ms < $limit
  AND EXISTS (SELECT 1 FROM attempt a WHERE a.session = s.id AND a.person = person.id AND a.state = 'running');

-- name: SESSION_OF_PARTICIPANT
SELECT s.id FROM session s WHERE s.state IN ('assigned', 'live', 'wrap_up')
  AND (s.officer = $participant OR s.case_id = (SELECT case_id FROM person WHERE id = $participant));

-- name: SESSION_AWAY
SELECT p.peer FROM session s JOIN presence p ON p.is_connected = 0
WHERE s.id = $session AND s.state = 'live' AND (p.participant = s.officer OR p.participant IN
  (SELECT w.person FROM waiting w JOIN person q ON q.id = w.person WHERE q.case_id = s.case_id AND w.left_ms IS NULL));

-- No row when the session has so many lines. (The last number is found in the key, without counting.)
-- name: CHAT_ADD
INSERT INTO chat_line (session, number, at_ms, participant, name, text, salt, is_apart)
SELECT $session, line.last + 1, $now, $participant, $name, $text, $salt, $apart
FROM (SELECT COALESCE(MAX(number), 0) AS last FROM chat_line WHERE session = $session) AS line WHERE line.last < $most
RETURNING number;

-- Of one room, or (`apart` -1) of both.
-- name: CHAT_LIST
SELECT at_ms, participant, name, text FROM chat_line WHERE session = $session AND at_ms >= $since AND ($apart < 0 OR is_apart = $apart)
ORDER BY number DESC LIMIT $limit;

-- name: DESK_GET
SELECT d.*, COALESCE(p.is_connected, 0) AS is_connected, p.peer FROM desk d LEFT JOIN presence p ON p.participant = d.staff WHERE d.staff = $staff;

-- name: DESK_SET
INSERT INTO desk (staff, organisation, state, ready_ms) VALUES ($staff, $organisation, $state, $now)
ON CONFLICT (staff) DO UPDATE SET organisation = $organisation, state = $state,
  ready_ms = CASE WHEN $state = 'ready' THEN $now ELSE desk.ready_ms END;

-- name: DESK_ATTEST
UPDATE desk SET room_attested_ms = $now WHERE staff = $staff;

-- name: DESK_READY
SELECT d.staff, d.organisation FROM desk d JOIN presence p ON p.participant = d.staff
WHERE d.state = 'ready' AND p.is_connected = 1 ORDER BY d.ready_ms, d.staff;

-- name: DESK_LOST
SELECT d.staff, d.organisation FROM desk d LEFT JOIN presence p ON p.participant = d.staff
WHERE d.state = 'ready' AND COALESCE(p.is_connected, 0) = 0 AND COALESCE(p.page_lost_ms, 0) < $limit;

-- name: DESK_ON_DUTY
SELECT COUNT(*) AS count FROM desk WHERE organisation = $organisation AND state IN ('ready', 'assigned', 'in_session', 'wrap_up');

-- name: DESK_ORGANISATIONS_SERVED
SELECT responsible FROM agreement WHERE performer = $organisation AND valid_from_ms <= $now AND valid_until_ms > $now
ORDER BY responsible;

-- name: DESK_LANGUAGES
SELECT s.languages FROM desk d JOIN staff s ON s.id = d.staff
WHERE d.organisation = $organisation AND d.state IN ('ready', 'assigned', 'in_session', 'wrap_up');

-- name: ORGANISATION_IDS
SELECT id FROM organisation ORDER BY id;

-- name: WAITING_CONNECTED
SELECT COUNT(*) AS count FROM waiting w JOIN presence p ON p.participant = w.person
WHERE w.appointment = $appointment AND w.left_ms IS NULL AND p.is_connected = 1;

-- Those in hand, those whose recording is open, and those whose consent was withdrawn and whose recording is not destroyed.
-- name: SESSION_TO_CONDUCT
SELECT id FROM session WHERE state IN ('assigned', 'live', 'wrap_up')
UNION SELECT session AS id FROM recording WHERE state IN ('starting', 'on', 'paused')
UNION SELECT c.session AS id FROM consent c JOIN recording r ON r.session = c.session WHERE c.state = 'withdrawn' AND r.state <> 'destroyed';
