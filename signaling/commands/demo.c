/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort demo [--data=FOLDER]: makes an installation to try, with invented towns and people. Prints who may sign in. */
#include "booking/demo.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/options.h"
#include "signaling/database.h"
#include "signaling/commands/commands.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static const option table[] = {
	{ "data", OPTION_TEXT, "var", 0, 0, NULL, NULL, FALSE, "Folder for database, keys and jawort.conf; made when missing." },
	{ "file", OPTION_TEXT, "deploy/demo/demo.json", 0, 0, NULL, NULL, FALSE, "What the installation consists of." },
	{ 0 },
};

/* For `jawort serve --config=…`: mails go to the demo's own mailbox. */
static gboolean write_config(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "jawort.conf", NULL);
	g_autofree char *text = g_strdup_printf(
		"# Options of jawort serve; jawort config reference lists all.\n"
		"data = %s\nsmtp = smtp://127.0.0.1:2525\nsmtp-tls = none\nmail-from = termin@musterstadt.example\n",
		folder);
	return g_file_test(path, G_FILE_TEST_EXISTS) || file_create(path, text, strlen(text), 0600, error);
}

static void print_sign_ins(const json_t *staff)
{
	size_t index;
	json_t *one;
	printf("Sign in at /desk (registrars, examiners) or /office-admin (administrators, reviewers):\n");
	json_array_foreach(staff, index, one) {
		printf("  %-18s %-16s %-13s", json_text(one, "login"), json_text(one, "password"),
			json_text(one, "organisation"));
		size_t number;
		json_t *role;
		json_array_foreach(json_object_get(one, "roles"), number, role)
			printf("%s%s", number == 0 ? "" : ", ", json_string_value(role));
		printf("\n");
	}
}

int command_demo(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(options) options = options_load(table, argc, argv, &error);
	g_autofree char *folder = options != NULL ? g_canonicalize_filename(options_text(options, "data"), NULL) : NULL;
	g_autoptr(store) store = NULL;
	g_autoptr(json_t) staff = NULL;
	if (folder != NULL) {
		g_mkdir_with_parents(folder, 0700);
		g_autofree char *url = g_strdup_printf("sqlite:%s/jawort.db", folder);
		store = database_open(url, &error);
	}
	if (store != NULL) {
		g_autofree char *keys = g_build_filename(folder, "keys", NULL);
		g_mkdir_with_parents(keys, 0700);
		staff = demo_load(store, options_text(options, "file"), keys, clock_now_ms(), &error);
	}
	if (staff == NULL || !write_config(folder, &error)) {
		fprintf(stderr, "jawort demo: %s\n", error->message);
		return 1;
	}
	print_sign_ins(staff);
	return 0;
}
