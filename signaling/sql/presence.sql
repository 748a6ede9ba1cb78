-- SPDX-License-Identifier: EUPL-1.2
-- name: PRESENCE_OPEN
INSERT INTO presence (participant, peer, claimed_ms, is_connected, is_media_up, audio, video)
VALUES ($participant, $peer, $claimed, 1, 0, 1, 1)
ON CONFLICT (participant) DO UPDATE SET
  is_media_up = CASE WHEN presence.peer = $peer THEN presence.is_media_up ELSE 0 END,
  claimed_ms = CASE WHEN presence.peer = $peer THEN presence.claimed_ms ELSE $claimed END,
  peer = $peer, is_connected = 1, page_lost_ms = NULL;

-- name: PRESENCE_CLAIM
UPDATE presence SET peer = $peer, claimed_ms = $now, is_connected = 0, page_lost_ms = $now, is_media_up = 0
WHERE participant = $participant AND peer <> $peer;

-- name: PRESENCE_CLOSE
UPDATE presence SET is_connected = 0, page_lost_ms = $now WHERE participant = $participant AND is_connected = 1;

-- name: PRESENCE_MEDIA_UP
UPDATE presence SET is_media_up = 1, media_lost_ms = NULL WHERE participant = $participant AND is_media_up = 0;

-- name: PRESENCE_MEDIA_DOWN
UPDATE presence SET is_media_up = 0, media_lost_ms = $now WHERE participant = $participant AND is_media_up = 1;

-- name: PRESENCE_STATE
UPDATE presence SET audio = $audio, video = $video WHERE participant = $participant AND (audio <> $audio OR video <> $video);

-- When the device was signed in. A device that was signed in later than another was claimed is the newer one.
-- name: PRESENCE_SIGNED_IN
SELECT created_ms FROM cookie_session WHERE peer = $peer;

-- A row when the participant is at another device that is still signed in, and that is the newer one.
-- name: PRESENCE_ELSEWHERE
SELECT p.peer FROM presence p JOIN cookie_session mine ON mine.peer = $peer JOIN cookie_session theirs ON theirs.peer = p.peer
WHERE p.participant = $participant AND p.peer <> $peer AND p.claimed_ms >= mine.created_ms;

-- name: PRESENCE_GET
SELECT peer, is_connected, is_media_up, audio, video, page_lost_ms, media_lost_ms FROM presence WHERE participant = $participant;

-- Whose log a participant's coming and going belongs into: of the session they are in; else of a person the office's
-- organisation, of staff the own.
-- name: PRESENCE_LOG
SELECT 1 AS rank, s.organisation, s.id AS session FROM session s WHERE s.state IN ('assigned', 'live', 'wrap_up')
  AND (s.officer = $participant OR s.case_id = (SELECT case_id FROM person WHERE id = $participant))
UNION ALL SELECT 2 AS rank, a.responsible AS organisation, NULL AS session
  FROM person p JOIN appointment a ON a.case_id = p.case_id WHERE p.id = $participant
UNION ALL SELECT 3 AS rank, r.organisation, NULL AS session FROM staff_role r WHERE r.staff = $participant
ORDER BY rank, organisation;

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

-- name: PRESENCE_OPEN_ALL
SELECT participant, peer FROM presence WHERE is_connected = 1 OR is_media_up = 1;
