/* SPDX-License-Identifier: EUPL-1.2 */
/* Whatever json_read() accepts keeps its meaning in canonical form, and has only one. */
#include "core/json.h"
#include <string.h>

enum { MAX_BYTES = 65536, MAX_DEPTH = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(json_t) value = json_read((const char *)data, length, MAX_BYTES, MAX_DEPTH, NULL);
	g_autofree char *text = value != NULL ? json_canonical(value, NULL) : NULL;
	if (text == NULL)
		return 0;
	/* Escapes can make it longer. */
	g_autoptr(json_t) again = json_read(text, strlen(text), 6 * MAX_BYTES, MAX_DEPTH, NULL);
	g_assert_true(json_equal(value, again));
	g_autofree char *text_again = json_canonical(again, NULL);
	g_assert_cmpstr(text, ==, text_again);
	return 0;
}
