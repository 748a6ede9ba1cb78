/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bytes.h"
#include "media/rtp.h"
#include <string.h>

static const rtp_extension_ids ids = { { [RTP_EXTENSION_MID] = 4,
	[RTP_EXTENSION_TRANSPORT_CC] = 3,
	[RTP_EXTENSION_AUDIO_LEVEL] = 1,
	[RTP_EXTENSION_ORIENTATION] = 13 } };

static void test_parse(void)
{
	static const uint8_t data[] = {
		0xb1,
		0xe0,
		0x12,
		0x34,
		0,
		0,
		0,
		9,
		0,
		0,
		0,
		7, /* padding, extension, one CSRC, marker, type 96 */
		1,
		2,
		3,
		4,
		0xbe,
		0xde,
		0,
		3,
		0x10,
		0x8a,
		0x31,
		0x55,
		0x66,
		0,
		0x40,
		'v',
		0xd0,
		2,
		0,
		0, /* level, transport-cc, mid, orientation */
		'h',
		'i',
		0,
		0,
		3,
	};
	rtp_packet packet;
	g_assert_true(rtp_parse(&packet, data, sizeof(data), &ids));
	g_assert_cmpuint(packet.payload_type, ==, 96);
	g_assert_true(packet.has_marker);
	g_assert_cmpuint(packet.sequence, ==, 0x1234);
	g_assert_cmpuint(packet.timestamp, ==, 9);
	g_assert_cmpuint(packet.ssrc, ==, 7);
	g_assert_cmpmem(packet.data + packet.payload_offset, packet.payload_length, "hi", 2);
	g_assert_cmpuint(packet.data[packet.extension[RTP_EXTENSION_AUDIO_LEVEL].offset], ==, 0x8a);
	g_assert_cmpuint(bytes_get16(packet.data + packet.extension[RTP_EXTENSION_TRANSPORT_CC].offset), ==, 0x5566);
	g_assert_cmpuint(packet.data[packet.extension[RTP_EXTENSION_MID].offset], ==, 'v');
	g_assert_cmpuint(packet.data[packet.extension[RTP_EXTENSION_ORIENTATION].offset], ==, 2);
	for (size_t length = 0; length < sizeof(data) - 4; length++) {
		if (rtp_parse(&packet, data, length, &ids)) /* never outside */
			g_assert_cmpuint((size_t)packet.payload_offset + packet.payload_length, <=, length);
	}
}

static void test_two_byte_extensions(void)
{
	static const uint8_t data[] = { 0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 0, 0, 2, 3, 2, 0xaa, 0xbb, 9, 0, 0, 0,
		'x' };
	rtp_packet packet;
	g_assert_true(rtp_parse(&packet, data, sizeof(data), &ids));
	g_assert_cmpuint(packet.extension[RTP_EXTENSION_TRANSPORT_CC].length, ==, 2);
	g_assert_cmpuint(packet.payload_length, ==, 1);
}

/* What is written with the receiver's ids is read back with them; what it did not negotiate is gone. */
static void test_header(void)
{
	rtp_extension_ids theirs = { { [RTP_EXTENSION_AUDIO_LEVEL] = 9, [RTP_EXTENSION_ABS_SEND_TIME] = 2 } };
	uint8_t out[RTP_HEADER_MAX_BYTES], time[3] = { 1, 2, 3 }, level = 0x85, turned = 1;
	rtp_header header = { .payload_type = 111, .has_marker = TRUE, .sequence = 65535, .timestamp = 4000000000u, .ssrc = 5 };
	header.extension[RTP_EXTENSION_ABS_SEND_TIME].value = time, header.extension[RTP_EXTENSION_ABS_SEND_TIME].length = 3;
	header.extension[RTP_EXTENSION_AUDIO_LEVEL].value = &level, header.extension[RTP_EXTENSION_AUDIO_LEVEL].length = 1;
	header.extension[RTP_EXTENSION_ORIENTATION].value = &turned, header.extension[RTP_EXTENSION_ORIENTATION].length = 1;
	size_t length = rtp_header_write(out, &header, &theirs);
	rtp_packet packet;
	g_assert_true(rtp_parse(&packet, out, length, &theirs));
	g_assert_cmpuint(packet.payload_offset, ==, length);
	g_assert_cmpuint(packet.sequence, ==, 65535);
	g_assert_cmpuint(packet.timestamp, ==, 4000000000u);
	g_assert_cmpmem(packet.data + packet.extension[RTP_EXTENSION_ABS_SEND_TIME].offset, 3, time, 3);
	g_assert_cmpuint(packet.data[packet.extension[RTP_EXTENSION_AUDIO_LEVEL].offset], ==, 0x85);
	g_assert_cmpuint(packet.extension[RTP_EXTENSION_ORIENTATION].length, ==, 0);
	rtp_extension_ids none = { 0 };
	g_assert_cmpuint(rtp_header_write(out, &header, &none), ==, RTP_HEADER_BYTES);
}

static void test_unwrap(void)
{
	g_assert_cmpuint(rtp_unwrap(0x1fff0, 5), ==, 0x20005);
	g_assert_cmpuint(rtp_unwrap(0x20005, 0xfff0), ==, 0x1fff0);
	g_assert_cmpuint(rtp_unwrap(0x20005, 5), ==, 0x20005);
	g_assert_cmpuint(rtp_unwrap(3, 0xfff0), ==, 0xfff0); /* nothing comes before 0 */
}

/* Two sources behind each other: no seam in numbers, and the time between them in the timestamp. */
static void test_continuity(void)
{
	rtp_continuity continuity;
	uint64_t sequence;
	uint32_t timestamp, first;
	rtp_continuity_init(&continuity, 90000, 0xfffe, 1000);
	g_assert_true(rtp_continuity_map(&continuity, 70000, 500, 0, &sequence, &first));
	g_assert_cmpuint(sequence, ==, 0x7fff);
	g_assert_true(rtp_continuity_map(&continuity, 70002, 3500, 33000, &sequence, &timestamp));
	g_assert_cmpuint(sequence, ==, 0x8001);
	g_assert_cmpuint(timestamp - first, ==, 3000);
	g_assert_true(rtp_continuity_map(&continuity, 70001, 3500, 33000, &sequence, &timestamp)); /* late */
	g_assert_cmpuint(sequence, ==, 0x8000);
	g_assert_false(rtp_continuity_map(&continuity, 69999, 0, 33000, &sequence, &timestamp)); /* before it was shown */

	rtp_continuity_restart(&continuity);
	g_assert_true(rtp_continuity_map(&continuity, 12, 4000000000u, 1033000, &sequence, &timestamp));
	g_assert_cmpuint(sequence, ==, 0x8002);
	g_assert_cmpuint(timestamp - first, ==, 3000 + 90000); /* one second later */
	g_assert_true(rtp_continuity_map(&continuity, 13, 4000003000u, 1066000, &sequence, &timestamp));
	g_assert_cmpuint(sequence, ==, 0x8003);
	g_assert_cmpuint(timestamp - first, ==, 3000 + 93000);
}

static void test_keyframe(void)
{
	static const uint8_t key[] = { 0x90, 0x80, 0x81, 0x23, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01 };
	static const uint8_t delta[] = { 0x10, 0x11, 0, 0 }, rest[] = { 0x00, 0x10, 0, 0 };
	static const uint8_t sps[] = { 24, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce }, fragment[] = { 28, 0x85, 0 },
			     middle[] = { 28, 0x05, 0 }, slice[] = { 0x41, 0x9a };
	uint16_t width = 0, height = 0;
	g_assert_true(rtp_payload_is_keyframe(RTP_CODEC_VP8, key, sizeof(key), &width, &height));
	g_assert_cmpuint(width, ==, 640);
	g_assert_cmpuint(height, ==, 480);
	g_assert_false(rtp_payload_is_keyframe(RTP_CODEC_VP8, delta, sizeof(delta), &width, &height));
	g_assert_false(rtp_payload_is_keyframe(RTP_CODEC_VP8, rest, sizeof(rest), &width, &height));
	g_assert_true(rtp_payload_is_keyframe(RTP_CODEC_H264, sps, sizeof(sps), &width, &height));
	g_assert_true(rtp_payload_is_keyframe(RTP_CODEC_H264, fragment, sizeof(fragment), &width, &height));
	g_assert_false(rtp_payload_is_keyframe(RTP_CODEC_H264, middle, sizeof(middle), &width, &height));
	g_assert_false(rtp_payload_is_keyframe(RTP_CODEC_H264, slice, sizeof(slice), &width, &height));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtp/parse", test_parse);
	g_test_add_func("/rtp/two-byte-extensions", test_two_byte_extensions);
	g_test_add_func("/rtp/header", test_header);
	g_test_add_func("/rtp/unwrap", test_unwrap);
	g_test_add_func("/rtp/continuity", test_continuity);
	g_test_add_func("/rtp/keyframe", test_keyframe);
	return g_test_run();
}
