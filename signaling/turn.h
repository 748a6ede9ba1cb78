/* SPDX-License-Identifier: EUPL-1.2 */
/* Relays for browsers whose network lets no UDP out: which there are, and who may use them for how long.
 *
 * The credential is the "TURN REST API" scheme that coturn knows as use-auth-secret: the username is
 * EXPIRY:PEER (seconds since 1970), the password base64(HMAC-SHA1(secret, username)). The relay needs to know nobody; it only
 * shares the secret. Thread: any, after it was made. */
#pragma once
#include "core/options.h"
#include <jansson.h>

typedef struct turn turn;

/* From the options "turn-url" and "turn-secret-file". CORE_ERROR_FILE or CORE_ERROR_OPTION when the secret cannot be read. */
turn *turn_new(const options *options, GError **error);
void turn_free(turn *turn);
/* (transfer full) Array of {"urls","username","credential"} for a device, empty without a relay. Valid from
 * TURN_STEP_MS to twice that; the same within a step, so that a view does not change for it. */
json_t *turn_servers(const turn *turn, const char *peer, int64_t now_ms);
/* (transfer full) The password that belongs to a username. */
char *turn_password(const char *secret, const char *username);
