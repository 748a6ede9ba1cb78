/* SPDX-License-Identifier: EUPL-1.2 */
/* `jawort media` and `jawort record` without the rest, for the tests of this folder. */
#include "media/process.h"
#include "media/record/link.h"
#include "media/record/record.h"
#include <string.h>

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "record") == 0)
		return record_launch(RECORD_LINK_FD, SANDBOX_FULL);
	return media_process(argc, argv);
}
