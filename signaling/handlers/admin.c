/* SPDX-License-Identifier: EUPL-1.2 */
/* What the staff of an office sees of it. */
#include "booking/agreement.h"
#include "booking/office.h"
#include "booking/staff.h"
#include "signaling/protocol/handlers.h"

/* An answer of one list. */
static json_t *answer(const char *name, json_t *list)
{
	return list == NULL ? NULL : json_pack("{s:o}", name, list);
}

json_t *handle_office_day(request *request, const office_day_in *in, GError **error)
{
	return answer(
		"appointments", office_day(request->db, request->actor->organisation, request->actor->office, in->date, error));
}

json_t *handle_staff_list(request *request, const staff_list_in *in, GError **error)
{
	(void)in;
	return answer("staff", staff_list(request->db, request->actor->organisation, error));
}

json_t *handle_agreement_list(request *request, const agreement_list_in *in, GError **error)
{
	(void)in;
	return answer("agreements", agreement_list(request->db, request->actor->organisation, request->now_ms, error));
}
