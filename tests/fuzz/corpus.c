/* SPDX-License-Identifier: EUPL-1.2 */
/* Runs a fuzz target over each file of a corpus folder, so that every find stays an ordinary test. */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) folder = argc == 2 ? g_dir_open(argv[1], 0, &error) : NULL;
	if (folder == NULL)
		g_error("usage: %s FOLDER: %s", argv[0], error != NULL ? error->message : "one argument needed");
	guint count = 0;
	for (const char *name; (name = g_dir_read_name(folder)) != NULL; count++) {
		g_autofree char *path = g_build_filename(argv[1], name, NULL);
		g_autofree char *data = NULL;
		size_t length = 0;
		if (!g_file_get_contents(path, &data, &length, &error))
			g_error("%s", error->message);
		/* A copy without the final NUL that GLib adds: reading past the end must be seen by the sanitizer. */
		g_autofree uint8_t *exact = g_memdup2(data, length);
		LLVMFuzzerTestOneInput(exact, length);
	}
	g_print("%u inputs\n", count);
	return count > 0 ? 0 : 1;
}
