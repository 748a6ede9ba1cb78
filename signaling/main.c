/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort COMMAND [--option=value …]: each command is one file in commands/. */
#include "core/crypto.h"
#include "signaling/commands/commands.h"
#include "signaling/rehearse/rehearse.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
} commands[] = {
	{ "serve", command_serve, "run the service: pages, protocol, media and signer" },
	{ "media", command_media, "forward audio and video between the people of a room; started by serve" },
	{ "record", command_record, "record one session; started by media" },
	{ "recording", command_recording, "check a recording without its key" },
	{ "report", command_report, "verify a report, without network or database" },
	{ "specimen", command_specimen, "draw a synthetic person with a specimen card" },
	{ "sign", command_sign, "sign checkpoints and reports; started by serve" },
	{ "audit", command_audit, "verify or export the audit logs" },
	{ "demo", command_demo, "make an installation to try, with invented towns and people" },
	{ "rehearse", command_rehearse, "conduct a whole appointment with synthetic people" },
	{ "config", command_config, "print or check the options of serve" },
};

static int usage(FILE *out, int status)
{
	fprintf(out, "jawort " JAWORT_VERSION
		     ": appointments by video at the registry office\n\nusage: jawort COMMAND [--option=value …]\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
	return status;
}

int main(int argc, char **argv)
{
	crypto_keep_memory_private();
	if (argc < 2)
		return usage(stderr, 2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, 0);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		/* What ps and top show (15 characters), also for children that were started by /proc/self/exe. */
		g_autofree char *title = g_strdup_printf("jawort-%s", commands[i].name);
		prctl(PR_SET_NAME, title);
		return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "jawort: there is no command \"%s\"\n\n", argv[1]);
	return usage(stderr, 2);
}
