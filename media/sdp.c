/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/sdp.h"
#include "media/error.h"
#include <string.h>

enum { PAYLOAD_TYPE_MIN = 35, PAYLOAD_TYPE_MAX = 127, OPUS_RATE = 48000, VIDEO_RATE = 90000, PARAMETERS_MAX = 64 };

static const char *const kind_names[SDP_KINDS] = { "audio", "video" };
static const sdp_kind stream_kinds[SDP_STREAMS] = { SDP_AUDIO, SDP_VIDEO, SDP_VIDEO };
static const struct {
	const char *name;
	guint most;
	gboolean has[SDP_STREAMS];
} slot_kinds[SDP_SLOT_KINDS] = {
	[SDP_SLOT_PERSON] = { "slot", MEDIA_SLOTS_MAX, { TRUE, TRUE, FALSE } },
	[SDP_SLOT_DOCUMENT] = { "document", MEDIA_DOCUMENTS_MAX, { FALSE, FALSE, TRUE } },
};

static const struct {
	const char *uri;
	gboolean kinds[SDP_KINDS]; /* where we answer it */
	gboolean is_upward_only;   /* only in what the client sends */
} extensions[RTP_EXTENSION_COUNT] = {
	[RTP_EXTENSION_MID] = { "urn:ietf:params:rtp-hdrext:sdes:mid", { TRUE, TRUE }, FALSE },
	/* Not towards the client: without it the browser estimates by itself and reports by REMB, which is all we need. */
	[RTP_EXTENSION_TRANSPORT_CC] = { "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
		{ TRUE, TRUE }, TRUE },
	[RTP_EXTENSION_AUDIO_LEVEL] = { "urn:ietf:params:rtp-hdrext:ssrc-audio-level", { TRUE, FALSE }, FALSE },
	[RTP_EXTENSION_ORIENTATION] = { "urn:3gpp:video-orientation", { FALSE, TRUE }, FALSE },
	[RTP_EXTENSION_ABS_SEND_TIME] = { "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", { FALSE, TRUE }, FALSE },
};

/* What a line of the m-section told about one payload type, until the section ends. */
typedef struct parameter {
	uint8_t type;
	char name[32]; /* "VP8/90000" */
	char format[128];
} parameter;

typedef struct parser {
	sdp_offer *offer;
	guint receiving[SDP_KINDS]; /* recvonly lines so far */
	sdp_media *media;           /* NULL before the first m-line */
	gboolean has_mux, is_rejected;
	gboolean is_bundle_seen, is_setup_ok, has_fingerprint;
	gboolean session_sending, session_receiving;
	guint parameter_count;
	parameter parameters[PARAMETERS_MAX];
	GError **error;
} parser;

static gboolean fail(parser *parser, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean fail(parser *parser, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(parser->error, MEDIA_ERROR, MEDIA_ERROR_SDP, text);
	return FALSE;
}

/* Copy a token. FALSE when it is empty, too long, or has other characters than ICE and SDP tokens. */
static gboolean copy_token(char *out, size_t size, const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length >= size ||
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_.!%*'`~#$&^{}|") != length)
		return FALSE;
	memcpy(out, text, length + 1);
	return TRUE;
}

/* Read a number and step behind it. */
static gboolean read_number(const char **text, guint64 max, guint64 *number)
{
	char *end;
	if (!g_ascii_isdigit(**text))
		return FALSE;
	*number = g_ascii_strtoull(*text, &end, 10);
	*text = end;
	return *number <= max;
}

static gboolean read_payload_type(const char **text, uint8_t *type)
{
	guint64 number;
	if (!read_number(text, PAYLOAD_TYPE_MAX, &number))
		return FALSE;
	*type = (uint8_t)number;
	return TRUE;
}

static parameter *find_parameter(parser *parser, uint8_t type)
{
	for (guint i = 0; i < parser->parameter_count; i++) {
		if (parser->parameters[i].type == type)
			return &parser->parameters[i];
	}
	if (parser->parameter_count == PARAMETERS_MAX)
		return NULL;
	parameter *parameter = &parser->parameters[parser->parameter_count++];
	*parameter = (typeof(*parameter)){ .type = type };
	return parameter;
}

static gboolean on_ufrag(parser *parser, const char *value)
{
	return copy_token(parser->offer->ufrag, sizeof(parser->offer->ufrag), value) || fail(parser, "ice-ufrag is malformed");
}

static gboolean on_password(parser *parser, const char *value)
{
	return copy_token(parser->offer->password, sizeof(parser->offer->password), value) ||
	       fail(parser, "ice-pwd is malformed");
}

static gboolean on_fingerprint(parser *parser, const char *value)
{
	dtls_fingerprint fingerprint;
	if (!dtls_fingerprint_parse(&fingerprint, value))
		return fail(parser, "fingerprint is malformed or of a weak hash");
	if (parser->has_fingerprint && !dtls_fingerprint_equal(&fingerprint, &parser->offer->fingerprint))
		return fail(parser, "two fingerprints for one transport");
	parser->has_fingerprint = TRUE;
	parser->offer->fingerprint = fingerprint;
	return TRUE;
}

static gboolean on_setup(parser *parser, const char *value)
{
	if (strcmp(value, "actpass") != 0 && strcmp(value, "active") != 0)
		return fail(parser, "setup is neither actpass nor active: the server does not begin DTLS");
	parser->is_setup_ok = TRUE;
	return TRUE;
}

static gboolean on_group(parser *parser, const char *value)
{
	parser->is_bundle_seen |= g_str_has_prefix(value, "BUNDLE ");
	return TRUE;
}

static gboolean on_mid(parser *parser, const char *value)
{
	if (parser->media == NULL)
		return TRUE;
	if (!copy_token(parser->media->mid, sizeof(parser->media->mid), value))
		return fail(parser, "mid is malformed or longer than 16 characters");
	for (sdp_media *other = parser->offer->media; other < parser->media; other++) {
		if (strcmp(other->mid, parser->media->mid) == 0)
			return fail(parser, "two m-lines have the same mid");
	}
	return TRUE;
}

static gboolean set_direction(parser *parser, gboolean is_sending, gboolean is_receiving)
{
	*(parser->media != NULL ? &parser->media->is_sending : &parser->session_sending) = is_sending;
	*(parser->media != NULL ? &parser->media->is_receiving : &parser->session_receiving) = is_receiving;
	return TRUE;
}

static gboolean on_sendrecv(parser *parser, const char *value)
{
	(void)value;
	return set_direction(parser, TRUE, TRUE);
}

static gboolean on_sendonly(parser *parser, const char *value)
{
	(void)value;
	return set_direction(parser, TRUE, FALSE);
}

static gboolean on_recvonly(parser *parser, const char *value)
{
	(void)value;
	return set_direction(parser, FALSE, TRUE);
}

static gboolean on_inactive(parser *parser, const char *value)
{
	(void)value;
	return set_direction(parser, FALSE, FALSE);
}

static gboolean on_mux(parser *parser, const char *value)
{
	(void)value;
	parser->has_mux = TRUE;
	return TRUE;
}

static gboolean on_rsize(parser *parser, const char *value)
{
	(void)value;
	if (parser->media != NULL)
		parser->media->has_rsize = TRUE;
	return TRUE;
}

/* Its port is 0 though it is not rejected (RFC 9143, 6). */
static gboolean on_bundle_only(parser *parser, const char *value)
{
	(void)value;
	parser->is_rejected = FALSE;
	return TRUE;
}

static gboolean on_extmap(parser *parser, const char *value)
{
	guint64 id;
	if (parser->media == NULL || parser->media->kind == SDP_KINDS)
		return TRUE;
	if (!read_number(&value, 65535, &id) || id == 0)
		return fail(parser, "extmap is malformed");
	if (*value == '/') /* a direction: we take the extension for both */
		value += strcspn(value, " ");
	if (*value != ' ' || id > SDP_EXTENSION_ID_MAX)
		return TRUE;
	size_t length = strcspn(++value, " ");
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if (strlen(extensions[i].uri) == length && strncmp(value, extensions[i].uri, length) == 0 &&
			extensions[i].kinds[parser->media->kind])
			parser->media->extensions.id[i] = (uint8_t)id;
	}
	return TRUE;
}

/* "96 VP8/90000", "111 minptime=10": a payload type, then what it is. */
static gboolean note_parameter(parser *parser, const char *value, size_t offset, size_t size)
{
	uint8_t type;
	if (parser->media == NULL || parser->media->kind == SDP_KINDS)
		return TRUE;
	if (!read_payload_type(&value, &type) || *value != ' ')
		return fail(parser, "a payload type is malformed");
	parameter *parameter = find_parameter(parser, type);
	if (parameter == NULL)
		return fail(parser, "too many payload types");
	g_strlcpy((char *)parameter + offset, value + 1, size);
	return TRUE;
}

static gboolean on_rtpmap(parser *parser, const char *value)
{
	return note_parameter(parser, value, G_STRUCT_OFFSET(parameter, name), sizeof(((parameter *)NULL)->name));
}

static gboolean on_fmtp(parser *parser, const char *value)
{
	return note_parameter(parser, value, G_STRUCT_OFFSET(parameter, format), sizeof(((parameter *)NULL)->format));
}

static gboolean on_ssrc(parser *parser, const char *value)
{
	guint64 ssrc;
	if (parser->media == NULL)
		return TRUE;
	if (!read_number(&value, G_MAXUINT32, &ssrc))
		return fail(parser, "ssrc is malformed");
	if (parser->media->ssrc == 0)
		parser->media->ssrc = (uint32_t)ssrc;
	return TRUE;
}

static gboolean on_ssrc_group(parser *parser, const char *value)
{
	guint64 first, second;
	if (parser->media == NULL || !g_str_has_prefix(value, "FID "))
		return TRUE;
	value += 4;
	if (!read_number(&value, G_MAXUINT32, &first) || *value++ != ' ' || !read_number(&value, G_MAXUINT32, &second))
		return fail(parser, "ssrc-group is malformed");
	parser->media->ssrc = (uint32_t)first;
	parser->media->rtx_ssrc = (uint32_t)second;
	return TRUE;
}

/* Sorted by name. Attributes that are not here do not concern us. */
static const struct {
	const char *name;
	gboolean (*read)(parser *parser, const char *value);
} attributes[] = {
	{ "bundle-only", on_bundle_only },
	{ "extmap", on_extmap },
	{ "fingerprint", on_fingerprint },
	{ "fmtp", on_fmtp },
	{ "group", on_group },
	{ "ice-pwd", on_password },
	{ "ice-ufrag", on_ufrag },
	{ "inactive", on_inactive },
	{ "mid", on_mid },
	{ "recvonly", on_recvonly },
	{ "rtcp-mux", on_mux },
	{ "rtcp-rsize", on_rsize },
	{ "rtpmap", on_rtpmap },
	{ "sendonly", on_sendonly },
	{ "sendrecv", on_sendrecv },
	{ "setup", on_setup },
	{ "ssrc", on_ssrc },
	{ "ssrc-group", on_ssrc_group },
};

static gboolean read_attribute(parser *parser, char *line)
{
	char *colon = strchr(line, ':');
	if (colon != NULL)
		*colon = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
		if (strcmp(attributes[i].name, line) == 0)
			return attributes[i].read(parser, colon != NULL ? colon + 1 : "");
	}
	return TRUE;
}

/* One of the offered payload types: its codec, if we take it. */
static rtp_codec codec_of(const parameter *parameter, sdp_kind kind)
{
	if (kind == SDP_AUDIO)
		return g_ascii_strcasecmp(parameter->name, "opus/48000/2") == 0 ? RTP_CODEC_OPUS : RTP_CODEC_NONE;
	if (g_ascii_strcasecmp(parameter->name, "VP8/90000") == 0)
		return RTP_CODEC_VP8;
	if (g_ascii_strcasecmp(parameter->name, "H264/90000") == 0 && strstr(parameter->format, "packetization-mode=1") != NULL &&
		g_strstr_len(parameter->format, -1, "profile-level-id=42e0") != NULL)
		return RTP_CODEC_H264;
	return RTP_CODEC_NONE;
}

/* The codec we prefer, wherever the client has it in its list. */
static void choose_codec(parser *parser, sdp_media *media)
{
	for (guint i = 0; i < parser->parameter_count; i++) {
		const parameter *parameter = &parser->parameters[i];
		rtp_codec codec = codec_of(parameter, media->kind);
		if (codec == RTP_CODEC_NONE || parameter->type < PAYLOAD_TYPE_MIN ||
			(media->codec != RTP_CODEC_NONE && media->codec <= codec))
			continue;
		media->codec = codec;
		media->payload_type = parameter->type;
		g_strlcpy(media->format, codec == RTP_CODEC_H264 ? parameter->format : "", sizeof(media->format));
	}
	for (guint i = 0; i < parser->parameter_count; i++) {
		const parameter *parameter = &parser->parameters[i];
		const char *format = parameter->format;
		uint8_t type;
		if (g_ascii_strcasecmp(parameter->name, "rtx/90000") != 0 || !g_str_has_prefix(format, "apt="))
			continue;
		format += strlen("apt=");
		if (media->payload_type != 0 && read_payload_type(&format, &type) && type == media->payload_type)
			media->rtx_payload_type = parameter->type;
	}
}

/* The first stream of its kind that has no line yet. */
static void take_own(sdp_offer *offer, sdp_media *media)
{
	for (guint stream = 0; stream < SDP_STREAMS && media->role == SDP_ROLE_REJECTED; stream++) {
		if (stream_kinds[stream] != media->kind || offer->own[stream] >= 0)
			continue;
		media->role = SDP_ROLE_OWN;
		offer->own[stream] = (int)(media - offer->media);
	}
}

/* Decide what the m-line is to us, once all of it was read. */
static gboolean finish_media(parser *parser)
{
	sdp_media *media = parser->media;
	sdp_offer *offer = parser->offer;
	if (media == NULL)
		return TRUE;
	if (media->mid[0] == '\0')
		return fail(parser, "an m-line has no mid");
	if (media->kind == SDP_KINDS || parser->is_rejected)
		return TRUE;
	if (!parser->has_mux)
		return fail(parser, "rtcp-mux is needed");
	choose_codec(parser, media);
	if (media->codec == RTP_CODEC_NONE)
		return fail(parser, media->kind == SDP_AUDIO ? "audio without Opus" : "video without VP8 or H.264");
	if (media->is_sending)
		take_own(offer, media);
	else if (media->is_receiving)
		media->slot = parser->receiving[media->kind]++, media->role = SDP_ROLE_SLOT;
	return TRUE;
}

/* "audio 9 UDP/TLS/RTP/SAVPF 111 63" */
static gboolean begin_media(parser *parser, char *line)
{
	sdp_offer *offer = parser->offer;
	if (!finish_media(parser))
		return FALSE;
	if (offer->media_count == SDP_MEDIA_MAX)
		return fail(parser, "more than %d m-lines", SDP_MEDIA_MAX);
	sdp_media *media = parser->media = &offer->media[offer->media_count++];
	g_auto(GStrv) words = g_strsplit(line, " ", 5);
	if (g_strv_length(words) < 4 || !copy_token(media->kind_name, sizeof(media->kind_name), words[0]) ||
		!copy_token(media->protocol, sizeof(media->protocol), words[2]) ||
		!copy_token(media->first_format, sizeof(media->first_format), words[3]))
		return fail(parser, "an m-line is malformed");
	media->kind = SDP_KINDS;
	for (guint i = 0; i < SDP_KINDS && g_str_has_suffix(media->protocol, "TLS/RTP/SAVPF"); i++) {
		if (strcmp(media->kind_name, kind_names[i]) == 0)
			media->kind = (sdp_kind)i;
	}
	media->is_sending = parser->session_sending;
	media->is_receiving = parser->session_receiving;
	parser->is_rejected = strcmp(words[1], "0") == 0;
	parser->has_mux = FALSE;
	parser->parameter_count = 0;
	return TRUE;
}

static gboolean read_line(parser *parser, char *line, guint number)
{
	size_t length = strlen(line);
	if (length > 0 && line[length - 1] == '\r')
		line[--length] = '\0';
	if (number == 0)
		return strcmp(line, "v=0") == 0 || fail(parser, "it does not begin with v=0");
	if (length == 0)
		return TRUE;
	if (length < 2 || line[1] != '=')
		return fail(parser, "line %u is no SDP", number + 1);
	switch (line[0]) {
	case 'm':
		return begin_media(parser, line + 2);
	case 'a':
		return read_attribute(parser, line + 2);
	default:
		return TRUE;
	}
}

/* Only now it is known for which pictures there is sound. */
static void take_slot(const parser *parser, sdp_media *media)
{
	sdp_offer *offer = parser->offer;
	gboolean is_document = media->slot >= parser->receiving[SDP_AUDIO];
	media->slot_kind = is_document ? SDP_SLOT_DOCUMENT : SDP_SLOT_PERSON;
	media->slot -= is_document ? parser->receiving[SDP_AUDIO] : 0;
	if (media->slot >= slot_kinds[media->slot_kind].most) {
		media->role = SDP_ROLE_REJECTED;
		return;
	}
	sdp_stream stream = is_document ? SDP_OWN_DOCUMENT : (sdp_stream)media->kind;
	offer->slots[media->slot_kind][media->slot][stream] = (int)(media - offer->media);
	offer->slot_count[media->slot_kind] = MAX(offer->slot_count[media->slot_kind], media->slot + 1);
}

static gboolean check_whole(parser *parser)
{
	sdp_offer *offer = parser->offer;
	if (!finish_media(parser))
		return FALSE;
	for (guint i = 0; i < offer->media_count; i++) {
		if (offer->media[i].role == SDP_ROLE_SLOT)
			take_slot(parser, &offer->media[i]);
	}
	if (!parser->is_bundle_seen)
		return fail(parser, "BUNDLE is needed");
	if (!parser->has_fingerprint || !parser->is_setup_ok)
		return fail(parser, "fingerprint or setup is missing");
	if (offer->ufrag[0] == '\0' || strlen(offer->ufrag) < 4 || strlen(offer->password) < 22)
		return fail(parser, "ice-ufrag or ice-pwd is missing or short");
	if (offer->own[SDP_OWN_AUDIO] < 0 && offer->own[SDP_OWN_VIDEO] < 0 && offer->slot_count[SDP_SLOT_PERSON] == 0)
		return fail(parser, "nothing to send or receive");
	return TRUE;
}

sdp_kind sdp_kind_of(sdp_stream stream)
{
	return stream_kinds[stream];
}

gboolean sdp_slot_has(sdp_slot_kind kind, sdp_stream stream)
{
	return slot_kinds[kind].has[stream];
}

gboolean sdp_offer_parse(sdp_offer *offer, const char *text, size_t length, GError **error)
{
	memset(offer, 0, sizeof(*offer));
	memset(offer->own, -1, sizeof(offer->own));
	memset(offer->slots, -1, sizeof(offer->slots));
	if (length > SDP_MAX_BYTES || memchr(text, '\0', length) != NULL) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT, "an offer has at most %d bytes of text", SDP_MAX_BYTES);
		return FALSE;
	}
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", SDP_MAX_LINES + 1);
	if (g_strv_length(lines) > SDP_MAX_LINES) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT, "an offer has at most %d lines", SDP_MAX_LINES);
		return FALSE;
	}
	GError *local = NULL;
	g_autofree parser *parser = g_new0(struct parser, 1);
	*parser = (typeof(*parser)){ .offer = offer, .session_sending = TRUE, .session_receiving = TRUE, .error = &local };
	for (guint i = 0; lines[i] != NULL && local == NULL; i++)
		read_line(parser, lines[i], i);
	if (local == NULL)
		check_whole(parser);
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, local);
	return FALSE;
}

static void write_codec(GString *out, const sdp_media *media)
{
	guint type = media->payload_type;
	switch (media->codec) {
	case RTP_CODEC_OPUS:
		/* No DTX: silence that is not sent would be a gap in the recording. */
		g_string_append_printf(
			out, "a=rtpmap:%u opus/48000/2\r\na=fmtp:%u minptime=10;useinbandfec=1;usedtx=0\r\n", type, type);
		break;
	case RTP_CODEC_H264:
		g_string_append_printf(out, "a=rtpmap:%u H264/90000\r\na=fmtp:%u %s\r\n", type, type, media->format);
		break;
	default:
		g_string_append_printf(out, "a=rtpmap:%u VP8/90000\r\n", type);
	}
	if (media->role == SDP_ROLE_OWN)
		g_string_append_printf(out, "a=rtcp-fb:%u transport-cc\r\n", type);
	if (media->kind != SDP_VIDEO)
		return;
	g_string_append_printf(out,
		"a=rtcp-fb:%u goog-remb\r\na=rtcp-fb:%u ccm fir\r\na=rtcp-fb:%u nack\r\na=rtcp-fb:%u nack pli\r\n", type, type,
		type, type);
	if (media->rtx_payload_type != 0)
		g_string_append_printf(out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", media->rtx_payload_type,
			media->rtx_payload_type, type);
}

static void write_sources(GString *out, const sdp_media *media, const sdp_answer *answer)
{
	sdp_stream stream = media->slot_kind == SDP_SLOT_DOCUMENT ? SDP_OWN_DOCUMENT : (sdp_stream)media->kind;
	uint32_t ssrc = answer->slots[media->slot_kind][media->slot][stream].ssrc,
		 rtx = answer->slots[media->slot_kind][media->slot][stream].rtx_ssrc;
	const char *name = slot_kinds[media->slot_kind].name;
	g_string_append_printf(out, "a=msid:%s%u %s%u-%s\r\n", name, media->slot, name, media->slot, media->kind_name);
	if (media->rtx_payload_type != 0)
		g_string_append_printf(out, "a=ssrc-group:FID %u %u\r\n", ssrc, rtx);
	g_string_append_printf(out, "a=ssrc:%u cname:%s\r\n", ssrc, answer->cname);
	if (media->rtx_payload_type != 0)
		g_string_append_printf(out, "a=ssrc:%u cname:%s\r\n", rtx, answer->cname);
}

static void write_media(GString *out, const sdp_media *media, const sdp_answer *answer, gboolean is_first)
{
	if (media->role == SDP_ROLE_REJECTED) {
		g_string_append_printf(out, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\na=inactive\r\n", media->kind_name,
			media->protocol, media->first_format, media->mid);
		return;
	}
	g_string_append_printf(out, "m=%s 9 %s %u", media->kind_name, media->protocol, media->payload_type);
	if (media->rtx_payload_type != 0)
		g_string_append_printf(out, " %u", media->rtx_payload_type);
	g_string_append_printf(out, "\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n",
		answer->ufrag, answer->password);
	g_string_append_printf(
		out, "a=fingerprint:sha-256 %s\r\na=setup:passive\r\na=mid:%s\r\n", answer->fingerprint, media->mid);
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if (media->extensions.id[i] != 0 && (media->role == SDP_ROLE_OWN || !extensions[i].is_upward_only))
			g_string_append_printf(out, "a=extmap:%u %s\r\n", media->extensions.id[i], extensions[i].uri);
	}
	g_string_append_printf(out, "a=%s\r\na=rtcp-mux\r\n%s", media->role == SDP_ROLE_OWN ? "recvonly" : "sendonly",
		media->has_rsize ? "a=rtcp-rsize\r\n" : "");
	write_codec(out, media);
	if (media->role == SDP_ROLE_SLOT)
		write_sources(out, media, answer);
	for (const char *const *candidate = answer->candidates; is_first && *candidate != NULL; candidate++)
		g_string_append_printf(out, "a=candidate:%s\r\n", *candidate);
	if (is_first)
		g_string_append(out, "a=end-of-candidates\r\n");
}

char *sdp_answer_write(const sdp_offer *offer, const sdp_answer *answer)
{
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "v=0\r\no=- %" G_GUINT64_FORMAT " %u IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE",
		answer->session, answer->version);
	for (guint i = 0; i < offer->media_count; i++) {
		if (offer->media[i].role != SDP_ROLE_REJECTED)
			g_string_append_printf(out, " %s", offer->media[i].mid);
	}
	g_string_append_printf(out, "\r\n%sa=msid-semantic: WMS *\r\n", answer->is_ice_lite ? "a=ice-lite\r\n" : "");
	gboolean is_first = TRUE;
	for (guint i = 0; i < offer->media_count; i++) {
		write_media(out, &offer->media[i], answer, is_first);
		is_first &= offer->media[i].role == SDP_ROLE_REJECTED;
	}
	return g_string_free(out, FALSE);
}
