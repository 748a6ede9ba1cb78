/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort config print|check|reference [--option=value …]: the options of serve as they would be in force. */
#include "signaling/commands/commands.h"
#include "signaling/serve-options.h"

#include <stdio.h>
#include <string.h>

int command_config(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	g_autoptr(GError) error = NULL;
	if (strcmp(what, "reference") == 0) {
		g_autofree char *reference = options_reference(serve_options);
		printf("%s", reference);
		return 0;
	}
	if (strcmp(what, "print") != 0 && strcmp(what, "check") != 0) {
		fprintf(stderr, "usage: jawort config print|check|reference [--option=value …]\n");
		return 2;
	}
	g_autoptr(options) options = options_load(serve_options, argc - 1, argv + 1, &error);
	if (options == NULL || !serve_options_check(options, &error)) {
		fprintf(stderr, "jawort config: %s\n", error->message);
		return 1;
	}
	if (strcmp(what, "print") == 0) {
		g_autofree char *text = options_print(options);
		printf("%s", text);
	}
	return 0;
}
