-- SPDX-License-Identifier: EUPL-1.2
-- name: PERSON_INSERT
INSERT INTO person (id, case_id, role, given_names, family_name, birth_name, birth_date, email, phone, language, document_type,
	has_confirmed, link_tries, link_tries_total, link_locked_until_ms)
VALUES ($id, $case_id, $role, $given_names, $family_name, $birth_name, $birth_date, $email, $phone, $language, $document_type,
	0, 0, 0, 0);

-- name: PERSON_GET
SELECT * FROM person WHERE id = $id;

-- Roles sort as people are served: partner_1, partner_2, then the others.
-- name: PERSON_LIST
SELECT * FROM person WHERE case_id = $case_id
ORDER BY CASE role WHEN 'partner_1' THEN 1 WHEN 'partner_2' THEN 2 ELSE 3 END, role, id;

-- name: PERSON_DELETE
DELETE FROM person WHERE case_id = $case_id;

-- name: PERSON_CONFIRMED
UPDATE person SET has_confirmed = 1 WHERE id = $id AND has_confirmed = 0;

-- name: LINK_SET
UPDATE person SET link_hash = $link_hash, link_tries = 0, link_tries_total = 0, link_locked_until_ms = 0 WHERE id = $id;

-- Only while the appointment is not over for good: expired and cancelled ones have no page.
-- name: LINK_FIND
SELECT person.id, person.case_id, person.birth_date, person.link_tries, person.link_tries_total, person.link_locked_until_ms,
	person.has_confirmed, appointment.responsible, appointment.id AS appointment
FROM person JOIN appointment ON appointment.case_id = person.case_id
WHERE person.link_hash = $link_hash AND appointment.state <> 'expired';

-- name: LINK_COUNT
UPDATE person SET link_tries = $link_tries, link_tries_total = $link_tries_total, link_locked_until_ms = $locked_until_ms
WHERE id = $id;
