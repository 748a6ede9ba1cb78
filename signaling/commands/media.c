/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/process.h"
#include "signaling/commands/commands.h"

int command_media(int argc, char **argv)
{
	return media_process(argc, argv);
}
