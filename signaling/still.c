/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/still.h"

#include "core/crypto.h"
#include "core/json.h"
#include "core/log.h"
#include "signaling/app-private.h"
#include "signaling/error.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

void still_free(still *still)
{
	if (still == NULL)
		return;
	g_free(still->file);
	g_free(still->sha256);
	g_clear_pointer(&still->jpeg, g_bytes_unref);
	g_strfreev(still->mrz);
	g_free(still);
}

/* Where the still comes from. */
typedef struct {
	const char *session;
	const char *person;
	char *peer;
	char *recording;
} source;

static gboolean find_source(db *db, gpointer data, GError **error)
{
	source *source = data;
	g_auto(presence) device = { 0 };
	g_autoptr(db_rows) rows = db_select(db, error, SQL_RECORDING_OF_SESSION, DB_TEXT("session", source->session));
	if (rows == NULL || !view_device_of(db, source->session, source->person, &device, error))
		return FALSE;
	gboolean is_on = db_next(rows) && strcmp(db_text(rows, "state"), "on") == 0;
	if (!is_on || !device.is_media_up || !device.video) {
		g_set_error_literal(error, SIGNALING_ERROR, is_on ? SIGNALING_ERROR_NO_PICTURE : SIGNALING_ERROR_NOT_RECORDED,
			is_on ? "The person's camera sends no picture."
			      : "A still can only be taken while the session is being recorded.");
		return FALSE;
	}
	source->peer = g_strdup(device.peer);
	source->recording = g_strdup(db_text(rows, "id"));
	return TRUE;
}

static still *still_of_json(const json_t *answer)
{
	still *result = g_new0(still, 1);
	result->file = g_strdup(json_text(answer, "file"));
	result->sha256 = g_strdup(json_text(answer, "sha256"));
	result->width = (int)json_int(answer, "width");
	result->height = (int)json_int(answer, "height");
	result->light = (int)json_int(answer, "light");
	result->sharpness = (int)json_int(answer, "sharpness");
	g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
	size_t index;
	json_t *line;
	json_array_foreach(json_object_get(answer, "mrz"), index, line)
		g_strv_builder_add(lines, json_string_value(line));
	result->mrz = g_strv_builder_end(lines);
	return result;
}

still *still_take(app *app, const char *session, const char *person, const char *still_id, gboolean wants_mrz, GError **error)
{
	source source = { .session = session, .person = person };
	gboolean is_found = store_read(app_store(app), find_source, &source, error);
	g_autofree char *peer = source.peer;
	g_autofree char *recording = source.recording;
	if (!is_found)
		return NULL;
	g_autoptr(GError) cause = NULL;
	g_autoptr(json_t) answer = media_client_call(app_media(app),
		json_pack("{s:s, s:s, s:s, s:s, s:b}", "do", "still", "recording", recording, "peer", peer, "still", still_id,
			"mrz", wants_mrz),
		&cause);
	if (g_error_matches(cause, SIGNALING_ERROR, SIGNALING_ERROR_REFUSED))
		log_warning("no still", LOG_TEXT("recording", recording), LOG_CAUSE(cause));
	if (g_error_matches(cause, SIGNALING_ERROR, SIGNALING_ERROR_REFUSED))
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_PICTURE_LATE,
			"No complete picture of the person came in time. Please take it once more.");
	else if (cause != NULL)
		g_propagate_error(error, g_steal_pointer(&cause));
	GBytes *jpeg = answer != NULL ? crypto_base64_decode(json_text(answer, "jpeg"), error) : NULL;
	if (jpeg == NULL)
		return NULL;
	still *taken = still_of_json(answer);
	taken->jpeg = jpeg;
	/* What is dark in a still is dark in the picture. */
	json_decref(media_client_call(
		app_media(app), json_pack("{s:s, s:s, s:i}", "do", "peer.light", "peer", peer, "light", taken->light), NULL));
	return taken;
}

void still_show(app *app, const still *still, const char *still_id, const char *session, const char *officer)
{
	stills_add(app_stills(app), still_id, session, officer, g_bytes_ref(still->jpeg));
}
