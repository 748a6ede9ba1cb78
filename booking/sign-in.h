/* SPDX-License-Identifier: EUPL-1.2 */
/* Tries to sign in, counted for each login, whether anybody has it or not: neither a lock nor the time of an answer tells who
 * exists. Thread: inside a write job. */
#pragma once
#include "booking/context.h"

/* Count a try, before its password is looked at, so that tries at the same time count too. The fifth without success locks the
 * login for a minute, each further one for twice as long. `*is_locked`: it was locked already, and this try is void. */
gboolean sign_in_try(const booking_context *context, const char *login, gboolean *is_locked, GError **error);
/* The password was right. */
gboolean sign_in_succeeded(const booking_context *context, const char *login, GError **error);
/* Forget tries of long ago. */
gboolean sign_in_sweep(const booking_context *context, GError **error);
