/* SPDX-License-Identifier: EUPL-1.2 */
/* What every page with a camera does: connect to the media server through the WebSocket. Thread: main. */
#pragma once
#include "signaling/rehearse/client.h"
#include "signaling/rehearse/peer.h"

/* Wait for the view's "media", offer, take the answer, and wait until the connection stands. `setup->slots` is filled in.
 * Returns (transfer full). */
peer *device_connect(client *client, const peer_setup *setup, GError **error);

/* Does everybody whom the server put into a slot arrive, with moving picture and sound, and are there `count` of them? */
typedef struct {
	peer *peer;
	guint count;
} device_audience;
gboolean device_receives_all(gpointer audience);
/* The latest of the slots' first frames (g_get_monotonic_time()). */
gint64 device_last_first_frame_us(const device_audience *audience);
