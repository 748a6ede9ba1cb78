-- SPDX-License-Identifier: EUPL-1.2
-- name: APART_ADD
INSERT INTO apart (session, participant, since_ms) VALUES ($session, $participant, $now) ON CONFLICT (session, participant) DO NOTHING;

-- name: APART_CLEAR
DELETE FROM apart WHERE session = $session;

-- name: APART_LIST
SELECT participant FROM apart WHERE session = $session ORDER BY participant;
