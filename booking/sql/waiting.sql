-- SPDX-License-Identifier: EUPL-1.2
-- name: WAITING_ENTER
INSERT INTO waiting (person, appointment, entered_ms, left_ms, nonce) VALUES ($person, $appointment, $now_ms, NULL, $nonce)
ON CONFLICT (person) DO UPDATE SET left_ms = NULL, nonce = excluded.nonce
WHERE waiting.left_ms IS NOT NULL OR waiting.nonce <> excluded.nonce;

-- name: WAITING_LEAVE
UPDATE waiting SET left_ms = $now_ms WHERE person = $person AND left_ms IS NULL;

-- name: WAITING_IS_PRESENT
SELECT person FROM waiting WHERE person = $person AND left_ms IS NULL;

-- Partners who are not there yet.
-- name: WAITING_MISSING
SELECT COUNT(*) AS missing FROM person
WHERE case_id = $case_id AND role IN ('partner_1', 'partner_2')
	AND NOT EXISTS (SELECT waiting.person FROM waiting WHERE waiting.person = person.id AND waiting.left_ms IS NULL);

-- name: WAITING_LIST
SELECT appointment.id AS appointment, appointment.responsible, appointment.office, appointment.service_key, appointment.procedure,
	person.language, appointment.is_identifying, appointment.start_ms, appointment.end_ms, appointment.checked_in_ms
FROM appointment JOIN person ON person.case_id = appointment.case_id AND person.role = 'partner_1'
WHERE appointment.state = 'checked_in' AND ($responsible IS NULL OR appointment.responsible = $responsible)
ORDER BY appointment.start_ms, appointment.checked_in_ms, appointment.id;

-- name: WAITING_NONCES
SELECT waiting.nonce FROM waiting JOIN person ON person.id = waiting.person
WHERE waiting.appointment = $appointment ORDER BY person.role, person.id;

-- name: WAITING_BEFORE
SELECT COUNT(*) AS before, COALESCE(SUM(other.end_ms - other.start_ms), 0) AS work_ms
FROM appointment AS mine JOIN appointment AS other ON other.office = mine.office AND other.state = 'checked_in'
	AND (other.start_ms < mine.start_ms OR (other.start_ms = mine.start_ms AND other.checked_in_ms < mine.checked_in_ms)
		OR (other.start_ms = mine.start_ms AND other.checked_in_ms = mine.checked_in_ms AND other.id < mine.id))
WHERE mine.id = $appointment;

-- name: APPOINTMENT_STATE
SELECT state FROM appointment WHERE id = $appointment;
