/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/description.h"
#include "tests/load/handshake.h"
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[CAPTURE_KINDS] = { "audio", "video" };

/* As Chromium 156 numbers them. */
static const struct {
	guint id;
	const char *uri;
	gboolean kinds[CAPTURE_KINDS];
} extensions[RTP_EXTENSION_COUNT] = {
	[RTP_EXTENSION_MID] = { 4, "urn:ietf:params:rtp-hdrext:sdes:mid", { TRUE, TRUE } },
	[RTP_EXTENSION_TRANSPORT_CC] = { 3, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
		{ TRUE, TRUE } },
	[RTP_EXTENSION_AUDIO_LEVEL] = { 1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level", { TRUE, FALSE } },
	[RTP_EXTENSION_ORIENTATION] = { 13, "urn:3gpp:video-orientation", { FALSE, TRUE } },
	[RTP_EXTENSION_ABS_SEND_TIME] = { 2, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", { TRUE, TRUE } },
};

static const char *const codec_lines[CAPTURE_KINDS] = {
	"a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n",
	"a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ccm fir\r\n"
	"a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n",
};
static const char *const formats[CAPTURE_KINDS] = { "111", "96 97" };

static void write_transport(GString *out, const local_side *local, const char *setup, gboolean is_first)
{
	g_string_append_printf(out, "c=IN IP4 %s\r\na=rtcp:9 IN IP4 0.0.0.0\r\n", local->address);
	if (is_first)
		g_string_append_printf(out, "a=candidate:1 1 udp 2130706431 %s %u typ host\r\na=end-of-candidates\r\n",
			local->address, local->port);
	g_string_append_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=setup:%s\r\n", local->ufrag,
		local->password, handshake_fingerprint(), setup);
}

static void write_media(GString *out, const local_side *local, guint mid, const source_numbers *source)
{
	capture_kind kind = mid % CAPTURE_KINDS;
	g_string_append_printf(out, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\n", kind_names[kind], formats[kind]);
	write_transport(out, local, "actpass", mid == 0);
	g_string_append_printf(out, "a=mid:%u\r\n", mid);
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if (extensions[i].kinds[kind])
			g_string_append_printf(out, "a=extmap:%u %s\r\n", extensions[i].id, extensions[i].uri);
	}
	g_string_append_printf(
		out, "a=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n%s", source != NULL ? "sendonly" : "recvonly", codec_lines[kind]);
	if (source == NULL)
		return;
	g_string_append_printf(out, "a=msid:load %s\r\n", kind_names[kind]);
	if (kind == CAPTURE_VIDEO)
		g_string_append_printf(out, "a=ssrc-group:FID %u %u\r\na=ssrc:%u cname:load\r\n", source->ssrc, source->rtx_ssrc,
			source->rtx_ssrc);
	g_string_append_printf(out, "a=ssrc:%u cname:load\r\n", source->ssrc);
}

char *description_write_offer(const local_side *local, const source_numbers sources[CAPTURE_KINDS], guint received)
{
	GString *out = g_string_new("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
	guint count = CAPTURE_KINDS * (1 + received);
	for (guint mid = 0; mid < count; mid++)
		g_string_append_printf(out, " %u", mid);
	g_string_append(out, "\r\na=msid-semantic: WMS load\r\n");
	for (guint mid = 0; mid < count; mid++)
		write_media(out, local, mid, mid < CAPTURE_KINDS ? &sources[mid] : NULL);
	return g_string_free(out, FALSE);
}

/* The lines of an offer that stand in its answer, too. */
static gboolean is_echoed(const char *line)
{
	static const char *const prefixes[] = { "v=", "o=", "s=", "t=", "m=", "a=group:", "a=mid:", "a=extmap:", "a=rtpmap:",
		"a=fmtp:", "a=rtcp-fb:", "a=rtcp-mux", "a=msid-semantic:" };
	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		if (g_str_has_prefix(line, prefixes[i]))
			return TRUE;
	}
	return FALSE;
}

char *description_write_answer(const local_side *local, const char *offer)
{
	GString *out = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(offer, "\n", -1);
	gboolean is_first = TRUE;
	for (char **line = lines; *line != NULL; line++) {
		g_strchomp(*line);
		if (!is_echoed(*line))
			continue;
		g_string_append_printf(out, "%s\r\n", *line);
		if (!g_str_has_prefix(*line, "m="))
			continue;
		write_transport(out, local, "active", is_first);
		g_string_append(out, "a=recvonly\r\n");
		is_first = FALSE;
	}
	return g_string_free(out, FALSE);
}

static void read_extension(described_media *media, const char *value)
{
	guint id = (guint)g_ascii_strtoull(value, NULL, 10);
	const char *space = strchr(value, ' ');
	for (guint i = 0; i < RTP_EXTENSION_COUNT && space != NULL; i++) {
		if (strcmp(space + 1, extensions[i].uri) == 0)
			media->extensions.id[i] = (uint8_t)id;
	}
}

static void read_media_line(described_media *media, const char *line)
{
	guint ssrc;
	if (g_str_has_prefix(line, "a=mid:"))
		g_strlcpy(media->mid, line + strlen("a=mid:"), sizeof(media->mid));
	else if (g_str_has_prefix(line, "a=extmap:"))
		read_extension(media, line + strlen("a=extmap:"));
	else if (media->ssrc == 0 && sscanf(line, "a=ssrc:%u", &ssrc) == 1)
		media->ssrc = ssrc;
	else if (sscanf(line, "a=ssrc-group:FID %u", &ssrc) == 1)
		media->ssrc = ssrc;
}

static void read_line(description *description, const char *line)
{
	guint port;
	if (g_str_has_prefix(line, "m=") && description->media_count < DESCRIPTION_MEDIA_MAX)
		description->media_count++;
	else if (description->media_count > 0)
		read_media_line(&description->media[description->media_count - 1], line);
	sscanf(line, "a=ice-ufrag:%256s", description->ufrag);
	sscanf(line, "a=ice-pwd:%256s", description->password);
	sscanf(line, "a=fingerprint:sha-256 %95s", description->fingerprint);
	if (strcmp(line, "a=setup:active") == 0)
		description->is_active = TRUE;
	if (description->port == 0 && sscanf(line, "a=candidate:%*s 1 %*s %*u %45s %5u", description->address, &port) == 2)
		description->port = (uint16_t)port;
}

gboolean description_read(description *description, const char *sdp, GError **error)
{
	memset(description, 0, sizeof(*description));
	g_auto(GStrv) lines = g_strsplit(sdp, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		read_line(description, g_strchomp(*line));
	if (description->ufrag[0] != '\0' && description->password[0] != '\0' && description->fingerprint[0] != '\0' &&
		description->port != 0 && description->media_count > 0)
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
		"the server's SDP lacks credentials, fingerprint or candidate:\n%s", sdp);
	return FALSE;
}
