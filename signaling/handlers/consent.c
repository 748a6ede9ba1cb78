/* SPDX-License-Identifier: EUPL-1.2 */
/* The consent to recording and stills: its text, and what each person says to it. */
#include "ident/consent.h"
#include "signaling/error.h"
#include "signaling/ident-access.h"
#include "signaling/protocol/handlers.h"

json_t *handle_consent_text(request *request, const consent_text_in *in, GError **error)
{
	(void)request;
	(void)error;
	return ident_consent_text(in->language);
}

static json_t *declare(request *request, const char *person, ident_consent_state state, const char *text_version, GError **error)
{
	const actor *actor = request->actor;
	booking_context context = request_context(request);
	g_autoptr(session) session = session_of_covered(request->db, actor, person, error);
	if (session == NULL || !ident_consent_declare(&context, session->organisation, session->id, person, state, text_version,
				       actor->language, error))
		return NULL;
	return json_object();
}

json_t *handle_consent_give(request *request, const consent_give_in *in, GError **error)
{
	ident_consent_state state = in->is_given ? IDENT_CONSENT_GIVEN : IDENT_CONSENT_REFUSED;
	return declare(request, in->person, state, in->text_version, error);
}

json_t *handle_consent_withdraw(request *request, const consent_withdraw_in *in, GError **error)
{
	return declare(request, in->person, IDENT_CONSENT_WITHDRAWN, NULL, error);
}
