-- SPDX-License-Identifier: EUPL-1.2

-- name: TAN_OF_ATTEMPT
SELECT * FROM tan WHERE attempt = $attempt

-- name: TAN_STORE
INSERT INTO tan (attempt, salt, hash, sent_ms, expires_ms, sent_count, tries_left, used_ms)
	VALUES ($attempt, $salt, $hash, $now, $expires, 1, $tries, NULL)
	ON CONFLICT (attempt) DO UPDATE SET salt = $salt, hash = $hash, sent_ms = $now, expires_ms = $expires, sent_count = tan.sent_count + 1

-- name: TAN_WRONG
UPDATE tan SET tries_left = tries_left - 1 WHERE attempt = $attempt

-- name: TAN_USED
UPDATE tan SET used_ms = $now WHERE attempt = $attempt AND used_ms IS NULL

-- name: TAN_FORGET
DELETE FROM tan WHERE attempt = $attempt
