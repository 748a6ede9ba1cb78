/* SPDX-License-Identifier: EUPL-1.2 */
/* The steps of an attempt, as the officer does them. */
#include "core/id.h"
#include "ident/check.h"
#include "ident/error.h"
#include "signaling/ident-access.h"
#include "signaling/protocol/handlers.h"
#include "signaling/still.h"

/* What is done while the recording stands still (somebody without consent is there) proves nothing. */
static gboolean check_recording(const request *request, const ident_attempt *attempt, GError **error)
{
	g_autoptr(session) session = session_load(request->db, attempt->session, error);
	if (session == NULL)
		return FALSE;
	return session->is_recording || ident_refuse(error, IDENT_REFUSAL_NOT_RECORDED, "V-22", NULL);
}

json_t *handle_check_record(request *request, const check_record_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(ident_attempt) attempt = attempt_of_actor(request->db, request->actor, in->attempt, error);
	if (attempt == NULL || !check_recording(request, attempt, error) ||
		!ident_check_record(&context, in->attempt, in->step, in->result, in->answer, error))
		return NULL;
	return json_object();
}

/* --- stills --- */

typedef struct {
	const request *request;
	const check_capture_in *in;
	ident_attempt *attempt;
	char *id;
	gboolean wants_mrz;
	still *still;
} capture;

static void clear(capture *capture)
{
	ident_attempt_free(capture->attempt);
	g_free(capture->id);
	still_free(capture->still);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(capture, clear)

/* Would a still be accepted? Asked before media is, and once more when it is there. */
static gboolean ask(db *db, gpointer data, GError **error)
{
	capture *capture = data;
	capture->attempt = attempt_of_actor(db, capture->request->actor, capture->in->attempt, error);
	return capture->attempt != NULL &&
	       ident_check_capture_subject(db, capture->in->attempt, capture->in->step, &capture->wants_mrz, error) != NULL;
}

static gboolean keep(db *db, gpointer data, GError **error)
{
	const capture *capture = data;
	const still *still = capture->still;
	booking_context context = request_context(capture->request);
	context.db = db;
	g_autoptr(ident_attempt) attempt = attempt_of_actor(db, capture->request->actor, capture->in->attempt, error);
	const ident_still taken = { capture->id, still->file, still->sha256, still->width, still->height, still->light,
		still->sharpness, (const char *const *)still->mrz };
	return attempt != NULL && ident_check_capture(&context, capture->in->attempt, capture->in->step, &taken, error);
}

json_t *handle_check_capture(request *request, const check_capture_in *in, GError **error)
{
	g_auto(capture) capture = { .request = request, .in = in, .id = id_new("still") };
	store *store = app_store(request->app);
	if (!store_read(store, ask, &capture, error))
		return NULL;
	capture.still =
		still_take(request->app, capture.attempt->session, capture.attempt->person, capture.id, capture.wants_mrz, error);
	if (capture.still == NULL || !store_write_wait(store, keep, &capture, error))
		return NULL;
	const still *still = capture.still;
	still_show(request->app, still, capture.id, capture.attempt->session, request->actor->id);
	json_t *lines = json_array();
	for (guint i = 0; still->mrz[i] != NULL; i++)
		json_array_append_new(lines, json_string(still->mrz[i]));
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:o}", "still", capture.id, "width", still->width, "height", still->height,
		"light", still->light, "sharpness", still->sharpness, "mrz", lines);
}
