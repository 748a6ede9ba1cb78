/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/verify.h"
#include "core/json.h"
#include <gio/gio.h>
#include <math.h>

enum { PROBE_MAX_BYTES = 64 * 1024 * 1024, PROBE_DEPTH = 6 };
#define TOLERANCE_S 1.0

/* As an operator would type it; the recording's own identity goes from one age to the other. */
static const char probe_script[] =
	"age -d -i \"$1\" \"$2\" | age -d -i - \"$3\" | "
	"ffprobe -v error -of json -show_entries stream=index,codec_type:packet=stream_index,pts_time -i -";

/* Returns (transfer full) what the program printed; what it complains about becomes the error. */
static char *run(const char *const *arguments, GError **error)
{
	g_autoptr(GSubprocess) program =
		g_subprocess_newv(arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
	g_autofree char *output = NULL, *complaint = NULL;
	if (program == NULL || !g_subprocess_communicate_utf8(program, NULL, NULL, &output, &complaint, error))
		return NULL;
	if (!g_subprocess_get_successful(program)) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY, "%s", complaint[0] != '\0' ? complaint : output);
		return NULL;
	}
	return g_steal_pointer(&output);
}

/* How long the packets of the first stream of this kind last; negative: there is none. */
static double stream_seconds(const json_t *probe, const char *kind)
{
	size_t i;
	json_t *row;
	int64_t index = -1;
	double first = INFINITY, last = -INFINITY;
	json_array_foreach(json_object_get(probe, "streams"), i, row)
		if (index < 0 && g_strcmp0(json_text(row, "codec_type"), kind) == 0)
			index = json_int(row, "index");
	json_array_foreach(json_object_get(probe, "packets"), i, row)
		if (json_int(row, "stream_index") == index && json_text(row, "pts_time") != NULL) {
			const double at = g_ascii_strtod(json_text(row, "pts_time"), NULL);
			first = MIN(first, at);
			last = MAX(last, at);
		}
	return index < 0 ? -1 : last - first;
}

/* What one part, or all parts of a person, hold. */
typedef struct {
	gboolean has_video, has_audio;
	double seconds;
} content;

static gboolean read_part(const char *folder, const char *file, const char *identity, content *part, GError **error)
{
	g_autofree char *key = g_build_filename(folder, "key.age", NULL);
	g_autofree char *path = g_build_filename(folder, file, NULL);
	g_autofree char *text = run(
		(const char *const[]){ "bash", "-o", "pipefail", "-c", probe_script, "probe", identity, key, path, NULL }, error);
	g_autoptr(json_t) probe = text != NULL ? json_read(text, strlen(text), PROBE_MAX_BYTES, PROBE_DEPTH, error) : NULL;
	if (probe == NULL) {
		g_prefix_error(error, "%s cannot be opened: ", path);
		return FALSE;
	}
	const double video = stream_seconds(probe, "video"), audio = stream_seconds(probe, "audio");
	*part = (content){ .has_video = video >= 0, .has_audio = audio >= 0, .seconds = MAX(0, MAX(video, audio)) };
	return TRUE;
}

/* "001-partner_1.webm.age" -> "partner_1"; NULL: no part. (transfer full) */
static char *person_of(const char *file)
{
	g_autoptr(GRegex) form = g_regex_new("^[0-9]{3}-(.+)\\.webm\\.age$", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	return g_regex_match(form, file, 0, &match) ? g_match_info_fetch(match, 1) : NULL;
}

/* (transfer full) Person -> content of all their parts; NULL when one does not open. */
static GHashTable *read_parts(const char *folder, const char *identity, GError **error)
{
	g_autoptr(GHashTable) people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GDir) listing = g_dir_open(folder, 0, error);
	if (listing == NULL)
		return NULL;
	for (const char *file; (file = g_dir_read_name(listing)) != NULL;) {
		g_autofree char *person = person_of(file);
		content part;
		if (person == NULL)
			continue;
		if (!read_part(folder, file, identity, &part, error))
			return NULL;
		content *whole = g_hash_table_lookup(people, person);
		if (whole == NULL)
			g_hash_table_insert(people, g_steal_pointer(&person), whole = g_new0(content, 1));
		whole->has_video |= part.has_video;
		whole->has_audio |= part.has_audio;
		whole->seconds += part.seconds;
	}
	return g_steal_pointer(&people);
}

gboolean verify_recording(const char *folder, const char *identity, double expected_s, guint *people, GError **error)
{
	g_autoptr(GHashTable) contents = read_parts(folder, identity, error);
	if (contents == NULL)
		return FALSE;
	*people = g_hash_table_size(contents);
	GHashTableIter each;
	gpointer person, value;
	g_hash_table_iter_init(&each, contents);
	while (g_hash_table_iter_next(&each, &person, &value)) {
		const content *whole = value;
		if (!whole->has_video || !whole->has_audio)
			g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY, "no part of %s has %s", (char *)person,
				whole->has_video ? "sound" : "a picture");
		else if (fabs(whole->seconds - expected_s) > TOLERANCE_S)
			g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY,
				"the recording of %s lasts %.1f s, the session was recorded for %.1f s", (char *)person,
				whole->seconds, expected_s);
		else
			continue;
		return FALSE;
	}
	return TRUE;
}

gboolean verify_with_command(const char *const *arguments, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_ptr_array_add(all, "/proc/self/exe");
	for (const char *const *argument = arguments; *argument != NULL; argument++)
		g_ptr_array_add(all, (gpointer)*argument);
	g_ptr_array_add(all, NULL);
	g_autofree char *self = g_file_read_link(all->pdata[0], error);
	if (self == NULL)
		return FALSE;
	all->pdata[0] = self;
	g_autofree char *output = run((const char *const *)all->pdata, error);
	return output != NULL;
}
