-- SPDX-License-Identifier: EUPL-1.2
-- name: APPOINTMENT_GET
SELECT * FROM appointment WHERE id = $id;

-- name: APPOINTMENT_OF_CASE
SELECT * FROM appointment WHERE case_id = $case_id;

-- name: APPOINTMENT_BY_CONFIRM_HASH
SELECT * FROM appointment WHERE confirm_hash = $confirm_hash;

-- name: APPOINTMENT_BY_HOLD_KEY
SELECT * FROM appointment WHERE visitor = $visitor AND hold_key = $hold_key;

-- name: APPOINTMENT_HELD_BY
SELECT * FROM appointment WHERE visitor = $visitor AND state = 'held';

-- What one address keeps from others: held, or booked without an answer to the mail.
-- name: APPOINTMENT_COUNT_OF_ADDRESS
SELECT COUNT(*) AS count FROM appointment
WHERE address_hash = $address_hash AND state IN ('held', 'awaiting_mail') AND expires_ms > $now_ms;

-- name: APPOINTMENT_INSERT
INSERT INTO appointment (id, state, revision, sequence, responsible, performing, office, visitor, address_hash, hold_key, service_key,
	service_name_de, service_name_en, procedure, is_identifying, person_count, fee_cent, start_ms, end_ms, is_together,
	expires_ms, extensions, created_ms)
SELECT $id, 'held', 0, 0, office.organisation, office.organisation, office.id, $visitor, $address_hash, $hold_key, service.key,
	service.name_de, service.name_en, service.procedure, service.is_identifying, service.person_count, service.fee_cent, $start_ms,
	$end_ms, 1, $expires_ms, 0, $now_ms
FROM office JOIN service ON service.id = $service WHERE office.id = $office;

-- Compare and swap: no row when somebody changed the appointment since it was loaded. What is confirmed or over came from nowhere.
-- name: APPOINTMENT_SWAP
UPDATE appointment SET state = $next_state, revision = revision + 1, sequence = $sequence, performing = $performing,
	agreement = $agreement, performed_ms = $performed_ms, case_id = $case_id, confirm_hash = $confirm_hash, start_ms = $start_ms,
	end_ms = $end_ms, is_together = $is_together, expires_ms = $expires_ms, extensions = $extensions,
	checked_in_ms = $checked_in_ms,
	address_hash = CASE WHEN $next_state IN ('held', 'awaiting_mail') THEN address_hash END
WHERE id = $id AND state = $state AND revision = $revision;

-- name: APPOINTMENT_EXPIRED
SELECT * FROM appointment WHERE state IN ('held', 'awaiting_mail') AND expires_ms <= $now_ms ORDER BY expires_ms LIMIT $limit;

-- name: APPOINTMENT_TO_FORGET
SELECT * FROM appointment WHERE state = 'expired' AND expires_ms <= $expired_ms ORDER BY expires_ms LIMIT $limit;

-- name: APPOINTMENT_DELETE
DELETE FROM appointment WHERE id = $id;

-- name: APPOINTMENT_MISSED
SELECT * FROM appointment WHERE state IN ('confirmed', 'checked_in') AND end_ms <= $ended_ms ORDER BY end_ms LIMIT $limit;

-- Who booked shortly before needs no reminder.
-- name: APPOINTMENT_TO_REMIND
SELECT * FROM appointment
WHERE state = 'confirmed' AND start_ms > $now_ms AND start_ms <= $now_ms + $before_ms
	AND start_ms - created_ms > 2 * $before_ms AND NOT EXISTS (
	SELECT id FROM notice WHERE appointment = appointment.id AND revision = appointment.sequence AND kind = $kind)
ORDER BY start_ms LIMIT $limit;

-- name: AGREEMENT_PERFORMER
SELECT performer FROM agreement WHERE id = $agreement AND responsible = $responsible;

-- name: CASE_DELETE
DELETE FROM case_file WHERE id = $case_id;

-- name: CASE_INSERT
INSERT INTO case_file (id, organisation, office, created_ms) VALUES ($id, $organisation, $office, $now_ms);

-- name: APPOINTMENT_UNCONFIRMED
SELECT COUNT(*) AS count FROM appointment JOIN person ON person.case_id = appointment.case_id
WHERE appointment.state = 'awaiting_mail' AND appointment.expires_ms > $now_ms AND person.role = 'partner_1' AND person.email = $email;
