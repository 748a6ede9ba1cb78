-- SPDX-License-Identifier: EUPL-1.2

-- name: REPORT_ADD
INSERT INTO report (id, organisation, attempt, session, person, verdict, sequence, body, made_ms)
	VALUES ($id, $organisation, $attempt, $session, $person, $verdict, $sequence, $body, $now)

-- name: REPORT_BY_ID
SELECT * FROM report WHERE id = $id

-- name: REPORT_SEAL
UPDATE report SET sealed = $sealed WHERE id = $id AND sealed IS NULL

-- name: REPORTS_OF_SESSION
SELECT report.id AS id, report.person AS person, report.verdict AS verdict, report.made_ms AS made_ms FROM report
	WHERE session = $session AND ($person IS NULL OR person = $person) ORDER BY made_ms, id
