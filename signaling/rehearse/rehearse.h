/* SPDX-License-Identifier: EUPL-1.2 */
/* `jawort rehearse`: a couple of two at two devices and an officer conduct one appointment against a running server, from
 * looking for a time to the verified report, through its public interfaces only.
 *
 * Prints each step with its time; a step that does not succeed ends the rehearsal with a sentence.
 * Returns the exit status: 0 everything was verified, 1 something was not, 2 wrong options. */
#pragma once

int command_rehearse(int argc, char **argv);
