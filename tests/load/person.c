/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/person.h"
#include "media/bytes.h"
#include <string.h>

enum {
	REPORT_INTERVAL_US = 1000000,
	FEEDBACK_INTERVAL_US = 100000, /* transport-wide, as libwebrtc at this rate */
	NACK_MAX = 256,
	RTCP_BYTES = 1200,
};
#define ESTIMATE 5000000 /* bit/s that a receiver says it could take: more than it is sent */

void person_init(person *person, const char *id, const capture *capture, latency *latency)
{
	memset(person, 0, sizeof(*person));
	g_strlcpy(person->id, id, sizeof(person->id));
	person->latency = latency;
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++)
		person->sources[kind] = source_new(capture, (capture_kind)kind);
}

void person_clear(person *person)
{
	if (person->receive != person->publish)
		transport_free(person->receive);
	transport_free(person->publish);
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++)
		g_free(person->sources[kind]);
}

void person_expect(person *person, guint place, const source *source, uint32_t ssrc)
{
	sink *sink = &person->sinks[place];
	person->sink_count = MAX(person->sink_count, place + 1);
	if (sink->source != source || sink->ssrc != ssrc)
		*sink = (typeof(*sink)){ .source = source, .ssrc = ssrc };
}

void person_ready(person *person, const described_media sent_media[CAPTURE_KINDS])
{
	memcpy(person->sent_media, sent_media, sizeof(person->sent_media));
	person->progress = PERSON_READY;
}

static void on_rtp(void *data, transport *transport, const uint8_t *bytes, size_t length, int64_t arrival_us)
{
	(void)transport;
	person *person = data;
	rtp_packet packet;
	if (!rtp_parse(&packet, bytes, length, &person->received_extensions))
		return;
	person->received++;
	if (packet.extension[RTP_EXTENSION_TRANSPORT_CC].length == 2)
		twcc_note(&person->twcc, bytes_get16(bytes + packet.extension[RTP_EXTENSION_TRANSPORT_CC].offset), arrival_us);
	for (guint i = 0; i < person->sink_count; i++) {
		if (person->sinks[i].ssrc != packet.ssrc || person->sinks[i].source == NULL)
			continue;
		person->forwarded++;
		sink_receive(&person->sinks[i], &packet, arrival_us, person->latency);
		return;
	}
}

static void on_feedback(source *source, const rtcp_packet *packet)
{
	uint16_t sequences[NACK_MAX];
	if (packet->type == RTCP_PAYLOAD_FEEDBACK && (packet->count == RTCP_FORMAT_PLI || packet->count == RTCP_FORMAT_FIR))
		source_want_keyframe(source);
	else if (packet->type == RTCP_TRANSPORT_FEEDBACK && packet->count == RTCP_FORMAT_NACK)
		source_resend(source, sequences, rtcp_get_nack(packet, sequences, NACK_MAX));
}

static void on_rtcp(void *data, transport *transport, const uint8_t *bytes, size_t length)
{
	person *person = data;
	rtcp_packet packet;
	while (rtcp_next(&bytes, &length, &packet)) {
		for (guint kind = 0; kind < CAPTURE_KINDS; kind++) {
			if (person->sources[kind]->transport == transport &&
				rtcp_get_media(&packet) == person->sources[kind]->numbers.ssrc)
				on_feedback(person->sources[kind], &packet);
		}
	}
}

const transport_events person_events = { on_rtp, on_rtcp };

static void send_reports(person *person, int64_t now_us)
{
	uint8_t bytes[RTCP_BYTES];
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++) {
		rtcp_writer writer = { bytes, sizeof(bytes), 0 };
		if (person->sources[kind]->sent == 0)
			continue;
		source_report(person->sources[kind], &writer, now_us);
		transport_send_rtcp(person->publish, bytes, writer.length);
	}
	rtcp_report reports[PERSON_SINKS_MAX];
	uint32_t media[PERSON_SINKS_MAX], ssrc = person->sources[CAPTURE_AUDIO]->numbers.ssrc;
	for (guint i = 0; i < person->sink_count; i++) {
		reports[i] = sink_report(&person->sinks[i]);
		media[i] = reports[i].ssrc;
	}
	rtcp_writer writer = { bytes, sizeof(bytes), 0 };
	rtcp_write_receiver_report(&writer, ssrc, reports, person->sink_count);
	if (person->received_extensions.id[RTP_EXTENSION_TRANSPORT_CC] == 0)
		rtcp_write_remb(&writer, ssrc, ESTIMATE, media, person->sink_count);
	transport_send_rtcp(person->receive, bytes, writer.length);
}

static void send_feedback(person *person)
{
	uint8_t bytes[RTCP_BYTES];
	rtcp_writer writer = { bytes, sizeof(bytes), 0 };
	while (twcc_write(&person->twcc, &writer, person->sources[CAPTURE_AUDIO]->numbers.ssrc, person->sinks[0].ssrc))
		continue;
	if (writer.length > 0)
		transport_send_rtcp(person->receive, bytes, writer.length);
}

void person_tick(person *person, int64_t now_us)
{
	if (person->publish != NULL)
		transport_tick(person->publish, now_us);
	if (person->receive == NULL)
		return;
	if (person->receive != person->publish)
		transport_tick(person->receive, now_us);
	if (now_us >= person->report_us) {
		send_reports(person, now_us);
		person->report_us = now_us + REPORT_INTERVAL_US;
	}
	if (now_us >= person->feedback_us && person->received_extensions.id[RTP_EXTENSION_TRANSPORT_CC] != 0) {
		send_feedback(person);
		person->feedback_us = now_us + FEEDBACK_INTERVAL_US;
	}
}
