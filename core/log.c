/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/log.h"
#include "core/clock.h"
#include <jansson.h>
#include <string.h>
#include <unistd.h>

static const char *const level_words[] = { "debug", "info", "warning", "error" };
static const char *const format_words[] = { "text", "json" };

static struct {
	const char *process;
	log_level level;
	log_format format;
} settings = { NULL, LOG_LEVEL_INFO, LOG_FORMAT_TEXT };

static _Thread_local log_scope *scopes;

static int word_index(const char *const *words, guint count, const char *word)
{
	for (guint i = 0; i < count; i++)
		if (g_strcmp0(words[i], word) == 0)
			return (int)i;
	return -1;
}

gboolean log_level_parse(const char *word, log_level *level)
{
	int index = word_index(level_words, G_N_ELEMENTS(level_words), word);
	if (index >= 0)
		*level = (log_level)index;
	return index >= 0;
}

gboolean log_format_parse(const char *word, log_format *format)
{
	int index = word_index(format_words, G_N_ELEMENTS(format_words), word);
	if (index >= 0)
		*format = (log_format)index;
	return index >= 0;
}

void log_scope_enter(log_scope *scope)
{
	scope->outer = scopes;
	scopes = scope;
}

void log_scope_leave(log_scope *scope)
{
	scopes = scope->outer;
}

/* Values come from peers too: a line break or terminal escape in one must not look like another event. */
static void append_text_field(GString *line, const log_field *field)
{
	g_string_append_printf(line, " %s=", field->name);
	if (field->text == NULL) {
		g_string_append_printf(line, "%" G_GINT64_FORMAT, field->integer);
		return;
	}
	g_autofree char *text = g_utf8_make_valid(field->text, -1);
	gboolean is_plain = *text != '\0';
	for (const char *c = text; *c != '\0'; c++)
		is_plain = is_plain && (g_ascii_isalnum(*c) || strchr("._-:/+@[]", *c) != NULL);
	if (is_plain) {
		g_string_append(line, text);
		return;
	}
	g_string_append_c(line, '"');
	for (const char *c = text; *c != '\0'; c++)
		g_string_append_c(line, (guchar)*c < 0x20 || *c == 0x7f ? ' ' : *c == '"' ? '\'' : *c);
	g_string_append_c(line, '"');
}

static GString *text_line(log_level level, const char *message, const log_field *fields, size_t count)
{
	g_autofree char *now = clock_text(clock_now_ms());
	GString *line = g_string_new(NULL);
	g_string_append_printf(line, "%.12s %-7s ", now + 11, level_words[level]);
	if (settings.process != NULL)
		g_string_append_printf(line, "%s: ", settings.process);
	g_string_append(line, message);
	for (size_t i = 0; i < count; i++)
		append_text_field(line, &fields[i]);
	for (const log_scope *scope = scopes; scope != NULL; scope = scope->outer)
		append_text_field(line, &scope->field);
	return line;
}

static void set_json_field(json_t *event, const log_field *field)
{
	if (json_object_get(event, field->name) != NULL)
		return;
	g_autofree char *text = field->text != NULL ? g_utf8_make_valid(field->text, -1) : NULL;
	json_object_set_new(event, field->name, text != NULL ? json_string(text) : json_integer(field->integer));
}

static GString *json_line(log_level level, const char *message, const log_field *fields, size_t count)
{
	g_autofree char *now = clock_text(clock_now_ms());
	json_t *event = json_pack("{ssssss}", "time", now, "level", level_words[level], "message", message);
	if (settings.process != NULL)
		json_object_set_new(event, "process", json_string(settings.process));
	for (size_t i = 0; i < count; i++)
		set_json_field(event, &fields[i]);
	for (const log_scope *scope = scopes; scope != NULL; scope = scope->outer)
		set_json_field(event, &scope->field);
	char *text = json_dumps(event, JSON_COMPACT);
	GString *line = g_string_new(text);
	free(text);
	json_decref(event);
	return line;
}

void log_event_fields(log_level level, const char *message, const log_field *fields, size_t count)
{
	if (level < settings.level)
		return;
	GString *line = (settings.format == LOG_FORMAT_JSON ? json_line : text_line)(level, message, fields, count);
	g_string_append_c(line, '\n');
	/* Nowhere to report a failure to. */
	ssize_t written = write(STDERR_FILENO, line->str, line->len);
	(void)written;
	g_string_free(line, TRUE);
}

static GLogWriterOutput glib_writer(GLogLevelFlags flags, const GLogField *fields, gsize count, G_GNUC_UNUSED gpointer user_data)
{
	const char *text = NULL;
	for (gsize i = 0; i < count; i++)
		if (g_str_equal(fields[i].key, "MESSAGE"))
			text = fields[i].value;
	log_level level = flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? LOG_LEVEL_ERROR
			  : flags & G_LOG_LEVEL_WARNING                      ? LOG_LEVEL_WARNING
			  : flags & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO) ? LOG_LEVEL_INFO
									     : LOG_LEVEL_DEBUG;
	log_event(level, "library message", LOG_TEXT("text", text));
	return G_LOG_WRITER_HANDLED;
}

void log_open(const char *process, log_level level, log_format format)
{
	settings.process = process;
	settings.level = level;
	settings.format = format;
	g_log_set_writer_func(glib_writer, NULL, NULL);
}
