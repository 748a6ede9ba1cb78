-- SPDX-License-Identifier: EUPL-1.2

-- name: ATTEMPT_ADD
INSERT INTO attempt (id, organisation, session, person, number, state, procedure_key, procedure_version, procedure_sha256,
		document_type, officer, officer_organisation, started_ms)
	VALUES ($id, $organisation, $session, $person, $number, 'running', $procedure, $version, $sha256,
		$document, $officer, $officer_organisation, $now)

-- name: ATTEMPT_BY_ID
SELECT * FROM attempt WHERE id = $id

-- name: ATTEMPTS_OF_PERSON
SELECT verdict FROM attempt WHERE person = $person ORDER BY number

-- name: ATTEMPTS_OF_SESSION
SELECT attempt.id AS id, report.id AS report FROM attempt LEFT JOIN report ON report.attempt = attempt.id
	WHERE attempt.session = $session ORDER BY attempt.person, attempt.number

-- name: ATTEMPT_RUNNING_OF_SESSION
SELECT id FROM attempt WHERE session = $session AND state = 'running' AND ($person IS NULL OR person = $person) ORDER BY started_ms, id

-- name: ATTEMPT_END
UPDATE attempt SET state = $state, ended_ms = $now, verdict = $verdict, reasons = $reasons WHERE id = $id AND state = 'running'

-- name: ATTEMPT_SET_MRZ
UPDATE attempt SET mrz = $mrz WHERE id = $id AND state = 'running'

-- name: CHECK_ADD
INSERT INTO attempt_check (attempt, position, step, kind, rule, choice, state, tries)
	VALUES ($attempt, $position, $step, $kind, $rule, $choice, 'open', 0)

-- name: CHECKS_OF_ATTEMPT
SELECT * FROM attempt_check WHERE attempt = $attempt ORDER BY position

-- name: CHECK_STORE
UPDATE attempt_check SET state = $state, result = $result, answer = $answer, still = $still, tries = $tries,
		decided_by = $actor, decided_ms = $now
	WHERE attempt = $attempt AND step = $step AND state = 'open'

-- name: ATTEMPTS_UNFINISHED
SELECT id FROM attempt WHERE session = $session AND state <> 'closed' ORDER BY id

-- name: ATTEMPT_FORGET
UPDATE attempt SET mrz = NULL WHERE id = $attempt

-- name: CHECKS_FORGET
UPDATE attempt_check SET answer = NULL WHERE attempt = $attempt
