/* SPDX-License-Identifier: EUPL-1.2 */
/* One device with camera, microphone and WebRTC, by GStreamer's webrtcbin: not a line of it is shared with `jawort media`.
 *
 * It offers its own audio and video and `slots` pairs of recvonly audio and video (media/control.h), decodes all that
 * arrives, and counts. The camera shows what `draw` draws, the microphone repeats a sentence spoken by espeak-ng.
 * Thread: main; `draw` is called on a GStreamer thread. */
#pragma once
#include "signaling/rehearse/error.h"

enum { PEER_FRAMES_PER_SECOND = 10, PEER_SLOTS_MAX = 5 };

/* Draw frame `number` into `width` x `height` pixels of 32 bits (B, G, R, unused), rows without gaps. */
typedef void (*peer_draw)(guint8 *pixels, guint width, guint height, guint64 number, gpointer data);

typedef struct {
	const char *name; /* for messages */
	const char *sentence;
	const char *language; /* of espeak-ng: "de", "en" */
	guint width, height;
	peer_draw draw;
	gpointer draw_data;
	guint slots;       /* at most PEER_SLOTS_MAX */
	gboolean is_local; /* the server is reached by the loopback interface, which ICE leaves out by itself */
} peer_setup;

typedef struct peer peer;
peer *rehearse_peer_new(const peer_setup *setup, GError **error);
void rehearse_peer_free(peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(peer, rehearse_peer_free)

/* (transfer full) The offer, without candidates: the server needs none. */
char *rehearse_peer_offer(peer *peer, GError **error);
gboolean rehearse_peer_answer(peer *peer, const char *sdp, GError **error);
gboolean rehearse_peer_is_connected(const peer *peer);

/* What a slot received since the last rehearse_peer_forget(). */
typedef struct {
	guint frames;          /* decoded */
	gint64 first_frame_us; /* g_get_monotonic_time(), 0: none yet */
	guint loudest;         /* highest mean amplitude of 20 ms, 0 to 32767 */
} peer_received;
peer_received rehearse_peer_slot(peer *peer, guint slot);
void rehearse_peer_forget(peer *peer);
/* What broke in its pipeline, NULL when nothing. */
const char *rehearse_peer_problem(const peer *peer);
