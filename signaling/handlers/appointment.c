/* SPDX-License-Identifier: EUPL-1.2 */
/* What the persons of an appointment do with it: confirm, cancel, move, put into the calendar. */
#include "booking/appointment.h"
#include "booking/calendar.h"
#include "booking/office.h"
#include "signaling/protocol/handlers.h"

json_t *handle_appointment_confirm(request *request, const appointment_confirm_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(appointment) appointment = appointment_confirm(&context, in->token, error);
	json_t *office = appointment == NULL ? NULL : office_get(request->db, appointment->office, error);
	if (office == NULL)
		return NULL;
	return json_pack("{s:s, s:I, s:o, s:o}", "state", appointment_state_name(appointment->state), "start_ms",
		(json_int_t)appointment->start_ms, "office", office, "service",
		appointment_service_json(appointment, request->actor->language));
}

json_t *handle_appointment_cancel(request *request, const appointment_cancel_in *in, GError **error)
{
	(void)in;
	booking_context context = request_context(request);
	g_autoptr(appointment) appointment = appointment_of_case(request->db, request->actor->case_id, error);
	if (appointment == NULL || !appointment_cancel(&context, appointment, FALSE, error))
		return NULL;
	return json_pack("{s:s}", "state", appointment_state_name(appointment->state));
}

json_t *handle_appointment_move(request *request, const appointment_move_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(appointment) appointment = appointment_of_case(request->db, request->actor->case_id, error);
	if (appointment == NULL || !appointment_move(&context, appointment, in->start_ms, error))
		return NULL;
	return json_pack(
		"{s:s, s:I}", "state", appointment_state_name(appointment->state), "start_ms", (json_int_t)appointment->start_ms);
}

json_t *handle_appointment_calendar(request *request, const appointment_calendar_in *in, GError **error)
{
	(void)in;
	booking_context context = request_context(request);
	g_autoptr(appointment) appointment = appointment_of_case(request->db, request->actor->case_id, error);
	g_autoptr(person) person = appointment == NULL ? NULL : person_load(request->db, request->actor->id, error);
	if (person == NULL)
		return NULL;
	gboolean is_cancelled = appointment->state > APPOINTMENT_ABORTED;
	char *calendar = calendar_new(&context, is_cancelled ? CALENDAR_CANCEL : CALENDAR_REQUEST, appointment, person, error);
	if (calendar == NULL)
		return NULL;
	request->file = g_bytes_new_take(calendar, strlen(calendar));
	request->file_type = "text/calendar; charset=utf-8";
	request->file_name = g_strdup("termin.ics");
	return json_null();
}
