/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/office.h"
#include "booking/error.h"
#include "booking/person.h"
#include "booking/sql.h"
#include "booking/zone.h"
#include "core/json.h"

json_t *office_list(db *db, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_OFFICE_LIST);
	return rows == NULL ? NULL : db_rows_json(rows);
}

json_t *office_get(db *db, const char *office, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_OFFICE_GET, DB_TEXT("office", office));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such office");
		return NULL;
	}
	return db_row_json(rows);
}

static service *service_from_row(const db_rows *row, const char *language)
{
	gboolean is_english = g_strcmp0(language, "en") == 0;
	service *service = g_new0(struct service, 1);
	service->id = g_strdup(db_text(row, "id"));
	service->key = g_strdup(db_text(row, "key"));
	service->name = g_strdup(db_text(row, is_english ? "name_en" : "name_de"));
	service->about = g_strdup(db_text(row, is_english ? "about_en" : "about_de"));
	service->duration_min = (int)db_int(row, "duration_min");
	service->buffer_before_min = (int)db_int(row, "buffer_before_min");
	service->buffer_after_min = (int)db_int(row, "buffer_after_min");
	service->step_min = (int)db_int(row, "step_min");
	service->lead_min = (int)db_int(row, "lead_min");
	service->horizon_days = (int)db_int(row, "horizon_days");
	service->person_count = (int)db_int(row, "person_count");
	service->fee_cent = (int)db_int(row, "fee_cent");
	service->is_identifying = db_int(row, "is_identifying") != 0;
	service->procedure = g_strdup(db_text(row, "procedure"));
	return service;
}

service *service_load(db *db, const char *office, const char *key, const char *language, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SERVICE_LIST, DB_TEXT("office", office), DB_TEXT("key", key));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such service");
		return NULL;
	}
	return service_from_row(rows, language);
}

json_t *office_services(db *db, const char *office, const char *language, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SERVICE_LIST, DB_TEXT("office", office), DB_TEXT("key", NULL));
	if (rows == NULL)
		return NULL;
	json_t *services = json_array();
	while (db_next(rows)) {
		g_autoptr(service) service = service_from_row(rows, language);
		json_array_append_new(services, service_json(service));
	}
	return services;
}

json_t *service_json(const service *service)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:b, s:i, s:i}", "key", service->key, "name", service->name, "about",
		service->about, "duration_min", service->duration_min, "is_identifying", service->is_identifying, "person_count",
		service->person_count, "fee_cent", service->fee_cent);
}

void service_free(service *service)
{
	if (service == NULL)
		return;
	g_free(service->id);
	g_free(service->key);
	g_free(service->name);
	g_free(service->about);
	g_free(service->procedure);
	g_free(service);
}

/* (transfer full) "Zoë Dvořák, Jan Nowak" */
static char *names_of_case(db *db, const char *case_id, GError **error)
{
	g_autoptr(GPtrArray) persons = person_list(db, case_id, error);
	if (persons == NULL)
		return NULL;
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < persons->len; i++) {
		g_autofree char *name = person_name(g_ptr_array_index(persons, i));
		g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", name);
	}
	return g_string_free(names, FALSE);
}

static GTimeZone *zone_in_row(db_rows *rows, GError **error)
{
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such office");
		return NULL;
	}
	GTimeZone *zone = zone_new(db_text(rows, "time_zone"));
	if (zone == NULL)
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "time_zone: not known on this machine");
	return zone;
}

GTimeZone *office_zone(db *db, const char *office, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_OFFICE_ZONE, DB_TEXT("office", office));
	return rows == NULL ? NULL : zone_in_row(rows, error);
}

/* Offices of one municipality share their zone. A contractor has none, and no appointments of its own: any zone will do. */
static GTimeZone *organisation_zone(db *db, const char *organisation, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_ORGANISATION_ZONE, DB_TEXT("organisation", organisation));
	if (rows != NULL && db_row_count(rows) == 0)
		return g_time_zone_new_utc();
	return rows == NULL ? NULL : zone_in_row(rows, error);
}

json_t *office_day(db *db, const char *organisation, const char *office, const char *date, GError **error)
{
	zone_day day;
	if (!zone_day_parse(date, &day)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "date: no such day");
		return NULL;
	}
	g_autoptr(GTimeZone) zone = office != NULL ? office_zone(db, office, error) : organisation_zone(db, organisation, error);
	if (zone == NULL)
		return NULL;
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_OFFICE_DAY, DB_TEXT("organisation", organisation), DB_TEXT("office", office),
			DB_INT("from_ms", zone_instant_ms(zone, day, 0)), DB_INT("until_ms", zone_instant_ms(zone, day + 1, 0)));
	if (rows == NULL)
		return NULL;
	g_autoptr(json_t) appointments = json_array();
	while (db_next(rows)) {
		g_autofree char *names = names_of_case(db, db_text(rows, "case_id"), error);
		if (names == NULL)
			return NULL;
		json_t *appointment = db_row_json(rows);
		json_object_del(appointment, "case_id");
		json_object_set_new(appointment, "names", json_string(names));
		json_array_append_new(appointments, appointment);
	}
	return g_steal_pointer(&appointments);
}
