/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/error.h"

G_DEFINE_QUARK(media - error - quark, media_error)

static const char *const codes[] = {
	[MEDIA_ERROR_REQUEST] = "bad_request",
	[MEDIA_ERROR_UNKNOWN_COMMAND] = "unknown_command",
	[MEDIA_ERROR_UNKNOWN_PEER] = "unknown_peer",
	[MEDIA_ERROR_UNKNOWN_ROOM] = "unknown_room",
	[MEDIA_ERROR_UNKNOWN_RECORDING] = "unknown_recording",
	[MEDIA_ERROR_EXISTS] = "exists",
	[MEDIA_ERROR_SDP] = "bad_sdp",
	[MEDIA_ERROR_LIMIT] = "limit",
	[MEDIA_ERROR_TRANSPORT] = "transport",
	[MEDIA_ERROR_RECORDER] = "recorder",
	[MEDIA_ERROR_TIMEOUT] = "timeout",
	[MEDIA_ERROR_BUSY] = "busy",
};

const char *media_error_code(const GError *error)
{
	if (error->domain == MEDIA_ERROR && error->code >= 0 && (gsize)error->code < G_N_ELEMENTS(codes))
		return codes[error->code];
	return codes[MEDIA_ERROR_REQUEST];
}
