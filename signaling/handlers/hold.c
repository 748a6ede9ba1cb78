/* SPDX-License-Identifier: EUPL-1.2 */
/* A visitor holds a time, and books it. */
#include "booking/hold.h"
#include "booking/limits.h"
#include "signaling/protocol/handlers.h"

json_t *handle_hold_create(request *request, const hold_create_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(appointment) hold = hold_new(
		&context, request->actor->id, request->address_hash, in->office, in->service, in->start_ms, in->key, error);
	if (hold == NULL)
		return NULL;
	return json_pack("{s:s, s:I, s:I, s:I, s:b}", "appointment", hold->id, "start_ms", (json_int_t)hold->start_ms, "end_ms",
		(json_int_t)hold->end_ms, "expires_ms", (json_int_t)hold->expires_ms, "can_extend", hold_can_extend(hold));
}

json_t *handle_hold_extend(request *request, const hold_extend_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(appointment) hold = hold_load(&context, request->actor->id, in->appointment, error);
	if (hold == NULL || !hold_extend(&context, hold, error))
		return NULL;
	return json_pack("{s:I, s:b}", "expires_ms", (json_int_t)hold->expires_ms, "can_extend", hold_can_extend(hold));
}

json_t *handle_hold_release(request *request, const hold_release_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(appointment) hold = hold_load(&context, request->actor->id, in->appointment, error);
	return hold != NULL && hold_release(&context, hold, error) ? json_object() : NULL;
}

json_t *handle_appointment_book(request *request, const appointment_book_in *in, GError **error)
{
	booking_context context = request_context(request);
	person_intake persons[PERSONS_MAX] = { 0 };
	for (size_t i = 0; i < in->persons_count && i < PERSONS_MAX; i++) {
		const person_intake_in *typed = &in->persons[i];
		persons[i] = (person_intake){ typed->given_names, typed->family_name, typed->birth_name, typed->birth_date,
			typed->email, typed->phone, typed->language, typed->document_type };
	}
	g_autoptr(appointment) hold = hold_load(&context, request->actor->id, in->appointment, error);
	if (hold == NULL || !appointment_book(&context, hold, in->together, persons, in->persons_count, error))
		return NULL;
	return json_pack("{s:s, s:I}", "state", appointment_state_name(hold->state), "expires_ms", (json_int_t)hold->expires_ms);
}
