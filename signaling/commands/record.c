/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>
#include <unistd.h>
#include "core/log.h"
#include "media/record/link.h"
#include "media/record/record.h"
#include "signaling/commands/commands.h"

/* Started by `jawort media` only, with file descriptor 3 as media/record/link.h says. */
int command_record(int argc, char **argv)
{
	log_format format = LOG_FORMAT_TEXT;
	sandbox_level level = SANDBOX_FULL;
	for (int i = 1; i < argc; i++) {
		if (g_str_has_prefix(argv[i], "--log-format="))
			log_format_parse(argv[i] + strlen("--log-format="), &format);
		if (g_str_has_prefix(argv[i], "--sandbox="))
			sandbox_level_parse(argv[i] + strlen("--sandbox="), &level);
	}
	log_open("record", LOG_LEVEL_INFO, format);
	/* GLib's quarks look like a leak to the sanitizer at an ordinary exit; tests/integration/record looks for real ones. */
	_exit(record_launch(RECORD_LINK_FD, level));
}
