-- SPDX-License-Identifier: EUPL-1.2
-- name: SIGN_IN_GET
SELECT tries, locked_until_ms FROM sign_in_try WHERE login = $login;

-- name: SIGN_IN_SET
INSERT INTO sign_in_try (login, tries, locked_until_ms, tried_ms) VALUES ($login, $tries, $locked_until_ms, $now_ms)
ON CONFLICT (login) DO UPDATE SET tries = $tries, locked_until_ms = $locked_until_ms, tried_ms = $now_ms;

-- name: SIGN_IN_FORGET
DELETE FROM sign_in_try WHERE login = $login;

-- name: SIGN_IN_SWEEP
DELETE FROM sign_in_try WHERE tried_ms < $before_ms;
