/* SPDX-License-Identifier: EUPL-1.2 */
/* The preview of a still, for the officer who took it. */
#include "signaling/app-private.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"

json_t *handle_still_get(request *request, const still_get_in *in, GError **error)
{
	request->file = stills_get(app_stills(request->app), in->still, request->actor->id);
	request->file_type = "image/jpeg";
	if (request->file != NULL)
		return json_null();
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such picture.");
	return NULL;
}
