/* SPDX-License-Identifier: EUPL-1.2 */
/* The texts of mails: booking/mail/LANGUAGE/KIND.txt, compiled in. The first line is the subject, the text begins after an
 * empty one; {name} stands for a value. */
#pragma once
#include <glib.h>

typedef struct {
	const char *name;
	const char *value; /* NULL: empty */
} template_value;

/* (transfer full) The text, and in `*subject` (transfer full) its subject. `values` ends with a name of NULL.
 * A text that asks for a value that is not given is a bug and aborts. */
char *template_fill(const char *language, const char *kind, const template_value *values, char **subject);
