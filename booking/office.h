/* SPDX-License-Identifier: EUPL-1.2 */
/* Offices and their services, as the protocol shows them.
 * An inactive service is not found; an inactive office has none, but its appointments live on. Thread: any job. */
#pragma once
#include "booking/zone.h"
#include "core/db/db.h"

/* (transfer full) All active offices as protocol type "office". */
json_t *office_list(db *db, GError **error);
/* (transfer full) Protocol type "office", or NULL with BOOKING_ERROR_NOT_FOUND. */
json_t *office_get(db *db, const char *office, GError **error);
/* (transfer full) The office's services as protocol type "service", texts in `language` ("de", "en"). */
json_t *office_services(db *db, const char *office, const char *language, GError **error);
/* (transfer full) The time zone of an office, or NULL with BOOKING_ERROR_NOT_FOUND. */
GTimeZone *office_zone(db *db, const char *office, GError **error);
/* (transfer full) One day of an office, or of a whole organisation when `office` is NULL: appointments in time order as
 * {id, start_ms, end_ms, state, office, service, names, performing}. */
json_t *office_day(db *db, const char *organisation, const char *office, const char *date, GError **error);

/* What is booked: a row of the table `service`, for one office. */
typedef struct service {
	char *id;
	char *key;
	char *name;  /* in the language asked for */
	char *about; /* the same */
	int duration_min;
	int buffer_before_min;
	int buffer_after_min;
	int step_min; /* starts are offered every so many minutes after opening */
	int lead_min; /* earliest start from now */
	int horizon_days;
	int person_count;
	int fee_cent;
	gboolean is_identifying;
	char *procedure; /* file of ident/procedures, e.g. "bafin-3-2017", "talk" */
} service;

/* (transfer full), NULL with BOOKING_ERROR_NOT_FOUND. The service of an office, else of its organisation, by key. */
service *service_load(db *db, const char *office, const char *key, const char *language, GError **error);
/* (transfer full) Protocol type "service". */
json_t *service_json(const service *service);
void service_free(service *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(service, service_free)
