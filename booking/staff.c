/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/staff.h"
#include "booking/error.h"
#include "booking/sql.h"
#include "core/json.h"

/* The roles in the organisation of the first one, and the office if all are at the same. */
static gboolean load_roles(db *db, staff *staff, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_STAFF_ROLES, DB_TEXT("staff", staff->id));
	if (rows == NULL)
		return FALSE;
	g_autoptr(GPtrArray) roles = g_ptr_array_new();
	while (db_next(rows)) {
		const char *organisation = db_text(rows, "organisation"), *office = db_text(rows, "office");
		if (staff->organisation == NULL) {
			staff->organisation = g_strdup(organisation);
			staff->office = g_strdup(office);
		}
		if (strcmp(staff->organisation, organisation) != 0)
			continue;
		if (g_strcmp0(staff->office, office) != 0)
			g_clear_pointer(&staff->office, g_free);
		g_ptr_array_add(roles, g_strdup(db_text(rows, "role")));
	}
	g_ptr_array_add(roles, NULL);
	staff->roles = (GStrv)g_ptr_array_steal(roles, NULL);
	if (staff->organisation == NULL)
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such staff");
	return staff->organisation != NULL;
}

/* Takes the rows. */
static staff *only_one(db *db, db_rows *result, GError **error)
{
	g_autoptr(db_rows) rows = result;
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such staff");
		return NULL;
	}
	g_autoptr(staff) staff = g_new0(struct staff, 1);
	staff->id = g_strdup(db_text(rows, "id"));
	staff->name = g_strdup(db_text(rows, "name"));
	staff->language = g_strdup(db_text(rows, "language"));
	staff->languages = g_strdup(db_text(rows, "languages"));
	staff->password_hash = g_strdup(db_text(rows, "password_hash"));
	return load_roles(db, staff, error) ? g_steal_pointer(&staff) : NULL;
}

staff *staff_load(db *db, const char *id, GError **error)
{
	return only_one(db, db_select(db, error, SQL_STAFF_GET, DB_TEXT("id", id)), error);
}

staff *staff_by_login(db *db, const char *login, GError **error)
{
	return only_one(db, db_select(db, error, SQL_STAFF_BY_LOGIN, DB_TEXT("login", login)), error);
}

void staff_free(staff *staff)
{
	if (staff == NULL)
		return;
	g_free(staff->id);
	g_free(staff->name);
	g_free(staff->language);
	g_free(staff->languages);
	g_free(staff->password_hash);
	g_free(staff->organisation);
	g_free(staff->office);
	g_strfreev(staff->roles);
	g_free(staff);
}

int64_t staff_trained_until_ms(db *db, const char *id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_STAFF_TRAINED_UNTIL, DB_TEXT("staff", id));
	return rows != NULL && db_next(rows) ? db_int(rows, "until_ms") : -1;
}

json_t *staff_list(db *db, const char *organisation, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_STAFF_LIST, DB_TEXT("organisation", organisation));
	if (rows == NULL)
		return NULL;
	g_autoptr(json_t) list = json_array();
	while (db_next(rows)) {
		const char *id = db_text(rows, "id");
		g_autoptr(db_rows) roles =
			db_select(db, error, SQL_STAFF_ROLES_AT, DB_TEXT("staff", id), DB_TEXT("organisation", organisation));
		int64_t trained_until_ms = roles == NULL ? -1 : staff_trained_until_ms(db, id, error);
		if (trained_until_ms < 0)
			return NULL;
		json_t *staff = db_row_json(rows);
		json_object_set_new(staff, "is_active", json_boolean(db_int(rows, "is_active")));
		json_object_set_new(staff, "roles", db_rows_json(roles));
		json_object_set_new(staff, "trained_until_ms", json_integer(trained_until_ms));
		json_array_append_new(list, staff);
	}
	return g_steal_pointer(&list);
}
