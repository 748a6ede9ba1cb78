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

-- name: PRESENCE_UP
SELECT participant FROM presence WHERE is_media_up = 1;
