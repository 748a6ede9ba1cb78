/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/stills.h"

#include "core/crypto.h"
#include "core/json.h"
#include "ident/consent.h"
#include "signaling/app-private.h"
#include "signaling/error.h"
#include "signaling/limits.h"
#include "signaling/presence.h"
#include "signaling/sql.h"
#include "signaling/still.h"
#include "signaling/view-parts.h"

#include <string.h>

typedef struct {
	char *id;
	char *session;
	char *officer;
	GBytes *jpeg;
} preview;

struct stills {
	GMutex mutex; /* pool threads add and read */
	GQueue previews;
};

static void preview_free(gpointer data)
{
	preview *preview = data;
	g_free(preview->id);
	g_free(preview->session);
	g_free(preview->officer);
	g_bytes_unref(preview->jpeg);
	g_free(preview);
}

stills *stills_new(void)
{
	stills *stills = g_new0(struct stills, 1);
	g_mutex_init(&stills->mutex);
	g_queue_init(&stills->previews);
	return stills;
}

void stills_free(stills *stills)
{
	if (stills == NULL)
		return;
	g_queue_clear_full(&stills->previews, preview_free);
	g_mutex_clear(&stills->mutex);
	g_free(stills);
}

/* Drop the oldest previews of a session until `keep` are left. */
static void trim(stills *stills, const char *session, guint keep)
{
	guint seen = 0;
	for (GList *item = stills->previews.tail, *before; item != NULL; item = before) {
		before = item->prev;
		if (strcmp(((preview *)item->data)->session, session) != 0 || ++seen <= keep)
			continue;
		preview_free(item->data);
		g_queue_delete_link(&stills->previews, item);
	}
}

void stills_add(stills *stills, const char *id, const char *session, const char *officer, GBytes *jpeg)
{
	preview *added = g_new(preview, 1);
	*added = (preview){ g_strdup(id), g_strdup(session), g_strdup(officer), jpeg };
	g_mutex_lock(&stills->mutex);
	trim(stills, session, STILLS_PER_SESSION - 1);
	g_queue_push_tail(&stills->previews, added);
	g_mutex_unlock(&stills->mutex);
}

GBytes *stills_get(stills *stills, const char *id, const char *officer)
{
	GBytes *found = NULL;
	g_mutex_lock(&stills->mutex);
	for (GList *item = stills->previews.head; item != NULL && found == NULL; item = item->next) {
		preview *preview = item->data;
		if (strcmp(preview->id, id) == 0 && strcmp(preview->officer, officer) == 0)
			found = g_bytes_ref(preview->jpeg);
	}
	g_mutex_unlock(&stills->mutex);
	return found;
}

void stills_drop_session(stills *stills, const char *session)
{
	g_mutex_lock(&stills->mutex);
	trim(stills, session, 0);
	g_mutex_unlock(&stills->mutex);
}

/* --- taking one (still.h) --- */

void still_free(still *still)
{
	if (still == NULL)
		return;
	g_free(still->file);
	g_free(still->sha256);
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
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_STATE,
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

still *still_take(app *app, const char *session, const char *person, const char *officer, const char *still_id,
	gboolean wants_mrz, GError **error)
{
	source source = { .session = session, .person = person };
	gboolean is_found = store_read(app_store(app), find_source, &source, error);
	g_autofree char *peer = source.peer;
	g_autofree char *recording = source.recording;
	if (!is_found)
		return NULL;
	g_autoptr(json_t) answer = media_client_call(app_media(app),
		json_pack("{s:s, s:s, s:s, s:s, s:b}", "do", "still", "recording", recording, "peer", peer, "still", still_id,
			"mrz", wants_mrz),
		error);
	GBytes *jpeg = answer != NULL ? crypto_base64_decode(json_text(answer, "jpeg"), error) : NULL;
	if (jpeg == NULL)
		return NULL;
	stills_add(app_stills(app), still_id, session, officer, jpeg);
	return still_of_json(answer);
}
