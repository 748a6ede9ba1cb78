/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort audit verify|export: checks audit logs, of a running or stopped installation or of an export. Changes nothing. */
#include "booking/audit/verify.h"
#include "core/clock.h"
#include "core/db/store.h"
#include "core/file.h"
#include "core/options.h"
#include "signaling/commands/commands.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { KEYS_MAX_BYTES = 1 << 20 };

static const option table[] = {
	{ "database", OPTION_TEXT, "sqlite:var/jawort.db", 0, 0, NULL, NULL, FALSE, "The database to read." },
	{ "file", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE,
		"verify: an export to read instead. export: where to write, else to standard output." },
	{ "organisation", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE, "export: only this organisation's log." },
	{ "keys", OPTION_TEXT, NULL, 0, 0, NULL, NULL, FALSE, "verify: a file of the verifier keys to trust, one a line." },
	{ 0 },
};

typedef struct {
	const options *options;
	audit_verifier verifier;
	audit_figures figures;
	FILE *file;
} task;

static FILE *open_file(const char *path, const char *mode, GError **error)
{
	FILE *file = fopen(path, mode);
	if (file == NULL)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "%s cannot be opened: %s.", path, g_strerror(errno));
	return file;
}

static gboolean with_database(const task *task, store_job job, gpointer data, GError **error)
{
	g_autoptr(store) store = store_open_read_only(options_text(task->options, "database"), error);
	return store != NULL && store_read(store, job, data, error);
}

static void print_finding(G_GNUC_UNUSED gpointer data, const char *text)
{
	printf("WRONG  %s\n", text);
}

static gboolean verify_job(db *db, gpointer data, GError **error)
{
	task *task = data;
	return audit_verify_database(db, &task->verifier, &task->figures, error);
}

static gboolean verify(task *task, GError **error)
{
	const char *path = options_text(task->options, "file");
	if (path == NULL)
		return with_database(task, verify_job, task, error);
	FILE *file = open_file(path, "r", error);
	if (file == NULL)
		return FALSE;
	gboolean is_read = audit_verify_export(file, &task->verifier, &task->figures, error);
	fclose(file);
	return is_read;
}

static int command_verify(task *task, GError **error)
{
	const char *keys_path = options_text(task->options, "keys");
	g_autofree char *keys_text = keys_path != NULL ? file_read(keys_path, KEYS_MAX_BYTES, NULL, error) : NULL;
	if (keys_path != NULL && keys_text == NULL)
		return 2;
	g_auto(GStrv) keys = keys_text != NULL ? g_strsplit(g_strchomp(keys_text), "\n", -1) : NULL;
	task->verifier = (audit_verifier){ (const char *const *)keys, print_finding, NULL };
	int64_t start_us = clock_monotonic_us();
	if (!verify(task, error))
		return 2;
	const audit_figures *figures = &task->figures;
	printf("%" G_GINT64_FORMAT " logs, %" G_GINT64_FORMAT " entries, %" G_GINT64_FORMAT " of them under %" G_GINT64_FORMAT
	       " signed checkpoints, details of %" G_GINT64_FORMAT " erased; read in %.2f s\n",
		figures->logs, figures->entries, figures->signed_entries, figures->checkpoints, figures->erased_details,
		(double)(clock_monotonic_us() - start_us) / 1e6);
	if (keys == NULL)
		printf("The keys were those that came with the logs. Give --keys=FILE to check that they are the organisations' "
		       "own.\n");
	if (figures->findings == 0)
		printf("Every entry, hash, signature and digest fits.\n");
	else
		printf("%" G_GINT64_FORMAT " findings: this is not the log as it was written.\n", figures->findings);
	return figures->findings == 0 ? 0 : 1;
}

static gboolean export_job(db *db, gpointer data, GError **error)
{
	const task *task = data;
	return audit_export(db, options_text(task->options, "organisation"), task->file, error);
}

static int command_export(task *task, GError **error)
{
	const char *path = options_text(task->options, "file");
	task->file = path != NULL ? open_file(path, "wx", error) : stdout;
	if (task->file == NULL)
		return 2;
	gboolean is_written = with_database(task, export_job, task, error);
	if (path != NULL && fclose(task->file) != 0 && is_written) {
		is_written = FALSE;
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "%s cannot be written: %s.", path, g_strerror(errno));
	}
	return is_written ? 0 : 2;
}

static const struct {
	const char *name;
	int (*run)(task *task, GError **error);
} verbs[] = {
	{ "verify", command_verify },
	{ "export", command_export },
};

static int usage(void)
{
	g_autofree char *reference = options_reference(table);
	printf("usage: jawort audit verify|export [--option=value …]\n\n%s\n"
	       "verify ends with 0 when everything fits, 1 when something does not, 2 when it cannot be read.\n",
		reference);
	return 2;
}

int command_audit(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (argc < 2)
		return usage();
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		g_autoptr(options) options = options_load(table, argc - 1, argv + 1, &error);
		task task = { .options = options };
		int status = options != NULL ? verbs[i].run(&task, &error) : 2;
		if (error != NULL)
			fprintf(stderr, "jawort audit %s: %s\n", verbs[i].name, error->message);
		return status;
	}
	return usage();
}
