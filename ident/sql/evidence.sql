-- SPDX-License-Identifier: EUPL-1.2

-- name: EVIDENCE_ADD
INSERT INTO evidence (id, organisation, session, attempt, person, kind, step, origin, file, sha256, details, taken_ms)
	VALUES ($id, $organisation, $session, $attempt, $person, $kind, $step, $origin, $file, $sha256, $details, $now)

-- name: EVIDENCE_OF_SESSION
SELECT * FROM evidence WHERE session = $session AND ($attempt IS NULL OR attempt IS NULL OR attempt = $attempt) ORDER BY taken_ms, id

-- name: EVIDENCE_DESTROYED
UPDATE evidence SET destroyed_ms = $now WHERE session = $session AND destroyed_ms IS NULL
