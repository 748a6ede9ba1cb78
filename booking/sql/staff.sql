-- SPDX-License-Identifier: EUPL-1.2
-- name: STAFF_GET
SELECT * FROM staff WHERE id = $id AND is_active = 1;

-- name: STAFF_BY_LOGIN
SELECT * FROM staff WHERE login = $login AND is_active = 1;

-- name: STAFF_ROLES
SELECT organisation, role, office FROM staff_role WHERE staff = $staff ORDER BY organisation, role;

-- name: STAFF_TRAINED_UNTIL
SELECT COALESCE(MAX(valid_until_ms), 0) AS until_ms FROM training WHERE staff = $staff;

-- name: STAFF_LIST
SELECT DISTINCT staff.id, staff.name, staff.login, staff.languages, staff.is_active
FROM staff JOIN staff_role ON staff_role.staff = staff.id
WHERE staff_role.organisation = $organisation ORDER BY staff.name, staff.id;

-- name: STAFF_ROLES_AT
SELECT role, office FROM staff_role WHERE staff = $staff AND organisation = $organisation ORDER BY role;
