-- SPDX-License-Identifier: EUPL-1.2
-- An expired hold is free: it loses its cells before anybody claims.
-- name: CLAIM_DROP_EXPIRED
DELETE FROM claim WHERE appointment IN
	(SELECT id FROM appointment WHERE state IN ('held', 'awaiting_mail') AND expires_ms <= $now_ms);

-- A seat nobody has in the span, or the own one where nobody else has it. (The first test alone needs no look at the rows.)
-- name: CLAIM_FREE_SEAT
SELECT id FROM seat
WHERE office = $office AND (
	NOT EXISTS (SELECT cell FROM claim WHERE resource = seat.id AND cell BETWEEN $first AND $last)
	OR (id IN (SELECT resource FROM claim WHERE appointment = $appointment) AND NOT EXISTS (
		SELECT cell FROM claim WHERE resource = seat.id AND cell BETWEEN $first AND $last AND appointment <> $appointment)))
ORDER BY number LIMIT 1;

-- name: CLAIM_INSERT
WITH RECURSIVE span (cell) AS (SELECT CAST($first AS BIGINT) UNION ALL SELECT cell + 1 FROM span WHERE cell < $last)
INSERT INTO claim (resource, cell, appointment) SELECT $resource, cell, $appointment FROM span;

-- name: CLAIM_RELEASE
DELETE FROM claim WHERE appointment = $appointment;

-- name: SEAT_LIST
SELECT id FROM seat WHERE office = $office ORDER BY number;

-- name: CLAIM_LIST
SELECT claim.resource, claim.cell
FROM seat JOIN claim ON claim.resource = seat.id JOIN appointment ON appointment.id = claim.appointment
WHERE seat.office = $office AND claim.cell BETWEEN $first AND $last
	AND NOT (appointment.state IN ('held', 'awaiting_mail') AND appointment.expires_ms <= $now_ms);
