-- SPDX-License-Identifier: EUPL-1.2
-- name: COOKIE_SESSION_ADD
INSERT INTO cookie_session (hash, kind, subject, organisation, peer, created_ms, seen_ms, expires_ms)
VALUES ($hash, $kind, $subject, $organisation, $peer, $now, $now, $expires);

-- name: COOKIE_SESSION_GET
SELECT kind, subject, organisation, peer, seen_ms FROM cookie_session WHERE hash = $hash AND expires_ms > $now AND seen_ms > $idle;

-- name: COOKIE_SESSION_SEEN
UPDATE cookie_session SET seen_ms = $now WHERE hash = $hash;

-- name: COOKIE_SESSION_END
DELETE FROM cookie_session WHERE hash = $hash;

-- name: COOKIE_SESSION_END_ALL
DELETE FROM cookie_session WHERE subject = $subject;

-- name: COOKIE_SESSION_ENDED
SELECT hash, kind, subject, organisation FROM cookie_session WHERE expires_ms <= $now OR seen_ms <= $idle ORDER BY hash LIMIT $limit;
