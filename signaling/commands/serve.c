/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort serve: the service. Options: signaling/serve-options.c. */
#include "core/log.h"
#include "signaling/app-private.h"
#include "signaling/commands/commands.h"
#include "signaling/serve-options.h"

#include <stdio.h>

int command_serve(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	options *options = options_load(serve_options, argc, argv, &error);
	app *app = NULL;
	if (options != NULL && serve_options_check(options, &error)) {
		log_level level = LOG_LEVEL_INFO;
		log_format format = LOG_FORMAT_TEXT;
		log_level_parse(options_text(options, "log-level"), &level);
		log_format_parse(options_text(options, "log-format"), &format);
		log_open("serve", level, format);
		app = app_new(g_steal_pointer(&options), &error);
	}
	options_free(options);
	if (app == NULL) {
		fprintf(stderr, "jawort serve: %s\n", error->message);
		return error->domain == CORE_ERROR && error->code == CORE_ERROR_OPTION ? 2 : 1;
	}
	app_run(app);
	app_free(app);
	return 0;
}
