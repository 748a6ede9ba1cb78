/* SPDX-License-Identifier: EUPL-1.2 */
/* One person of a room: what a browser's page is to the server. */
#pragma once
#include "media/twcc.h"
#include "tests/load/sink.h"

enum { PERSON_SINKS_MAX = DESCRIPTION_RECEIVED_MAX * CAPTURE_KINDS };

/* Zeroed is empty; a driver (driver.h) connects it. */
typedef struct person {
	char id[32];
	transport *publish, *receive; /* the same where the server takes one connection for both; owned */
	source *sources[CAPTURE_KINDS];
	sink sinks[PERSON_SINKS_MAX];
	guint sink_count;
	description remote; /* of `receive` */
	described_media sent_media[CAPTURE_KINDS];
	enum { PERSON_CONNECTING, PERSON_READY, PERSON_SENDS } progress;
	rtp_extension_ids received_extensions;
	twcc twcc;
	latency *latency;
	guint64 received;  /* RTP packets, repeated ones included */
	guint64 forwarded; /* those of them that belong to a sink */
	int64_t report_us, feedback_us;
} person;

extern const transport_events person_events; /* data: the person */

void person_init(person *person, const char *id, const capture *capture, latency *latency);
void person_clear(person *person);
/* It is sent the track of `source` with this SSRC; the same again changes nothing. */
void person_expect(person *person, guint place, const source *source, uint32_t ssrc);
/* It is connected and can begin to send, on these lines of audio and video. */
void person_ready(person *person, const described_media sent_media[CAPTURE_KINDS]);
void person_tick(person *person, int64_t now_us);
