/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines as OCR might read them: whatever is mended must parse, and compare without harm. */
#include "ident/mrz.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = g_strndup((const char *)data, length);
	g_auto(GStrv) read = g_strsplit(text, "\n", 30);
	ident_mrz mrz, parsed;
	ident_mrz_parse((const char *const *)read, &mrz, NULL);
	if (!ident_mrz_repair((const char *const *)read, &mrz, NULL))
		return 0;
	const char *const lines[] = { mrz.lines[0], mrz.lines[1], *mrz.lines[2] != '\0' ? mrz.lines[2] : NULL, NULL };
	if (!ident_mrz_parse(lines, &parsed, NULL) || strcmp(parsed.number, mrz.number) != 0)
		abort();
	g_autofree char *name = g_utf8_make_valid(text, MIN(length, 120));
	const ident_intake intake = { name, name, "1983-08-12", "id_card" };
	json_decref(ident_mrz_compare(&mrz, &intake, INT64_C(1803880800000)));
	return 0;
}
