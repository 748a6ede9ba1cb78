-- SPDX-License-Identifier: EUPL-1.2

-- name: CONSENT_LATEST
SELECT state, text_version, declared_ms, number FROM consent
	WHERE session = $session AND person = $person ORDER BY number DESC LIMIT 1

-- name: CONSENT_ADD
INSERT INTO consent (id, organisation, session, person, state, text_version, language, declared_by, declared_ms, number)
	VALUES ($id, $organisation, $session, $person, $state, $version, $language, $actor, $now, $number)
