/* SPDX-License-Identifier: EUPL-1.2 */
/* What a visitor looks at: offices, services and free times. */
#include "booking/office.h"
#include "booking/limits.h"
#include "booking/slot.h"
#include "core/json.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"

json_t *handle_office_list(request *request, const office_list_in *in, GError **error)
{
	(void)in;
	json_t *offices = office_list(request->db, error);
	return offices == NULL ? NULL : json_pack("{s:o}", "offices", offices);
}

json_t *handle_office_get(request *request, const office_get_in *in, GError **error)
{
	const char *language = in->language != NULL ? in->language : request->actor->language;
	g_autoptr(json_t) office = office_get(request->db, in->office, error);
	json_t *services = office == NULL ? NULL : office_services(request->db, in->office, language, error);
	return services == NULL ? NULL : json_pack("{s:O, s:o}", "office", office, "services", services);
}

json_t *handle_time_list(request *request, const time_list_in *in, GError **error)
{
	zone_day from = 0;
	if (in->from != NULL && !zone_day_parse(in->from, &from)) {
		g_set_error(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "from: no such day");
		return NULL;
	}
	g_autoptr(service) service = service_load(request->db, in->office, in->service, NULL, error);
	if (service == NULL)
		return NULL;
	int days = in->has_days ? (int)in->days : TIME_LIST_DAYS_DEFAULT;
	g_autoptr(GArray) slots = slot_list(request->db, in->office, service, from, days, request->now_ms, error);
	if (slots == NULL)
		return NULL;
	json_t *times = json_array();
	for (guint i = 0; i < slots->len; i++) {
		const slot *slot = &g_array_index(slots, struct slot, i);
		json_array_append_new(times, json_pack("{s:I, s:I, s:i}", "start_ms", (json_int_t)slot->start_ms, "end_ms",
						     (json_int_t)slot->end_ms, "free", slot->free));
	}
	return json_pack("{s:o}", "times", times);
}
