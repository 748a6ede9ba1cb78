-- SPDX-License-Identifier: EUPL-1.2

-- name: AUDIT_GROW
INSERT INTO log (organisation, size) VALUES ($organisation, 1)
ON CONFLICT (organisation) DO UPDATE SET size = log.size + 1
RETURNING size

-- name: AUDIT_ORGANISATIONS
SELECT organisation FROM log ORDER BY organisation

-- name: AUDIT_SIZE
SELECT size FROM log WHERE organisation = $organisation

-- name: AUDIT_HASHES
SELECT hashes FROM entry WHERE organisation = $organisation AND sequence = $sequence

-- name: AUDIT_INSERT
INSERT INTO entry (organisation, sequence, time_ms, actor, action, subjects, digest, hashes)
VALUES ($organisation, $sequence, $time_ms, $actor, $action, $subjects, $digest, $hashes)

-- name: AUDIT_INSERT_DETAILS
INSERT INTO entry_details (organisation, sequence, salt, details) VALUES ($organisation, $sequence, $salt, $details)

-- name: AUDIT_INSERT_SUBJECT
INSERT INTO entry_subject (organisation, subject, sequence) VALUES ($organisation, $subject, $sequence)
ON CONFLICT DO NOTHING

-- name: AUDIT_LEAVES
SELECT organisation, sequence, time_ms, actor, action, subjects, digest FROM entry
WHERE organisation = $organisation AND sequence >= $from AND sequence < $to ORDER BY sequence

-- name: AUDIT_ENTRIES
SELECT e.sequence, e.time_ms, e.actor, e.action, e.subjects, d.details FROM entry e
LEFT JOIN entry_details d ON d.organisation = e.organisation AND d.sequence = e.sequence
WHERE e.organisation = $organisation AND e.sequence >= $from AND e.sequence < $to ORDER BY e.sequence

-- name: AUDIT_ENTRIES_ABOUT
SELECT e.sequence, e.time_ms, e.actor, e.action, e.subjects, d.details FROM entry_subject s
JOIN entry e ON e.organisation = s.organisation AND e.sequence = s.sequence
LEFT JOIN entry_details d ON d.organisation = e.organisation AND d.sequence = e.sequence
WHERE s.organisation = $organisation AND s.subject = $subject ORDER BY e.sequence LIMIT $count

-- name: AUDIT_OPENING
SELECT salt, details FROM entry_details WHERE organisation = $organisation AND sequence = $sequence

-- name: AUDIT_ERASE
DELETE FROM entry_details WHERE organisation = $organisation AND sequence IN
(SELECT s.sequence FROM entry_subject s JOIN entry e ON e.organisation = s.organisation AND e.sequence = s.sequence
 WHERE s.organisation = $organisation AND s.subject = $subject AND e.action <> 'details.erased')

-- name: AUDIT_CHECKPOINT_INSERT
INSERT INTO checkpoint (organisation, size, note, time_ms) VALUES ($organisation, $size, $note, $now)
ON CONFLICT (organisation, size) DO NOTHING

-- name: AUDIT_KEY_INSERT
INSERT INTO log_key (organisation, verifier) VALUES ($organisation, $verifier) ON CONFLICT (organisation) DO NOTHING

-- name: AUDIT_KEY
SELECT verifier FROM log_key WHERE organisation = $organisation

-- name: AUDIT_CHECKPOINT_LATEST
SELECT size, note FROM checkpoint WHERE organisation = $organisation ORDER BY size DESC LIMIT 1

-- name: AUDIT_CHECKPOINT_COVERING
SELECT size, note FROM checkpoint WHERE organisation = $organisation AND size >= $size ORDER BY size LIMIT 1

-- What the verifier reads may have been tampered with: a text in a column of numbers counts as 0.

-- name: AUDIT_LOGS
SELECT n.organisation AS organisation, CAST(COALESCE(l.size, 0) AS BIGINT) AS size
FROM (SELECT organisation FROM log UNION SELECT organisation FROM entry UNION SELECT organisation FROM checkpoint) n
LEFT JOIN log l ON l.organisation = n.organisation ORDER BY n.organisation

-- name: AUDIT_CHECKPOINTS
SELECT CAST(size AS BIGINT) AS size, note FROM checkpoint WHERE organisation = $organisation ORDER BY size

-- name: AUDIT_VERIFY
SELECT e.organisation, CAST(e.sequence AS BIGINT) AS sequence, CAST(e.time_ms AS BIGINT) AS time_ms, e.actor, e.action, e.subjects, e.digest, e.hashes,
 d.salt, d.details FROM entry e
LEFT JOIN entry_details d ON d.organisation = e.organisation AND d.sequence = e.sequence
WHERE e.organisation = $organisation AND e.sequence >= $from ORDER BY e.sequence LIMIT $count

-- name: AUDIT_ORPHANS
SELECT d.organisation, CAST(d.sequence AS BIGINT) AS sequence FROM entry_details d
LEFT JOIN entry e ON e.organisation = d.organisation AND e.sequence = d.sequence WHERE e.sequence IS NULL
