/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/data.h"
#include "ident/document.h"
#include "ident/error.h"
#include <string.h>

enum { DAYS_OFF_MAX = 7 }; /* a document may end the day before the anniversary, or some days around it */

static ident_document read_document(const json_t *json)
{
	ident_document document = { .type = json_text(json, "type"),
		.version = json_int(json, "version"),
		.mrz_subject = json_text(json, "mrz_subject"),
		.mrz_code = json_text(json, "mrz_code"),
		.validity = json_object_get(json, "validity") };
	const json_t *features = json_object_get(json, "features"), *spots = json_object_get(json, "spots");
	document.feature_count = json_array_size(features);
	document.spot_count = json_array_size(spots);
	ident_feature *feature = g_new0(ident_feature, document.feature_count);
	for (guint i = 0; i < document.feature_count; i++) {
		const json_t *item = json_array_get(features, i);
		feature[i] = (ident_feature){ json_text(item, "key"), json_text(item, "category"),
			json_bool(item, "optically_variable"), item };
	}
	ident_choice *spot = g_new0(ident_choice, document.spot_count);
	for (guint i = 0; i < document.spot_count; i++)
		spot[i] = (ident_choice){ json_text(json_array_get(spots, i), "key"), json_array_get(spots, i) };
	document.features = feature;
	document.spots = spot;
	return document;
}

const ident_document *ident_document_get(const char *type)
{
	static GArray *catalogue;
	static const json_t *json; /* what the catalogue points into */
	if (g_once_init_enter(&catalogue)) {
		json = ident_data("data/documents.json");
		GArray *documents = g_array_new(FALSE, FALSE, sizeof(ident_document));
		for (gsize i = 0; i < json_array_size(json); i++) {
			ident_document document = read_document(json_array_get(json, i));
			g_array_append_val(documents, document);
		}
		g_once_init_leave(&catalogue, documents);
	}
	for (guint i = 0; i < catalogue->len; i++) {
		const ident_document *document = &g_array_index(catalogue, ident_document, i);
		if (g_strcmp0(document->type, type) == 0)
			return document;
	}
	return NULL;
}

static gboolean read_date(const char *text, GDate *date)
{
	guint year, month, day;
	g_date_clear(date, 1);
	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || sscanf(text, "%4u-%2u-%2u", &year, &month, &day) != 3 ||
		!g_date_valid_dmy(day, month, year))
		return FALSE;
	g_date_set_dmy(date, day, month, year);
	return TRUE;
}

static guint age_at(const GDate *birth, const GDate *day)
{
	guint years = g_date_get_year(day) - g_date_get_year(birth);
	gboolean is_before_birthday = g_date_get_month(day) != g_date_get_month(birth)
					      ? g_date_get_month(day) < g_date_get_month(birth)
					      : g_date_get_day(day) < g_date_get_day(birth);
	return years - is_before_birthday;
}

/* Is the printed period one that the type allows at the holder's age? */
static gboolean is_period_allowed(const ident_document *document, const GDate *issue, const GDate *expiry, guint age)
{
	for (gsize i = 0; i < json_array_size(document->validity); i++) {
		const json_t *period = json_array_get(document->validity, i);
		int64_t below = json_int(period, "below_age");
		if (below > 0 && age >= below)
			continue;
		GDate end = *issue;
		g_date_add_years(&end, json_int(period, "years"));
		if (ABS(g_date_days_between(&end, expiry)) <= DAYS_OFF_MAX)
			return TRUE;
	}
	return FALSE;
}

gboolean ident_document_check_validity(const ident_document *document, const char *issue_date, const char *expiry_date,
	const char *birth_date, int64_t now_ms, GError **error)
{
	GDate issue, expiry, birth, today;
	if (!read_date(issue_date, &issue) || !read_date(expiry_date, &expiry) || !read_date(birth_date, &birth))
		return ident_refuse(error, IDENT_REFUSAL_DATE_MALFORMED, NULL, NULL);
	g_date_clear(&today, 1);
	g_date_set_time_t(&today, now_ms / 1000);
	if (g_date_compare(&issue, &today) > 0)
		return ident_refuse(error, IDENT_REFUSAL_DOCUMENT_FUTURE, "V-34", NULL);
	if (g_date_compare(&expiry, &today) < 0)
		return ident_refuse(error, IDENT_REFUSAL_DOCUMENT_EXPIRED, "V-34", NULL);
	if (g_date_compare(&issue, &birth) < 0)
		return ident_refuse(error, IDENT_REFUSAL_DOCUMENT_BEFORE_BIRTH, "V-34", NULL);
	if (!is_period_allowed(document, &issue, &expiry, age_at(&birth, &issue)))
		return ident_refuse(error, IDENT_REFUSAL_DOCUMENT_PERIOD, "V-34", NULL);
	return TRUE;
}
