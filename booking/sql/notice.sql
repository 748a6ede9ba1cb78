-- SPDX-License-Identifier: EUPL-1.2
-- name: NOTICE_INSERT
INSERT INTO notice (id, appointment, revision, kind, person, state, recipient, mail, tries, due_ms, created_ms)
VALUES ($id, $appointment, $revision, $kind, $person, 'queued', $recipient, $mail, 0, $now_ms, $now_ms)
ON CONFLICT (appointment, revision, kind, person) DO NOTHING;

-- name: NOTICE_DELETE
DELETE FROM notice WHERE appointment = $appointment;

-- A TAN is being waited for.
-- name: NOTICE_DUE
SELECT id, kind, recipient, mail, tries, created_ms FROM notice WHERE state = 'queued' AND due_ms <= $now_ms
ORDER BY CASE kind WHEN 'tan' THEN 0 ELSE 1 END, due_ms, id LIMIT $limit;

-- name: NOTICE_NEXT
SELECT MIN(due_ms) AS due_ms FROM notice WHERE state = 'queued' AND due_ms > $now_ms;

-- Sent or given up: what it said is erased.
-- name: NOTICE_END
UPDATE notice SET state = $state, recipient = NULL, mail = NULL, tries = $tries, sent_ms = $now_ms
WHERE id = $id AND state = 'queued';

-- name: NOTICE_DELAY
UPDATE notice SET tries = $tries, due_ms = $due_ms WHERE id = $id AND state = 'queued';
