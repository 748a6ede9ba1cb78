/* SPDX-License-Identifier: EUPL-1.2 */
/* Options of a command: one typed table gives parsing, checking, printing and the reference page.
 *
 * A value comes from the table's default, then from a file of `name = value` lines (# comments; --config=FILE names it),
 * then from `--name=value`; a flag may stand as `--name`. Of an option that may be repeated (OPTION_LIST) each occurrence
 * adds a text. Unknown names and values out of range are fatal,
 * with a sentence that says what to do. Thread: read-only after options_load(). */
#pragma once
#include "core/error.h"
#include <stdint.h>

typedef enum { OPTION_TEXT, OPTION_INTEGER, OPTION_FLAG, OPTION_CHOICE, OPTION_LIST } option_type;

typedef struct {
	const char *name; /* "http-port"; lower case */
	option_type type;
	const char *fallback; /* the default as text; NULL: none, options_text() gives NULL */
	int64_t min, max;     /* OPTION_INTEGER, inclusive */
	const char *choices;  /* OPTION_CHOICE: "text|json" */
	const char *unit;     /* "ms", "bytes", "connections"; NULL when it has none */
	gboolean is_secret;   /* never printed */
	const char *about;    /* one sentence */
} option;

typedef struct options options;

/* `table` ends with a row of name NULL and outlives the result. `argv[0]` is the command's name. With --help as the first
 * argument the reference is printed and the program ends.
 * Returns (transfer full), or NULL with CORE_ERROR_OPTION or CORE_ERROR_FILE. */
options *options_load(const option *table, int argc, char **argv, GError **error);
void options_free(options *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(options, options_free)

/* Asking for a name that is not in the table, or by another type, is a bug and aborts. */
const char *options_text(const options *options, const char *name); /* also OPTION_CHOICE */
int64_t options_int(const options *options, const char *name);
gboolean options_flag(const options *options, const char *name);
/* (transfer full) In the order of their occurrence; empty without any. */
GStrv options_list(const options *options, const char *name);
/* Arguments that are no options, in order; NULL ends. */
const char *const *options_arguments(const options *options);

/* (transfer full) All values as a file that can be read again; secrets as "# name = (secret)". */
char *options_print(const options *options);
/* (transfer full) The reference: name, default, range, unit and sentence of each, for --help and the documentation. */
char *options_reference(const option *table);
