/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers of real and written-down browsers (tests/vectors/sdp), and what no browser would write. */
#include "media/error.h"
#include "media/sdp.h"
#include <string.h>

static const char *const candidates[] = { "1 1 udp 2015364095 192.0.2.7 40000 typ host", NULL };

static char *read_offer(const char *name)
{
	g_autofree char *path = g_build_filename(TESTS_FOLDER, "vectors", "sdp", name, NULL);
	char *text;
	g_autoptr(GError) error = NULL;
	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

static char *answer_to(const sdp_offer *offer)
{
	sdp_answer answer = {
		.session = 42,
		.version = 1,
		.fingerprint = "AA:BB",
		.ufrag = "ours",
		.password = "oursecret",
		.candidates = candidates,
		.cname = "c",
	};
	for (guint i = 0; i < MEDIA_SLOTS_MAX; i++) {
		for (guint stream = 0; stream < SDP_STREAMS; stream++) {
			sdp_slot_kind kind = stream == SDP_OWN_DOCUMENT ? SDP_SLOT_DOCUMENT : SDP_SLOT_PERSON;
			answer.slots[kind][i][stream].ssrc = 100 * (i + 1) + stream;
			answer.slots[kind][i][stream].rtx_ssrc = 1000 * (i + 1) + stream;
		}
	}
	return sdp_answer_write(offer, &answer);
}

static guint count(const char *text, const char *needle)
{
	guint found = 0;
	for (; (text = strstr(text, needle)) != NULL; text += strlen(needle))
		found++;
	return found;
}

static const struct {
	const char *name;
	guint slots;
	uint8_t opus, vp8, rtx;
	uint8_t transport_cc, audio_level, abs_send_time, orientation; /* extension ids */
} browsers[] = {
	{ "chromium-156.sdp", 2, 111, 96, 97, 3, 1, 2, 13 },
	{ "wrtc-0.10.sdp", 2, 111, 96, 97, 3, 1, 2, 13 },
	{ "firefox-like.sdp", 1, 109, 120, 124, 7, 1, 4, 0 },
	{ "webrtcbin-like.sdp", 1, 111, 96, 97, 0, 0, 0, 0 },
	/* As the browser lists its codecs by itself, H.264 first; then as our pages ask for them. */
	{ "safari-17-like.sdp", 1, 111, 100, 101, 3, 1, 2, 13 },
	{ "safari-18-like.sdp", 2, 111, 106, 107, 3, 1, 2, 13 },
};

static void test_browser(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autofree char *text = read_offer(browsers[i].name);
	g_autoptr(GError) error = NULL;
	sdp_offer offer;
	sdp_offer_parse(&offer, text, strlen(text), &error);
	g_assert_no_error(error);
	const sdp_media *audio = &offer.media[offer.own[SDP_OWN_AUDIO]], *video = &offer.media[offer.own[SDP_OWN_VIDEO]];
	g_assert_cmpuint(offer.slot_count[SDP_SLOT_PERSON], ==, browsers[i].slots);
	g_assert_cmpuint(audio->payload_type, ==, browsers[i].opus);
	g_assert_cmpuint(audio->codec, ==, RTP_CODEC_OPUS);
	g_assert_cmpuint(video->payload_type, ==, browsers[i].vp8);
	g_assert_cmpuint(video->codec, ==, RTP_CODEC_VP8);
	g_assert_cmpuint(video->rtx_payload_type, ==, browsers[i].rtx);
	g_assert_cmpuint(video->extensions.id[RTP_EXTENSION_TRANSPORT_CC], ==, browsers[i].transport_cc);
	g_assert_cmpuint(audio->extensions.id[RTP_EXTENSION_AUDIO_LEVEL], ==, browsers[i].audio_level);
	g_assert_cmpuint(video->extensions.id[RTP_EXTENSION_ABS_SEND_TIME], ==, browsers[i].abs_send_time);
	g_assert_cmpuint(video->extensions.id[RTP_EXTENSION_ORIENTATION], ==, browsers[i].orientation);
	g_assert_true(audio->ssrc != 0 && video->ssrc != 0 && video->rtx_ssrc != 0 && video->ssrc != video->rtx_ssrc);

	g_autofree char *answer = answer_to(&offer);
	g_assert_cmpuint(count(answer, "\r\nm="), ==, offer.media_count);
	g_assert_cmpuint(count(answer, "a=setup:passive\r\n"), ==, offer.media_count);
	g_assert_cmpuint(count(answer, "a=recvonly\r\n"), ==, 2);
	g_assert_cmpuint(count(answer, "a=sendonly\r\n"), ==, 2 * offer.slot_count[SDP_SLOT_PERSON]);
	g_assert_cmpuint(count(answer, "a=candidate:"), ==, 1);
	g_assert_cmpuint(count(answer, "a=end-of-candidates\r\n"), ==, 1);
	g_assert_nonnull(strstr(answer, "a=ssrc:101 cname:c\r\n"));
	g_assert_null(strstr(answer, "rtpmap:45 AV1"));
	/* Transport feedback is for what we receive only: downwards the browser estimates by itself. */
	g_assert_cmpuint(count(answer, "transport-wide-cc"), ==,
		browsers[i].transport_cc != 0 ? count(text, "transport-wide-cc") > 1 ? 2 : 1 : 0);
}

static gboolean parses(const char *text)
{
	sdp_offer offer;
	return sdp_offer_parse(&offer, text, strlen(text), NULL);
}

/* One line of Chromium's offer replaced; an empty new one removes it. */
static char *changed(const char *text, const char *old, const char *fresh)
{
	g_auto(GStrv) parts = g_strsplit(text, old, -1);
	if (g_strv_length(parts) < 2)
		g_error("the offer has no \"%s\"", old);
	return g_strjoinv(fresh, parts);
}

static const struct {
	const char *old, *fresh;
	gboolean is_taken;
} changes[] = {
	{ "v=0\r\n", "v=0\r\n", TRUE },
	{ "v=0\r\n", "v=1\r\n", FALSE },
	{ "a=setup:actpass", "a=setup:active", TRUE },
	{ "a=setup:actpass", "a=setup:passive", FALSE },
	{ "a=fingerprint:sha-256 ", "a=fingerprint:sha-1 ", FALSE },
	{ "a=fingerprint:sha-256 ", "a=fingerprint:sha-256 ZZ:", FALSE },
	{ "a=fingerprint:", "a=finger:", FALSE },
	{ "a=ice-pwd:", "a=ice-pwd:short\r\na=x:", FALSE },
	{ "a=ice-ufrag:", "a=ice-ufrag:a b", FALSE },
	{ "a=rtcp-mux\r\n", "", FALSE },
	{ "a=group:BUNDLE", "a=group:LS", FALSE },
	{ "a=mid:1\r\n", "a=mid:0\r\n", FALSE },
	{ "a=mid:1\r\n", "a=mid:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", FALSE },
	{ "opus/48000/2", "speex/8000", FALSE },
	{ "VP8/90000", "VP7/90000", TRUE }, /* then H.264 */
	{ "a=rtpmap:96", "a=rtpmap:300", FALSE },
	{ "a=sendrecv", "a=inactive", TRUE },
};

static void test_changes(void)
{
	g_autofree char *text = read_offer("chromium-156.sdp");
	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *other = changed(text, changes[i].old, changes[i].fresh);
		if (parses(other) != changes[i].is_taken)
			g_error("\"%s\" instead of \"%s\"", changes[i].fresh, changes[i].old);
	}
}

/* Without VP8: constrained baseline, though others come first (Safari: High). */
static void test_h264(void)
{
	static const char *const names[] = { "chromium-156.sdp", "safari-17-like.sdp", "safari-18-like.sdp" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *text = read_offer(names[i]);
		g_autofree char *other = changed(text, "VP8/90000", "VP7/90000");
		sdp_offer offer;
		g_assert_true(sdp_offer_parse(&offer, other, strlen(other), NULL));
		g_assert_cmpuint(offer.media[offer.own[SDP_OWN_VIDEO]].codec, ==, RTP_CODEC_H264);
		g_autofree char *answer = answer_to(&offer);
		g_assert_nonnull(strstr(answer, "packetization-mode=1"));
		g_assert_nonnull(strstr(answer, "profile-level-id=42e01f"));
		g_assert_null(strstr(answer, "profile-level-id=640c1f"));
	}
}

/* A third picture, a data channel: refused line by line, the call goes on. */
static void test_rejected_lines(void)
{
	g_autofree char *text = read_offer("firefox-like.sdp");
	g_autofree char *more = g_strconcat(
		text, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:9\r\na=sendrecv\r\n", NULL);
	sdp_offer offer;
	g_autoptr(GError) error = NULL;
	sdp_offer_parse(&offer, more, strlen(more), &error);
	g_assert_no_error(error);
	g_assert_cmpint(offer.media[4].role, ==, SDP_ROLE_REJECTED);
	g_autofree char *answer = answer_to(&offer);
	g_assert_nonnull(strstr(answer, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
	g_assert_nonnull(strstr(answer, "a=group:BUNDLE 0 1 2 3\r\n"));
}

/* A second own video, and recvonly videos without sound, in whatever order they stand: documents, two at most. */
static void test_documents(void)
{
	g_autofree char *text = read_offer("firefox-like.sdp");
	g_autoptr(GString) more = g_string_new(text);
	for (guint i = 0; i < 5; i++)
		g_string_append_printf(more,
			"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:d%u\r\na=%s\r\na=rtcp-mux\r\na=rtpmap:96 "
			"VP8/90000\r\n",
			i, i == 1 || i == 4 ? "sendonly" : "recvonly");
	sdp_offer offer;
	g_autoptr(GError) error = NULL;
	sdp_offer_parse(&offer, more->str, more->len, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(offer.slot_count[SDP_SLOT_PERSON], ==, 1);
	g_assert_cmpuint(offer.slot_count[SDP_SLOT_DOCUMENT], ==, 2);
	g_assert_cmpstr(offer.media[offer.own[SDP_OWN_DOCUMENT]].mid, ==, "d1");
	g_assert_cmpstr(offer.media[offer.slots[SDP_SLOT_DOCUMENT][1][SDP_OWN_DOCUMENT]].mid, ==, "d2");
	g_autofree char *answer = answer_to(&offer);
	g_assert_nonnull(strstr(answer, "a=group:BUNDLE 0 1 2 3 d0 d1 d2\r\n"));
	g_assert_nonnull(strstr(answer, "a=msid:document1 document1-video\r\n"));
	g_assert_nonnull(strstr(answer, "a=ssrc:202 cname:c\r\n"));
	g_assert_cmpuint(count(answer, "m=video 0 "), ==, 2);
}

static void test_limits(void)
{
	g_autofree char *text = read_offer("chromium-156.sdp");
	g_autoptr(GString) lines = g_string_new(text), media = g_string_new(text), big = g_string_new(text);
	sdp_offer offer;
	for (guint i = 0; i < SDP_MAX_LINES; i++)
		g_string_append(lines, "a=x\r\n");
	for (guint i = 0; i < SDP_MEDIA_MAX; i++)
		g_string_append_printf(media, "m=application 9 UDP/DTLS/SCTP x\r\na=mid:x%u\r\n", i);
	while (big->len <= SDP_MAX_BYTES)
		g_string_append(big, "a=0123456789012345678901234567890123456789012345678901234567890123456789\r\n");
	g_autoptr(GError) error = NULL;
	g_assert_false(sdp_offer_parse(&offer, lines->str, lines->len, &error));
	g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT);
	g_clear_error(&error);
	g_assert_false(sdp_offer_parse(&offer, big->str, big->len, &error));
	g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT);
	g_clear_error(&error);
	g_assert_false(sdp_offer_parse(&offer, media->str, media->len, &error));
	g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_SDP);
	g_assert_false(parses(""));
	g_assert_false(sdp_offer_parse(&offer, "v=0\0", 4, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(browsers); i++) {
		g_autofree char *path = g_strconcat("/sdp/browser/", browsers[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_browser);
	}
	g_test_add_func("/sdp/changes", test_changes);
	g_test_add_func("/sdp/h264", test_h264);
	g_test_add_func("/sdp/rejected-lines", test_rejected_lines);
	g_test_add_func("/sdp/documents", test_documents);
	g_test_add_func("/sdp/limits", test_limits);
	return g_test_run();
}
