/* SPDX-License-Identifier: EUPL-1.2 */
/* The network's edge: HTTP and WebSocket on libwebsockets 4.1.6, as a guest of the loop.
 *
 * That version has known faults, which this folder works around: the argument of HTTP_CONFIRM_UPGRADE is never read (it
 * may be freed), Origin is checked in FILTER_PROTOCOL_CONNECTION, sizes and fragments are counted here, HTTP/2 is not offered.
 * It unmasks frames that are not masked as if they were; that harms only the client that sends them. */
#pragma once
#include "signaling/app.h"
#include "signaling/loop.h"
#include "signaling/rate.h"

typedef struct gateway gateway;

/* Listens at once. CORE_ERROR_OPTION with a sentence that says what to do, e.g. when the port is busy. */
gateway *gateway_new(app *app, GError **error);
/* Closes everything. Thread: the loop's, which must go on for a while: connections say good-bye from it. */
void gateway_close(gateway *gateway);
/* After the loop: nothing calls it any more. */
void gateway_free(gateway *gateway);
/* (transfer full) The address in the option "listen": of "127.0.0.1:8080" or "[::1]:8080". */
char *gateway_address(const char *listen_on);
int gateway_port(const gateway *gateway);

/* A thing changed: connections whose view shows it get a new one. Thread: any. */
void gateway_touch(gateway *gateway, const char *topic);
/* Send {"event":…} to the connections of a device, or (NULL) to all. Takes `event`. Thread: any. */
void gateway_send_event(gateway *gateway, const char *peer, json_t *event);
/* Tell everybody to reconnect ("moving"), close with 1012, refuse new ones. Thread: the loop's. */
void gateway_drain(gateway *gateway);
/* Open WebSockets. Thread: the loop's. */
guint gateway_connection_count(const gateway *gateway);
