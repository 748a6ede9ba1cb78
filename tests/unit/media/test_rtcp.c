/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bytes.h"
#include "media/rtcp.h"
#include "media/twcc.h"
#include <string.h>

/* What we write we read. */
static void test_compound(void)
{
	uint8_t buffer[1200];
	rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
	rtcp_sender_info info = { .ntp = 0x1122334455667788, .timestamp = 9, .packets = 10, .octets = 11 }, read_info;
	rtcp_report report = { .ssrc = 5,
		.fraction_lost = 7,
		.lost = -3,
		.highest = 70000,
		.jitter = 8,
		.last_report = 12,
		.delay = 13 },
		    read_report;
	uint16_t lost[] = { 65530, 65535, 2, 40, 41 }, read_lost[8];
	uint32_t media[] = { 21, 22 };
	uint64_t bitrate;
	rtcp_write_sender_report(&writer, 1, &info);
	rtcp_write_receiver_report(&writer, 2, &report, 1);
	rtcp_write_cname(&writer, 2, "abc");
	rtcp_write_nack(&writer, 2, 3, lost, G_N_ELEMENTS(lost));
	rtcp_write_pli(&writer, 2, 4);
	rtcp_write_remb(&writer, 2, 1234567, media, 2);

	const uint8_t *data = buffer;
	size_t length = writer.length;
	rtcp_packet packet;
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_true(rtcp_get_sender_info(&packet, &read_info));
	g_assert_cmpuint(read_info.ntp, ==, info.ntp);
	g_assert_cmpuint(read_info.timestamp, ==, info.timestamp);
	g_assert_cmpuint(read_info.packets, ==, info.packets);
	g_assert_cmpuint(read_info.octets, ==, info.octets);
	g_assert_cmpuint(rtcp_get_sender(&packet), ==, 1);
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_true(rtcp_get_report(&packet, 0, &read_report));
	g_assert_cmpuint(read_report.ssrc, ==, report.ssrc);
	g_assert_cmpuint(read_report.fraction_lost, ==, report.fraction_lost);
	g_assert_cmpint(read_report.lost, ==, report.lost);
	g_assert_cmpuint(read_report.highest, ==, report.highest);
	g_assert_cmpuint(read_report.jitter, ==, report.jitter);
	g_assert_cmpuint(read_report.last_report, ==, report.last_report);
	g_assert_cmpuint(read_report.delay, ==, report.delay);
	g_assert_false(rtcp_get_report(&packet, 1, &read_report));
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_cmpuint(packet.type, ==, RTCP_SOURCE_DESCRIPTION);
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_cmpuint(rtcp_get_media(&packet), ==, 3);
	g_assert_cmpuint(rtcp_get_nack(&packet, read_lost, 8), ==, 5);
	g_assert_cmpmem(read_lost, sizeof(lost), lost, sizeof(lost));
	g_assert_cmpuint(packet.length, ==, 8 + 2 * 4); /* two entries hold all five */
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_cmpuint(rtcp_get_media(&packet), ==, 4);
	g_assert_true(rtcp_next(&data, &length, &packet));
	g_assert_true(rtcp_get_remb(&packet, &bitrate));
	g_assert_cmpuint(bitrate, <=, 1234567);
	g_assert_cmpuint(bitrate, >, 1234000);
	g_assert_false(rtcp_next(&data, &length, &packet));
	g_assert_cmpuint(length, ==, 0);
}

static void test_full(void)
{
	uint8_t buffer[40];
	rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
	rtcp_report reports[2] = { { .ssrc = 1 }, { .ssrc = 2 } };
	rtcp_write_receiver_report(&writer, 1, reports, 2);
	g_assert_cmpuint(writer.length, ==, 0);
	rtcp_write_receiver_report(&writer, 1, reports, 1);
	g_assert_cmpuint(writer.length, ==, 32);
}

static void test_malformed(void)
{
	static const uint8_t wrong[][8] = { { 0x40, 200, 0, 1 }, { 0x80, 200, 0, 9 }, { 0xa0, 200, 0, 1, 0, 0, 0, 9 },
		{ 0xa0, 200, 0, 1, 0, 0, 0, 0 } };
	rtcp_packet packet;
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		const uint8_t *data = wrong[i];
		size_t length = 8;
		g_assert_false(rtcp_next(&data, &length, &packet));
	}
}

/* Read a transport-wide feedback the way its draft says: arrival in 250 us of each number, -1 when missing. */
static guint decode(const rtcp_packet *packet, uint16_t *base, int64_t *arrivals)
{
	const uint8_t *body = packet->body;
	guint count = bytes_get16(body + 10), symbols = 0;
	const uint8_t *chunk = body + 16, *delta = chunk + 2 * ((count + 6) / 7);
	int64_t time = (int64_t)bytes_get24(body + 12) * 256;
	*base = bytes_get16(body + 8);
	for (; symbols < count; chunk += 2) {
		for (guint i = 0; i < 7 && symbols < count; i++, symbols++) {
			guint symbol = bytes_get16(chunk) >> (12 - 2 * i) & 3;
			arrivals[symbols] = -1;
			if (symbol == 1)
				time += *delta++;
			else if (symbol == 2)
				time += (int16_t)bytes_get16(delta), delta += 2;
			if (symbol != 0)
				arrivals[symbols] = time;
		}
	}
	g_assert_cmpint(delta - body, <=, (gssize)packet->length);
	return count;
}

static rtcp_packet feedback(twcc *twcc, uint8_t *buffer, size_t size)
{
	rtcp_writer writer = { .data = buffer, .size = size };
	const uint8_t *data = buffer;
	rtcp_packet packet = { 0 };
	twcc_write(twcc, &writer, 1, 2);
	size_t length = writer.length;
	if (length > 0)
		g_assert_true(rtcp_next(&data, &length, &packet));
	return packet;
}

static void test_transport_feedback(void)
{
	static const struct {
		uint16_t sequence;
		int64_t us;
	} arrived[] = { { 65533, 10000000 }, { 65534, 10000500 }, { 0, 10001000 }, { 1, 10100000 }, { 65535, 10100250 },
		{ 4, 10100500 } };
	uint8_t buffer[1200];
	int64_t arrivals[64];
	uint16_t base;
	g_autofree twcc *twcc = g_malloc0(sizeof(*twcc));
	g_assert_cmpuint(feedback(twcc, buffer, sizeof(buffer)).length, ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(arrived); i++)
		twcc_note(twcc, arrived[i].sequence, arrived[i].us);
	rtcp_packet packet = feedback(twcc, buffer, sizeof(buffer));
	g_assert_cmpuint(packet.count, ==, RTCP_FORMAT_TRANSPORT_CC);
	g_assert_cmpuint(decode(&packet, &base, arrivals), ==, 8);
	g_assert_cmpuint(base, ==, 65533);
	g_assert_cmpint(arrivals[0], ==, 10000000 / 250);
	g_assert_cmpint(arrivals[1], ==, 10000500 / 250);
	g_assert_cmpint(arrivals[2], ==, 10100250 / 250); /* came out of order */
	g_assert_cmpint(arrivals[3], ==, 10001000 / 250);
	g_assert_cmpint(arrivals[4], ==, 10100000 / 250);
	g_assert_cmpint(arrivals[5], ==, -1);
	g_assert_cmpint(arrivals[6], ==, -1);
	g_assert_cmpint(arrivals[7], ==, 10100500 / 250);
	g_assert_cmpuint(feedback(twcc, buffer, sizeof(buffer)).length, ==, 0); /* all told */
	twcc_note(twcc, 7, 10200000);
	packet = feedback(twcc, buffer, sizeof(buffer));
	g_assert_cmpuint(decode(&packet, &base, arrivals), ==, 3);
	g_assert_cmpuint(base, ==, 5); /* losses between two feedbacks are told too */
	g_assert_cmpint(arrivals[0], ==, -1);
	g_assert_cmpint(arrivals[2], ==, 10200000 / 250);
}

/* More than one feedback holds, and an outage longer than the ring. */
static void test_transport_feedback_bounds(void)
{
	uint8_t buffer[1200];
	g_autofree twcc *twcc = g_malloc0(sizeof(*twcc));
	guint told = 0;
	for (guint i = 0; i < 1000; i++)
		twcc_note(twcc, (uint16_t)i, 1000000 + i * 100);
	for (gboolean is_more = TRUE; is_more;) {
		rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
		is_more = twcc_write(twcc, &writer, 1, 2);
		told += bytes_get16(buffer + 14);
	}
	g_assert_cmpuint(told, ==, 1000);
	twcc_note(twcc, 30000, 9000000);
	twcc_note(twcc, 30001, 99000000);
	int64_t arrivals[64];
	uint16_t base;
	rtcp_packet packet = feedback(twcc, buffer, sizeof(buffer));
	g_assert_cmpuint(decode(&packet, &base, arrivals), ==, 1); /* 90 s do not fit into a delta */
	packet = feedback(twcc, buffer, sizeof(buffer));
	g_assert_cmpuint(decode(&packet, &base, arrivals), ==, 1);
	g_assert_cmpuint(base, ==, 30001);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtcp/compound", test_compound);
	g_test_add_func("/rtcp/full", test_full);
	g_test_add_func("/rtcp/malformed", test_malformed);
	g_test_add_func("/rtcp/transport-feedback", test_transport_feedback);
	g_test_add_func("/rtcp/transport-feedback-bounds", test_transport_feedback_bounds);
	return g_test_run();
}
