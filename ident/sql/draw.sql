-- SPDX-License-Identifier: EUPL-1.2

-- name: DRAW_SEED_UNUSED
SELECT number, seed, commitment, committed_sequence FROM draw_seed
	WHERE organisation = $organisation ORDER BY number DESC LIMIT 1

-- name: DRAW_SEED_ADD
INSERT INTO draw_seed (organisation, number, seed, commitment, committed_sequence)
	VALUES ($organisation, $number, $seed, $commitment, $sequence)

-- name: DRAW_ADD
INSERT INTO draw (organisation, number, label, proof, drawn_ms) VALUES ($organisation, $number, $label, $proof, $now)

-- name: DRAW_LIST
SELECT proof FROM draw WHERE organisation = $organisation AND label >= $from AND label < $to ORDER BY number
