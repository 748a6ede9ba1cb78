/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort report verify FILE [--key=KEY]: say in plain words whether a report holds, without network or database. */
#include "core/file.h"
#include "ident/report.h"
#include "signaling/commands/commands.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX_BYTES = 16 * 1024 * 1024 };

static int usage(void)
{
	fprintf(stderr, "usage: jawort report verify FILE [--key=KEY]\n\n"
			"  FILE  a report, as JSON or as PDF with the JSON attached\n"
			"  KEY   the authority's key as it publishes it (NAME+ID+KEY, /api/v1/audit/ORGANISATION/key), or a file "
			"with it\n");
	return 2;
}

static void print_line(gpointer data, gboolean is_good, const char *text)
{
	(void)data;
	printf("%s  %s\n", is_good ? "right" : "WRONG", text);
}

/* (transfer full) The key itself, or what stands in the file of that name. */
static char *read_key(const char *argument)
{
	char *key = file_read(argument, 1000, NULL, NULL);
	return g_strstrip(key != NULL ? key : g_strdup(argument));
}

static int verify(const char *path, const char *key)
{
	size_t length;
	g_autoptr(GError) error = NULL;
	g_autofree char *file = file_read(path, FILE_MAX_BYTES, &length, &error);
	if (file == NULL) {
		fprintf(stderr, "jawort report: %s\n", error->message);
		return 2;
	}
	g_autofree char *report = ident_report_extract(file, length);
	if (report == NULL) {
		print_line(NULL, FALSE, "This PDF has no report attached.");
		return 1;
	}
	if (strncmp(file, "%PDF-", 5) == 0)
		printf("note   Checked is the file attached to the PDF; what counts is its content, not the printed page.\n");
	gboolean is_good = ident_report_verify(report, strlen(report), key, print_line, NULL);
	printf("\n%s\n", is_good ? "The report holds." : "The report does NOT hold.");
	return is_good ? 0 : 1;
}

int command_report(int argc, char **argv)
{
	if (argc < 3 || argc > 5 || strcmp(argv[1], "verify") != 0)
		return usage();
	if (argc == 3)
		return verify(argv[2], NULL);
	const char *argument = NULL;
	if (argc == 4 && strncmp(argv[3], "--key=", 6) == 0)
		argument = argv[3] + 6;
	if (argc == 5 && strcmp(argv[3], "--key") == 0)
		argument = argv[4];
	if (argument == NULL)
		return usage();
	g_autofree char *key = read_key(argument);
	return verify(argv[2], key);
}
