/* SPDX-License-Identifier: EUPL-1.2 */
/* Mails of one address, read through the demo's mail catcher (deploy/demo/mailbox). Thread: main. */
#pragma once
#include "signaling/rehearse/client.h"

/* Wait for a mail to `address` that `pattern` (a regular expression) matches, and that came after mail number `*last`.
 * `*last` becomes its number. Returns (transfer full) what the pattern's first group matched. */
char *mailbox_wait(client *mailbox, const char *address, const char *pattern, guint *last, GError **error);
