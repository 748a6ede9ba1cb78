/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/record/stills.h"
#include "core/age.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/file.h"
#include "media/record/limits.h"
#include "media/record/link.h"
#include "media/record/still.h"

struct record_stills {
	record_folder *folder;
	void (*tell)(void *user, json_t *event);
	void *user;
	GPtrArray *waiting; /* still_request, for a keyframe */
	GThreadPool *worker;
	guint job_count; /* handed to the worker and not yet answered */
};

typedef struct {
	record_stills *stills;
	char *id;
	guint track;
	gboolean with_mrz;
	gint64 until_us;
	/* of the keyframe */
	const char *person;
	record_codec codec;
	record_frame frame;
	gint64 captured_ms;
	/* the outcome */
	char *file, *sha256;
	gsize bytes;
	record_still *still;
	GError *error;
} still_request;

static void still_request_free(gpointer data)
{
	still_request *request = data;
	g_free(request->id);
	g_clear_pointer(&request->frame.data, g_bytes_unref);
	g_free(request->file);
	g_free(request->sha256);
	record_still_free(request->still);
	g_clear_error(&request->error);
	g_free(request);
}

static void note_still(still_request *request)
{
	record_folder_know(request->stills->folder, request->file, request->bytes, request->sha256);
	record_folder_note(request->stills->folder, "still",
		json_pack("{s:s, s:s, s:I, s:s, s:i, s:I, s:i, s:i, s:i, s:I, s:I}", "file", request->file, "sha256",
			request->sha256, "bytes", (json_int_t)request->bytes, "person", request->person, "track",
			(int)request->track, "captured_ms", (json_int_t)request->captured_ms, "width", (int)request->still->width,
			"height", (int)request->still->height, "orientation", (int)request->frame.orientation, "sequence_first",
			(json_int_t)request->frame.sequence_first, "sequence_last", (json_int_t)request->frame.sequence_last));
}

static void answer_still(still_request *request)
{
	const record_still *still = request->still;
	gsize length;
	const void *jpeg = g_bytes_get_data(still->jpeg, &length);
	g_autofree char *preview = crypto_base64(jpeg, length);
	json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s, s:i, s:i}", "event", "still", "still", request->id, "file",
		request->file, "sha256", request->sha256, "width", (int)still->width, "height", (int)still->height, "jpeg",
		preview, "light", (int)still->light, "sharpness", (int)still->sharpness);
	json_t *lines = still->mrz != NULL ? json_array() : NULL;
	for (guint i = 0; lines != NULL && still->mrz[i] != NULL; i++)
		json_array_append_new(lines, json_string(still->mrz[i]));
	if (lines != NULL)
		json_object_set_new(event, "mrz", lines);
	request->stills->tell(request->stills->user, event);
}

/* Back on the loop's thread. */
static gboolean on_still_done(gpointer data)
{
	still_request *request = data;
	request->stills->job_count--;
	if (request->still != NULL) {
		note_still(request);
		answer_still(request);
	} else {
		record_stills_refuse(request->stills, request->id, request->error->message);
	}
	still_request_free(request);
	return G_SOURCE_REMOVE;
}

static gboolean seal_still(still_request *request, GError **error)
{
	gsize length;
	const void *png = g_bytes_get_data(request->still->png, &length);
	const char *const recipients[] = { record_folder_recipient(request->stills->folder), NULL };
	g_autoptr(GBytes) sealed = age_encrypt(png, length, recipients, error);
	if (sealed == NULL)
		return FALSE;
	request->file = g_strdup_printf("still-%s.png.age", request->id);
	g_autofree char *path = record_folder_path(request->stills->folder, request->file);
	const void *data = g_bytes_get_data(sealed, &request->bytes);
	request->sha256 = crypto_sha256_hex(data, request->bytes);
	return file_create(path, data, request->bytes, 0600, error);
}

/* On the worker's thread: the folder's path and recipient do not change. */
static void work_still(gpointer data, gpointer user)
{
	still_request *request = data;
	(void)user;
	request->still = record_still_take(request->codec, &request->frame, request->with_mrz, &request->error);
	if (request->still != NULL && !seal_still(request, &request->error))
		g_clear_pointer(&request->still, record_still_free);
	g_idle_add(on_still_done, request);
}

record_stills *record_stills_new(record_folder *folder, void (*tell)(void *user, json_t *event), void *user)
{
	record_stills *stills = g_new0(record_stills, 1);
	stills->folder = folder;
	stills->tell = tell;
	stills->user = user;
	stills->waiting = g_ptr_array_new_with_free_func(still_request_free);
	stills->worker = g_thread_pool_new(work_still, NULL, 1, FALSE, NULL);
	return stills;
}

void record_stills_free(record_stills *stills)
{
	if (stills == NULL)
		return;
	g_thread_pool_free(stills->worker, FALSE, TRUE);
	g_ptr_array_unref(stills->waiting);
	g_free(stills);
}

gboolean record_stills_is_full(const record_stills *stills)
{
	return stills->waiting->len + stills->job_count >= RECORD_STILLS_WAITING_MAX;
}

void record_stills_add(record_stills *stills, const char *id, guint track, gboolean with_mrz)
{
	still_request *request = g_new0(still_request, 1);
	request->stills = stills;
	request->id = g_strdup(id);
	request->track = track;
	request->with_mrz = with_mrz;
	request->until_us = clock_monotonic_us() + RECORD_STILL_WAIT_MS * 1000;
	g_ptr_array_add(stills->waiting, request);
}

void record_stills_refuse(record_stills *stills, const char *id, const char *text)
{
	stills->tell(stills->user, json_pack("{s:s, s:s, s:s}", "event", "still", "still", id, "error", text));
}

void record_stills_keyframe(record_stills *stills, guint track, const char *person, record_codec codec, const record_frame *frame)
{
	for (guint i = stills->waiting->len; i-- > 0;) {
		still_request *request = stills->waiting->pdata[i];
		if (request->track != track)
			continue;
		request->person = person;
		request->codec = codec;
		request->frame = *frame;
		g_bytes_ref(frame->data);
		request->captured_ms = record_folder_utc_ms(stills->folder, frame->first_us);
		g_ptr_array_steal_index(stills->waiting, i);
		stills->job_count++;
		g_thread_pool_push(stills->worker, request, NULL);
	}
}

void record_stills_tick(record_stills *stills, gint64 now_us)
{
	for (guint i = stills->waiting->len; i-- > 0;) {
		still_request *request = stills->waiting->pdata[i];
		if (now_us < request->until_us)
			continue;
		record_stills_refuse(stills, request->id, "No complete picture came in time; is the camera on?");
		g_ptr_array_remove_index(stills->waiting, i);
	}
}

void record_stills_finish(record_stills *stills)
{
	record_stills_tick(stills, G_MAXINT64);
	while (stills->job_count > 0)
		g_main_context_iteration(NULL, TRUE);
}
