/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/peer.h"
#include "signaling/rehearse/wait.h"
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#define GST_USE_UNSTABLE_API
#include <gio/gio.h>
#include <gst/webrtc/webrtc.h>

enum {
	SPEECH_RATE = 22050, /* what espeak-ng speaks at */
	CHUNKS_PER_SECOND = 50,
	SPEECH_CHUNK_SAMPLES = SPEECH_RATE / CHUNKS_PER_SECOND,
	WAV_HEADER_BYTES = 44,
	SENDING_LINES = 2, /* own audio and video come first in the offer */
	START_MS = 10000,
};

#define AUDIO_CAPS "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
#define VIDEO_CAPS "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"

/* clocksync lets the sources run at the speed of real ones. */
static const char pipeline_text[] =
	"webrtcbin name=connection bundle-policy=max-bundle latency=40 "
	"appsrc name=microphone format=time max-buffers=2 ! clocksync ! audioconvert ! audioresample ! "
	"opusenc name=voice inband-fec=true ! rtpopuspay name=audio pt=111 "
	"appsrc name=camera format=time max-buffers=1 ! clocksync ! videoconvert ! "
	"vp8enc name=picture deadline=1 cpu-used=8 target-bitrate=1500000 keyframe-max-dist=300 error-resilient=partitions ! "
	"rtpvp8pay name=video pt=96 picture-id-mode=15-bit";

struct peer {
	char *name;
	GstElement *pipeline;
	GstElement *connection;
	guint bus_watch;
	char *problem;

	peer_draw draw;
	gpointer draw_data;
	guint width, height;
	guint64 frame; /* the next; camera thread only */

	GBytes *speech;
	guint64 chunk; /* the next; microphone thread only */

	GMutex lock; /* of what follows; GStreamer's threads write it */
	peer_received received[PEER_SLOTS_MAX];
};

/* (transfer full) The sentence as samples, with a pause after it. */
static GBytes *speak(const char *sentence, const char *language, GError **error)
{
	g_autoptr(GSubprocess) program =
		g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "espeak-ng", "-v", language, "--stdout", sentence, NULL);
	g_autoptr(GBytes) sound = NULL;
	if (program == NULL || !g_subprocess_communicate(program, NULL, NULL, &sound, NULL, error))
		return NULL;
	if (g_bytes_get_size(sound) <= WAV_HEADER_BYTES) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_MEDIA, "espeak-ng said nothing in '%s'", language);
		return NULL;
	}
	return g_bytes_new_from_bytes(sound, WAV_HEADER_BYTES, g_bytes_get_size(sound) - WAV_HEADER_BYTES);
}

/* What is due now. Like a real device, a source that came too late leaves out what it missed. */
static guint64 due_number(GstElement *source, guint64 next, guint per_second)
{
	const GstClockTime now = gst_element_get_current_running_time(source);
	return GST_CLOCK_TIME_IS_VALID(now) ? MAX(next, gst_util_uint64_scale(now, per_second, GST_SECOND)) : next;
}

static void push(GstElement *source, GBytes *bytes, guint64 number, guint per_second)
{
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(bytes);
	GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(number, GST_SECOND, per_second);
	GST_BUFFER_DURATION(buffer) = GST_SECOND / per_second;
	gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
}

static void on_microphone(GstElement *source, guint wanted G_GNUC_UNUSED, gpointer data)
{
	peer *peer = data;
	const gsize chunk_bytes = SPEECH_CHUNK_SAMPLES * sizeof(gint16);
	const gsize chunks = g_bytes_get_size(peer->speech) / chunk_bytes;
	const guint64 number = due_number(source, peer->chunk, CHUNKS_PER_SECOND);
	g_autoptr(GBytes) chunk = g_bytes_new_from_bytes(peer->speech, number % chunks * chunk_bytes, chunk_bytes);
	push(source, chunk, number, CHUNKS_PER_SECOND);
	peer->chunk = number + 1;
}

static void on_camera(GstElement *source, guint wanted G_GNUC_UNUSED, gpointer data)
{
	peer *peer = data;
	const gsize length = (gsize)peer->width * peer->height * 4;
	const guint64 number = due_number(source, peer->frame, PEER_FRAMES_PER_SECOND);
	guint8 *pixels = g_malloc(length);
	peer->draw(pixels, peer->width, peer->height, number, peer->draw_data);
	g_autoptr(GBytes) picture = g_bytes_new_take(pixels, length);
	push(source, picture, number, PEER_FRAMES_PER_SECOND);
	peer->frame = number + 1;
}

static GstPadProbeReturn on_frame(GstPad *pad, GstPadProbeInfo *info G_GNUC_UNUSED, gpointer data)
{
	peer *peer = data;
	peer_received *slot = g_object_get_data(G_OBJECT(pad), "slot");
	g_mutex_lock(&peer->lock);
	if (slot->frames++ == 0)
		slot->first_frame_us = g_get_monotonic_time();
	g_mutex_unlock(&peer->lock);
	return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	peer *peer = data;
	peer_received *slot = g_object_get_data(G_OBJECT(pad), "slot");
	GstMapInfo map;
	if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ))
		return GST_PAD_PROBE_OK;
	const gint16 *samples = (const gint16 *)map.data;
	const gsize count = map.size / sizeof *samples;
	guint64 sum = 0;
	for (gsize i = 0; i < count; i++)
		sum += (guint)ABS((int)samples[i]);
	gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
	g_mutex_lock(&peer->lock);
	slot->loudest = MAX(slot->loudest, count > 0 ? (guint)(sum / count) : 0);
	g_mutex_unlock(&peer->lock);
	return GST_PAD_PROBE_OK;
}

/* A slot's track appears: decode it and count. */
static void on_track(GstElement *connection G_GNUC_UNUSED, GstPad *pad, gpointer data)
{
	peer *peer = data;
	if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC)
		return;
	g_autoptr(GstWebRTCRTPTransceiver) transceiver = NULL;
	g_object_get(pad, "transceiver", &transceiver, NULL);
	guint line = 0;
	GstWebRTCKind kind = GST_WEBRTC_KIND_UNKNOWN;
	g_object_get(transceiver, "mlineindex", &line, "kind", &kind, NULL);
	const guint slot = (line - SENDING_LINES) / 2;
	const gboolean is_video = kind == GST_WEBRTC_KIND_VIDEO;
	if (line < SENDING_LINES || slot >= PEER_SLOTS_MAX)
		return;
	GstElement *sink =
		gst_parse_bin_from_description(is_video ? "queue ! rtpvp8depay ! vp8dec ! fakesink name=end sync=false"
							: "queue ! rtpopusdepay ! opusdec ! audio/x-raw,format=S16LE ! "
							  "fakesink name=end sync=false",
			TRUE, NULL);
	g_autoptr(GstElement) end = gst_bin_get_by_name(GST_BIN(sink), "end");
	g_autoptr(GstPad) counted = gst_element_get_static_pad(end, "sink");
	g_object_set_data(G_OBJECT(counted), "slot", &peer->received[slot]);
	gst_pad_add_probe(counted, GST_PAD_PROBE_TYPE_BUFFER, is_video ? on_frame : on_sound, peer, NULL);
	gst_bin_add(GST_BIN(peer->pipeline), sink);
	gst_element_sync_state_with_parent(sink);
	g_autoptr(GstPad) entry = gst_element_get_static_pad(sink, "sink");
	gst_pad_link(pad, entry);
}

static gboolean on_bus(GstBus *bus G_GNUC_UNUSED, GstMessage *message, gpointer data)
{
	peer *peer = data;
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR && peer->problem == NULL) {
		g_autoptr(GError) error = NULL;
		gst_message_parse_error(message, &error, NULL);
		peer->problem =
			g_strdup_printf("%s: %s: %s", peer->name, GST_OBJECT_NAME(GST_MESSAGE_SRC(message)), error->message);
	}
	return G_SOURCE_CONTINUE;
}

/* Own sound and picture, in this order, sending only. */
static void add_sender(peer *peer, const char *payloader, const char *caps_text, gboolean is_video)
{
	g_autoptr(GstElement) from = gst_bin_get_by_name(GST_BIN(peer->pipeline), payloader);
	g_autoptr(GstPad) out = gst_element_get_static_pad(from, "src");
	g_autoptr(GstPad) in = gst_element_request_pad_simple(peer->connection, "sink_%u");
	g_autoptr(GstWebRTCRTPTransceiver) transceiver = NULL;
	g_autoptr(GstCaps) caps = gst_caps_from_string(caps_text);
	g_object_get(in, "transceiver", &transceiver, NULL);
	g_object_set(transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, "codec-preferences", caps, NULL);
	g_object_set(transceiver, "do-nack", is_video, NULL);
	gst_pad_link(out, in);
}

static void add_receiver(peer *peer, const char *caps_text, gboolean is_video)
{
	g_autoptr(GstCaps) caps = gst_caps_from_string(caps_text);
	g_autoptr(GstWebRTCRTPTransceiver) transceiver = NULL;
	g_signal_emit_by_name(
		peer->connection, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
	g_object_set(transceiver, "do-nack", is_video, NULL);
}

static void set_source(peer *peer, const char *name, const char *caps_text, GCallback on_needed)
{
	g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(peer->pipeline), name);
	g_autoptr(GstCaps) caps = gst_caps_from_string(caps_text);
	g_object_set(source, "caps", caps, NULL);
	g_signal_connect(source, "need-data", on_needed, peer);
}

peer *rehearse_peer_new(const peer_setup *setup, GError **error)
{
	g_autoptr(peer) self = g_new0(peer, 1);
	g_mutex_init(&self->lock);
	self->name = g_strdup(setup->name);
	self->draw = setup->draw;
	self->draw_data = setup->draw_data;
	self->width = setup->width;
	self->height = setup->height;
	if ((self->speech = speak(setup->sentence, setup->language, error)) == NULL)
		return NULL;
	if ((self->pipeline = gst_parse_launch(pipeline_text, error)) == NULL) {
		g_prefix_error(error, "GStreamer lacks a part, see deploy/packages: ");
		return NULL;
	}
	self->connection = gst_bin_get_by_name(GST_BIN(self->pipeline), "connection");
	g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
	self->bus_watch = gst_bus_add_watch(bus, on_bus, self);
	g_signal_connect(self->connection, "pad-added", G_CALLBACK(on_track), self);

	g_autofree char *picture = g_strdup_printf(
		"video/x-raw,format=BGRx,width=%u,height=%u,framerate=%d/1", self->width, self->height, PEER_FRAMES_PER_SECOND);
	g_autofree char *sound = g_strdup_printf("audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=%d", SPEECH_RATE);
	set_source(self, "microphone", sound, G_CALLBACK(on_microphone));
	set_source(self, "camera", picture, G_CALLBACK(on_camera));
	add_sender(self, "audio", AUDIO_CAPS, FALSE);
	add_sender(self, "video", VIDEO_CAPS, TRUE);
	for (guint i = 0; i < MIN(setup->slots, PEER_SLOTS_MAX); i++) {
		add_receiver(self, AUDIO_CAPS, FALSE);
		add_receiver(self, VIDEO_CAPS, TRUE);
	}
	if (setup->is_local) {
		g_autoptr(GObject) ice = NULL;
		gboolean is_added;
		g_object_get(self->connection, "ice-agent", &ice, NULL);
		g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &is_added);
	}
	return g_steal_pointer(&self);
}

void rehearse_peer_free(peer *peer)
{
	if (peer == NULL)
		return;
	if (peer->bus_watch != 0)
		g_source_remove(peer->bus_watch);
	if (peer->pipeline != NULL)
		gst_element_set_state(peer->pipeline, GST_STATE_NULL);
	g_clear_object(&peer->connection);
	g_clear_object(&peer->pipeline);
	g_clear_pointer(&peer->speech, g_bytes_unref);
	g_mutex_clear(&peer->lock);
	g_free(peer->problem);
	g_free(peer->name);
	g_free(peer);
}

/* Run one of webrtcbin's asynchronous actions to its end. (transfer full) its reply, may be NULL. */
static GstStructure *act(peer *peer, const char *action, GstWebRTCSessionDescription *description)
{
	g_autoptr(GstPromise) promise = gst_promise_new();
	g_signal_emit_by_name(peer->connection, action, description, promise);
	gst_promise_wait(promise);
	const GstStructure *reply = gst_promise_get_reply(promise);
	return reply != NULL ? gst_structure_copy(reply) : NULL;
}

static gboolean fail_when_refused(peer *peer, const char *action, GstStructure *reply, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (reply == NULL || !gst_structure_get(reply, "error", G_TYPE_ERROR, &cause, NULL))
		return TRUE;
	g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_MEDIA, "%s: %s: %s", peer->name, action, cause->message);
	return FALSE;
}

/* The offer names the sources (a=ssrc), which webrtcbin knows once their first packets are on the way. */
static gboolean has_sources(gpointer data)
{
	peer *peer = data;
	gboolean has_all = TRUE;
	for (guint i = 0; i < SENDING_LINES; i++) {
		g_autofree char *name = g_strdup_printf("sink_%u", i);
		g_autoptr(GstPad) pad = gst_element_get_static_pad(peer->connection, name);
		has_all = has_all && gst_pad_has_current_caps(pad);
	}
	return has_all || peer->problem != NULL;
}

char *rehearse_peer_offer(peer *peer, GError **error)
{
	if (gst_element_set_state(peer->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_MEDIA, "%s: the pipeline does not start", peer->name);
		return NULL;
	}
	if (!wait_until(has_sources, peer, START_MS, "camera and microphone start", error))
		return NULL;
	g_autoptr(GstStructure) made = act(peer, "create-offer", NULL);
	g_autoptr(GstWebRTCSessionDescription) offer = NULL;
	if (!fail_when_refused(peer, "create-offer", made, error))
		return NULL;
	gst_structure_get(made, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
	g_autoptr(GstStructure) set = act(peer, "set-local-description", offer);
	if (!fail_when_refused(peer, "set-local-description", set, error))
		return NULL;
	return gst_sdp_message_as_text(offer->sdp);
}

gboolean rehearse_peer_answer(peer *peer, const char *sdp, GError **error)
{
	GstSDPMessage *message = NULL;
	if (gst_sdp_message_new_from_text(sdp, &message) != GST_SDP_OK) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_MEDIA, "%s: the server's answer is no SDP", peer->name);
		return FALSE;
	}
	g_autoptr(GstWebRTCSessionDescription) answer = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
	g_autoptr(GstStructure) set = act(peer, "set-remote-description", answer);
	return fail_when_refused(peer, "set-remote-description", set, error);
}

gboolean rehearse_peer_is_connected(const peer *peer)
{
	GstWebRTCPeerConnectionState state;
	g_object_get(peer->connection, "connection-state", &state, NULL);
	return state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
}

peer_received rehearse_peer_slot(peer *peer, guint slot)
{
	g_mutex_lock(&peer->lock);
	const peer_received received = peer->received[slot];
	g_mutex_unlock(&peer->lock);
	return received;
}

void rehearse_peer_forget(peer *peer)
{
	g_mutex_lock(&peer->lock);
	memset(peer->received, 0, sizeof peer->received);
	g_mutex_unlock(&peer->lock);
}

const char *rehearse_peer_problem(const peer *peer)
{
	return peer->problem;
}
