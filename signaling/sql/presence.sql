-- SPDX-License-Identifier: EUPL-1.2
-- name: PRESENCE_OPEN
INSERT INTO presence (participant, peer, is_connected, is_media_up, audio, video)
VALUES ($participant, $peer, 1, 0, 1, 1)
ON CONFLICT (participant) DO UPDATE SET
  is_media_up = CASE WHEN presence.peer = $peer THEN presence.is_media_up ELSE 0 END,
  peer = $peer, is_connected = 1, page_lost_ms = NULL;

-- name: PRESENCE_CLOSE
UPDATE presence SET is_connected = 0, page_lost_ms = $now WHERE participant = $participant;

-- name: PRESENCE_MEDIA_UP
UPDATE presence SET is_media_up = 1, media_lost_ms = NULL WHERE peer = $peer AND is_media_up = 0;

-- name: PRESENCE_MEDIA_DOWN
UPDATE presence SET is_media_up = 0, media_lost_ms = $now WHERE peer = $peer AND is_media_up = 1;

-- name: PRESENCE_STATE
UPDATE presence SET audio = $audio, video = $video WHERE participant = $participant;

-- name: PRESENCE_RESET_PAGES
UPDATE presence SET is_connected = 0, page_lost_ms = $now WHERE is_connected = 1;

-- name: PRESENCE_RESET_MEDIA
UPDATE presence SET is_media_up = 0, media_lost_ms = $now WHERE is_media_up = 1;

-- name: PRESENCE_GET
SELECT peer, is_connected, is_media_up, audio, video, page_lost_ms, media_lost_ms FROM presence WHERE participant = $participant;

-- Who answers for somebody's meeting: of a person the office's organisation, of an officer the own.
-- name: PRESENCE_ORGANISATION
SELECT a.responsible AS organisation FROM person p JOIN appointment a ON a.case_id = p.case_id WHERE p.id = $participant
UNION ALL SELECT organisation_id AS organisation FROM desk WHERE staff_id = $participant;

-- name: PRESENCE_BY_PEER
SELECT participant FROM presence WHERE peer = $peer;

-- Devices whose browser is signed in, which no other device of the same person replaced, and whose session did not end.
-- `peer` is a pattern: % for all.
-- name: PRESENCE_WANTED
SELECT c.peer FROM cookie_session c
LEFT JOIN presence p ON p.participant = c.subject
LEFT JOIN person ON person.id = c.subject
LEFT JOIN session s ON s.case_id = person.case_id
WHERE c.peer LIKE $peer AND c.expires_ms > $now AND c.seen_ms > $idle
  AND (p.peer IS NULL OR p.peer = c.peer) AND (s.state IS NULL OR s.state <> 'ended');

-- Attempts at the device of a person: their own, and that of who sits beside them without a page.
-- name: PRESENCE_ATTEMPTS
SELECT a.session, a.person FROM attempt a
JOIN person ON person.id = a.person JOIN appointment t ON t.case_id = person.case_id
WHERE a.state = 'running' AND (a.person = $participant
  OR (t.is_together = 1 AND person.case_id = (SELECT q.case_id FROM person q WHERE q.id = $participant)
    AND NOT EXISTS (SELECT 1 FROM presence o WHERE o.participant = a.person AND o.is_connected = 1)));

-- name: PRESENCE_UP
SELECT participant FROM presence WHERE is_media_up = 1;
