-- SPDX-License-Identifier: EUPL-1.2
-- name: OFFICE_LIST
SELECT office.id, office.name, organisation.name AS organisation, office.address, office.time_zone, office.phone,
	organisation.imprint, organisation.privacy_contact
FROM office JOIN organisation ON organisation.id = office.organisation
WHERE office.is_active = 1 ORDER BY organisation.name, office.name;

-- name: OFFICE_GET
SELECT office.id, office.name, organisation.name AS organisation, office.address, office.time_zone, office.phone,
	organisation.imprint, organisation.privacy_contact
FROM office JOIN organisation ON organisation.id = office.organisation
WHERE office.id = $office;

-- A service of the office itself wins over the one of its organisation with the same key.
-- name: SERVICE_LIST
SELECT service.* FROM service JOIN office ON office.organisation = service.organisation
WHERE office.id = $office AND office.is_active = 1 AND service.is_active = 1 AND ($key IS NULL OR service.key = $key)
	AND (service.office = office.id OR (service.office IS NULL AND NOT EXISTS (
		SELECT own.id FROM service AS own WHERE own.office = office.id AND own.key = service.key AND own.is_active = 1)))
ORDER BY service.position, service.key;

-- name: OFFICE_DAY
SELECT appointment.id, appointment.start_ms, appointment.end_ms, appointment.state, office.name AS office,
	appointment.service_name_de AS service, performing.name AS performing, appointment.case_id
FROM appointment JOIN office ON office.id = appointment.office
	JOIN organisation AS performing ON performing.id = appointment.performing
WHERE appointment.responsible = $organisation AND ($office IS NULL OR appointment.office = $office)
	AND appointment.start_ms >= $from_ms AND appointment.start_ms < $until_ms
	AND appointment.state NOT IN ('held', 'expired')
ORDER BY appointment.start_ms, appointment.id;

-- name: OFFICE_ZONE
SELECT time_zone FROM office WHERE id = $office;

-- name: ORGANISATION_ZONE
SELECT time_zone FROM office WHERE organisation = $organisation ORDER BY id LIMIT 1;

-- name: ORGANISATION_GET
SELECT id, kind, name, address, recipients, second_recipients FROM organisation WHERE id = $organisation;
