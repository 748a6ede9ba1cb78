-- SPDX-License-Identifier: EUPL-1.2
-- name: OFFICE_CALENDAR
SELECT land, municipality_key FROM office WHERE id = $office;

-- The precedence, read from the top: closure > exception > holiday > series.
-- name: HOURS_OF_DAY
WITH closed AS (SELECT id FROM closure WHERE office = $office AND $day BETWEEN first_day AND last_day),
	changed AS (SELECT from_minute, to_minute FROM opening_exception WHERE office = $office AND day = $day),
	usual AS (SELECT from_minute, to_minute FROM opening_rule
		WHERE office = $office AND weekday = $weekday AND valid_from <= $day AND (valid_until IS NULL OR $day < valid_until))
SELECT from_minute, to_minute FROM changed WHERE NOT EXISTS (SELECT id FROM closed)
UNION ALL
SELECT from_minute, to_minute FROM usual
	WHERE $is_holiday = 0 AND NOT EXISTS (SELECT from_minute FROM changed) AND NOT EXISTS (SELECT id FROM closed)
ORDER BY from_minute;

-- name: HOLIDAY_OVERRIDE
SELECT is_holiday FROM holiday_override WHERE municipality_key = $municipality_key AND holiday = $holiday;
