/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>
#include "media/record/record.h"
#include "signaling/commands/commands.h"

static int check(const char *folder)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	record_check_result result;
	gboolean is_good = record_check(folder, &result, faults, &error);
	for (guint i = 0; i < faults->len; i++)
		printf("WRONG  %s\n", (const char *)faults->pdata[i]);
	if (!is_good && faults->len == 0)
		printf("WRONG  %s\n", error->message);
	printf("%s  %u files, %" G_GINT64_FORMAT " bytes, %.1f s of media; gaps: %u, restarts: %u\n", is_good ? "right" : "wrong",
		result.files, result.bytes, (double)result.media_ms / 1000, result.gaps, result.restarts);
	if (!result.complete)
		printf("note   It was not ended in order: what came after the last line of the manifest is not proven.\n");
	printf("chain  %s  (compare with the audit log)\n", result.chain);
	return is_good ? 0 : 1;
}

int command_recording(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2]);
	fprintf(stderr,
		"usage: jawort recording check FOLDER   check hashes, chain and completeness of a recording, without a key\n");
	return 2;
}
