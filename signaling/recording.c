/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/recording.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/id.h"
#include "core/json.h"
#include "ident/evidence.h"
#include "media/record/folder.h"
#include "signaling/session.h"
#include "signaling/sql.h"

#include <glib/gstdio.h>
#include <string.h>

/* What each event does: the state it leads to (NULL: none), and the audit entry (NULL: none). */
static const struct {
	const char *state;
	const char *action;
} effects[] = {
	[RECORDING_CREATED] = { NULL, "recording.created" },
	[RECORDING_NEXT_PART] = { "starting", "recording.continued" },
	[RECORDING_STARTED] = { "on", "recording.started" },
	[RECORDING_PAUSED] = { "paused", "recording.paused" },
	[RECORDING_RESUMED] = { "on", "recording.resumed" },
	[RECORDING_PART] = { "on", "recording.interrupted" },
	[RECORDING_ANCHORED] = { NULL, "recording.anchored" },
	[RECORDING_STOPPED] = { "stopped", "recording.stopped" },
	[RECORDING_DESTROYED] = { "destroyed", "recording.destroyed" },
	[RECORDING_FAILED] = { "failed", "recording.failed" },
};

char *recording_new_id(void)
{
	return id_new("recording");
}

char *recording_folder(const char *id)
{
	return g_strdup_printf("recordings/%s", id);
}

/* Media destroys what it writes; this also covers a media server that died before. */
static gboolean destroy_folder(const char *data_folder, const char *recording, GError **error)
{
	g_autofree char *relative = recording_folder(recording);
	g_autofree char *path = g_build_filename(data_folder, relative, NULL);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	if (!record_folder_destroy(path, error))
		return FALSE;
	g_rmdir(path);
	return TRUE;
}

static json_t *details_of(const recording_change *change, int64_t part)
{
	json_t *details = json_pack("{s:s, s:I}", "recording", change->recording, "part", (json_int_t)part);
	if (change->reason != NULL)
		json_object_set_new(details, "reason", json_string(change->reason));
	for (const char **key = (const char *[]){ "chain", "bytes", "parts", NULL }; *key != NULL; key++)
		if (json_object_get(change->answer, *key) != NULL)
			json_object_set(details, *key, json_object_get(change->answer, *key));
	return details;
}

/* The films. Stills among the files are evidence already, with the step they belong to; the key is none. */
static gboolean add_evidence(
	const booking_context *context, const recording_change *change, const session *session, GError **error)
{
	g_autofree char *folder = recording_folder(change->recording);
	size_t index;
	json_t *part;
	json_array_foreach(json_object_get(change->answer, "parts"), index, part) {
		const char *name = json_text(part, "file");
		if (name == NULL || !g_str_has_suffix(name, ".webm.age"))
			continue;
		g_autofree char *id = id_new("evidence");
		g_autofree char *file = g_build_filename(folder, name, NULL);
		ident_evidence evidence = { .id = id,
			.organisation = session->organisation,
			.session = session->id,
			.kind = "recording",
			.origin = "recording of the session",
			.file = file,
			.sha256 = json_text(part, "sha256"),
			.details = part };
		if (!ident_evidence_add(context, &evidence, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean store_numbers(db *db, const recording_change *change, GError **error)
{
	const char *chain = json_text(change->answer, "chain");
	if (change->event == RECORDING_ANCHORED)
		return db_run(db, error, SQL_RECORDING_CHAIN, DB_TEXT("id", change->recording), DB_TEXT("chain", chain),
			       DB_INT("bytes", json_int(change->answer, "bytes"))) >= 0;
	if (change->event == RECORDING_STOPPED && change->answer != NULL) {
		g_autofree char *files = json_compact(json_object_get(change->answer, "parts"));
		return db_run(db, error, SQL_RECORDING_FILES, DB_TEXT("id", change->recording), DB_TEXT("chain", chain),
			       DB_TEXT("files", files)) >= 0;
	}
	return change->part == 0 ||
	       db_run(db, error, SQL_RECORDING_PART, DB_TEXT("id", change->recording), DB_INT("part", change->part)) >= 0;
}

static gboolean apply(
	const booking_context *context, const recording_change *change, const session *session, int64_t part, GError **error)
{
	if (!store_numbers(context->db, change, error))
		return FALSE;
	const char *state = effects[change->event].state;
	if (state != NULL && db_run(context->db, error, SQL_RECORDING_STATE, DB_TEXT("id", change->recording),
				     DB_TEXT("state", state), DB_INT("now", context->now_ms)) < 0)
		return FALSE;
	if (change->event == RECORDING_STOPPED && !add_evidence(context, change, session, error))
		return FALSE;
	if (change->event == RECORDING_DESTROYED &&
		(!destroy_folder(change->data_folder, change->recording, error) ||
			!ident_evidence_destroyed(context, session->organisation, session->id, "consent_withdrawn", error)))
		return FALSE;
	if (effects[change->event].action == NULL)
		return TRUE;
	g_autoptr(json_t) details = details_of(change, part);
	return session_log(context, session, effects[change->event].action, details, error);
}

gboolean recording_job(db *db, gpointer data, GError **error)
{
	const recording_change *change = data;
	booking_context context = { .db = db, .now_ms = clock_now_ms(), .actor = "system" };
	g_autoptr(db_rows) rows = db_select(db, error, SQL_RECORDING_GET, DB_TEXT("id", change->recording));
	if (rows == NULL)
		return FALSE;
	gboolean is_known = db_next(rows);
	if (!is_known && change->event != RECORDING_CREATED)
		return TRUE; /* media speaks of something that the database never had */
	g_autoptr(session) session = session_load(db, is_known ? db_text(rows, "session") : change->session, error);
	if (session == NULL)
		return FALSE;
	/* Media paused by itself what was paused already. */
	if (change->event == RECORDING_PAUSED && is_known && strcmp(db_text(rows, "state"), "paused") == 0)
		return TRUE;
	store_touch(db, "session:%s", session->id);
	if (change->event != RECORDING_CREATED)
		return apply(&context, change, session, change->part > 0 ? change->part : db_int(rows, "part"), error);
	g_autofree char *folder = recording_folder(change->recording);
	g_autoptr(json_t) details = details_of(change, change->part);
	return db_run(db, error, SQL_RECORDING_ADD, DB_TEXT("id", change->recording), DB_TEXT("session", session->id),
		       DB_TEXT("organisation", session->organisation), DB_TEXT("folder", folder)) >= 0 &&
	       session_log(&context, session, effects[RECORDING_CREATED].action, details, error);
}
