-- SPDX-License-Identifier: EUPL-1.2
-- Rows of the demo installation; the parameters are the keys of its JSON file. What is there already stays.
-- name: DEMO_ORGANISATION
INSERT INTO organisation (id, kind, name, address, imprint, privacy_contact, recipients, second_recipients)
VALUES ($id, $kind, $name, $address, $imprint, $privacy_contact, $recipients, '') ON CONFLICT (id) DO NOTHING;

-- name: DEMO_OFFICE
INSERT INTO office (id, organisation, name, address, phone, time_zone, land, municipality_key, language, is_active)
VALUES ($id, $organisation, $name, $address, $phone, $time_zone, $land, $municipality_key, $language, 1) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_SEAT
INSERT INTO seat (id, office, number) VALUES ($id, $office, $number) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_OPENING_RULE
INSERT INTO opening_rule (id, office, weekday, from_minute, to_minute, valid_from)
VALUES ($id, $office, $weekday, $from_minute, $to_minute, 0) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_OPENING_EXCEPTION
INSERT INTO opening_exception (id, office, day, from_minute, to_minute)
VALUES ($id, $office, $day, $from_minute, $to_minute) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_CLOSURE
INSERT INTO closure (id, office, first_day, last_day, reason)
VALUES ($id, $office, $first_day, $last_day, $reason) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_HOLIDAY
INSERT INTO holiday_override (municipality_key, holiday, is_holiday)
VALUES ($municipality_key, $holiday, $is_holiday) ON CONFLICT (municipality_key, holiday) DO NOTHING;

-- name: DEMO_SERVICE
INSERT INTO service (id, organisation, key, name_de, name_en, about_de, about_en, duration_min, buffer_before_min, buffer_after_min,
	step_min, lead_min, horizon_days, procedure, person_count, fee_cent, is_identifying, position, is_active)
VALUES ($id, $organisation, $key, $name_de, $name_en, $about_de, $about_en, $duration_min, $buffer_before_min, $buffer_after_min,
	$step_min, $lead_min, $horizon_days, $procedure, $person_count, $fee_cent, $is_identifying, $position, 1)
ON CONFLICT (id) DO NOTHING;

-- name: DEMO_STAFF
INSERT INTO staff (id, login, name, password_hash, language, languages, is_active)
VALUES ($id, $login, $name, $password_hash, $language, $languages, 1) ON CONFLICT (id) DO NOTHING;

-- name: DEMO_STAFF_ROLE
INSERT INTO staff_role (staff, organisation, role, office) VALUES ($staff, $organisation, $role, $office)
ON CONFLICT (staff, organisation, role) DO NOTHING;

-- name: DEMO_TRAINING
INSERT INTO training (staff, held_ms, valid_until_ms) SELECT $staff, $now_ms, $valid_until_ms
WHERE NOT EXISTS (SELECT staff FROM training WHERE staff = $staff AND valid_until_ms > $now_ms);

-- name: DEMO_AGREEMENT
INSERT INTO agreement (id, responsible, performer, services, languages, quota_per_day, price_cent, valid_from_ms, valid_until_ms)
VALUES ($id, $responsible, $performer, $services, $languages, $quota_per_day, $price_cent, 0, $valid_until_ms)
ON CONFLICT (id) DO NOTHING;

-- name: DEMO_AGREEMENT_RULE
INSERT INTO agreement_rule (agreement, kind, minutes) VALUES ($agreement, $kind, $minutes)
ON CONFLICT (agreement, kind) DO NOTHING;

-- name: DEMO_STAFF_EXISTS
SELECT id FROM staff WHERE id = $id;
