/* SPDX-License-Identifier: EUPL-1.2 */
/* Structured events on standard error: a level, a constant message, fields.
 *
 *     log_info("recording started", LOG_TEXT("recording", id), LOG_INT("part", part));
 *
 * The message never contains a variable, so that events can be counted; variables are fields. Personal data
 * (names, birth dates, addresses, document numbers, TANs, tokens) is never a field.
 * What is known about the work in hand goes into every event below it by itself:
 *
 *     LOG_SCOPE("session", session_id);     until the end of the block, on this thread
 *
 * Thread: any; one event is one write(2). */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef enum { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR } log_level;
typedef enum {
	LOG_FORMAT_TEXT, /* 08:36:56.123 info   recording started recording=recording_… part=1 */
	LOG_FORMAT_JSON, /* {"time":"…","level":"info","message":"recording started","recording":"…","part":1} */
} log_format;

typedef struct {
	const char *name;
	const char *text; /* NULL: the field is `integer` */
	int64_t integer;
} log_field;

#define LOG_TEXT(field, value) ((log_field){ .name = (field), .text = (value) != NULL ? (value) : "" })
#define LOG_INT(field, value) ((log_field){ .name = (field), .integer = (value) })
/* The message of a GError that may be NULL. */
#define LOG_CAUSE(error) LOG_TEXT("cause", (error) != NULL ? (error)->message : NULL)

#define log_event(level, message, ...)                                                                                           \
	log_event_fields((level), (message), (const log_field[]){ { 0 }, ##__VA_ARGS__ } + 1,                                    \
		sizeof((const log_field[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(log_field) - 1)
#define log_debug(message, ...) log_event(LOG_LEVEL_DEBUG, message, ##__VA_ARGS__)
#define log_info(message, ...) log_event(LOG_LEVEL_INFO, message, ##__VA_ARGS__)
#define log_warning(message, ...) log_event(LOG_LEVEL_WARNING, message, ##__VA_ARGS__)
#define log_error(message, ...) log_event(LOG_LEVEL_ERROR, message, ##__VA_ARGS__)

void log_event_fields(log_level level, const char *message, const log_field *fields, size_t count);

/* At start, before other threads: events below `level` are dropped; `process` ("serve", "media") is a field of each.
 * Without this call: readable text, from info up. Also routes GLib's own warnings here. */
void log_open(const char *process, log_level level, log_format format);
/* Words of options and protocols. FALSE when unknown. */
gboolean log_level_parse(const char *word, log_level *level);
gboolean log_format_parse(const char *word, log_format *format);

typedef struct log_scope log_scope;
struct log_scope {
	log_field field;
	log_scope *outer;
};
/* A text field for every event of this thread until the end of the enclosing block; `value` must live as long. */
#define LOG_SCOPE(name, value)                                                                                                   \
	__attribute__((cleanup(log_scope_leave))) log_scope G_PASTE(log_scope_, __LINE__) = { LOG_TEXT(name, value), NULL };     \
	log_scope_enter(&G_PASTE(log_scope_, __LINE__))
void log_scope_enter(log_scope *scope);
void log_scope_leave(log_scope *scope);
