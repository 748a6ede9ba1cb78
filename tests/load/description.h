/* SPDX-License-Identifier: EUPL-1.2 */
/* The SDP of the load: offers as Chromium writes them, less the codecs that nobody would choose, and what matters of a server's. */
#pragma once
#include "media/rtp.h"
#include "tests/load/capture.h"

enum { DESCRIPTION_MEDIA_MAX = 16, DESCRIPTION_RECEIVED_MAX = 5, FINGERPRINT_CHARACTERS = 96 };
enum { PAYLOAD_TYPE_OPUS = 111, PAYLOAD_TYPE_VP8 = 96, PAYLOAD_TYPE_RTX = 97 };

/* Our side of one connection. */
typedef struct {
	char ufrag[5], password[25];
	const char *address; /* IPv4 */
	uint16_t port;
} local_side;

typedef struct {
	char mid[RTP_EXTENSION_VALUE_MAX_BYTES + 1];
	uint32_t ssrc; /* 0: it sends nothing there */
	rtp_extension_ids extensions;
} described_media;

/* The server's side. */
typedef struct {
	char ufrag[257], password[257], fingerprint[FINGERPRINT_CHARACTERS], address[46];
	uint16_t port;
	gboolean is_active; /* it begins DTLS */
	guint media_count;
	described_media media[DESCRIPTION_MEDIA_MAX];
} description;

/* FALSE with G_IO_ERROR_INVALID_DATA when something is missing; only the first candidate is looked at. */
gboolean description_read(description *description, const char *sdp, GError **error);

typedef struct {
	uint32_t ssrc, rtx_ssrc;
} source_numbers;
/* Audio and video of our own as mid 0 and 1, then `received` pairs of recvonly lines. (transfer full) */
char *description_write_offer(const local_side *local, const source_numbers sources[CAPTURE_KINDS], guint received);
/* Receive all that is offered. (transfer full) */
char *description_write_answer(const local_side *local, const char *offer);
