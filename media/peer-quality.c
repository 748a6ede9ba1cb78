/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/peer-private.h"
#include <math.h>

/* What came since the last time, of all streams and of each. */
typedef struct {
	track_statistics of[SDP_STREAMS];
	guint received, lost, bytes;
	int64_t passed_us;
} arrivals;

static void take_arrivals(peer *peer, arrivals *arrivals)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		track_statistics *one = &arrivals->of[stream];
		if (peer->tracks[stream] == NULL)
			continue;
		track_take_statistics(peer->tracks[stream], one);
		arrivals->received += one->received;
		arrivals->lost += one->lost;
		arrivals->bytes += one->bytes;
	}
}

static json_t *paused_peers(const peer *peer)
{
	json_t *paused = json_array();
	for (guint i = 0; i < peer->slot_count[SDP_SLOT_PERSON]; i++) {
		const slot *slot = &peer->slots[SDP_SLOT_PERSON][i];
		if (slot->shown != NULL && sender_is_paused(slot->senders[SDP_OWN_VIDEO]))
			json_array_append_new(paused, json_string(slot->shown->id));
	}
	return paused;
}

static quality_measure measure(const peer *peer, const arrivals *arrivals, gboolean is_live)
{
	const track_statistics *audio = &arrivals->of[SDP_OWN_AUDIO], *video = &arrivals->of[SDP_OWN_VIDEO];
	double seconds = (double)arrivals->passed_us / G_USEC_PER_SEC;
	guint sent = arrivals->received + arrivals->lost;
	return (quality_measure){
		.up_loss = sent > 0 ? arrivals->lost * 100.0 / sent : NAN,
		.down_loss = peer->down_loss * 100.0 / 256,
		.fps = is_live ? video->frames / seconds : NAN,
		.up_kbps = arrivals->bytes * 8 / seconds / 1000,
		.height = is_live && video->width != 0 ? MIN(video->width, video->height) : NAN,
		.paused = 0,
		.light = is_live && peer->light >= 0 ? peer->light : NAN,
		.rtt_ms = peer->rtt_ms != 0 ? peer->rtt_ms : NAN,
		.voice = audio->has_voice ? audio->voice_level : NAN,
	};
}

static void set_number(json_t *event, const char *key, double value)
{
	if (!isnan(value))
		json_object_set_new(event, key, json_integer(lround(value)));
}

static json_t *reasons_of(const quality *quality)
{
	json_t *reasons = json_array();
	for (guint i = 0; i < QUALITY_REASONS; i++) {
		if (quality->is_on[i])
			json_array_append_new(reasons, json_string(quality_reason_name((quality_reason)i)));
	}
	return reasons;
}

static void emit_quality(peer *peer, int64_t now_us)
{
	arrivals arrivals = { .passed_us = now_us - peer->quality_us };
	gboolean is_live = peer->tracks[SDP_OWN_VIDEO] != NULL && track_is_live(peer->tracks[SDP_OWN_VIDEO], now_us);
	take_arrivals(peer, &arrivals);
	json_t *paused = paused_peers(peer);
	quality_measure seen = measure(peer, &arrivals, is_live);
	seen.paused = (double)json_array_size(paused);
	peer->down_loss = 0;
	quality_note(&peer->quality, &seen);

	const track_statistics *audio = &arrivals.of[SDP_OWN_AUDIO], *video = &arrivals.of[SDP_OWN_VIDEO];
	gboolean is_turned = peer->orientation & 1;
	json_t *event = json_pack("{ss ss so so}", "event", "peer.quality", "peer", peer->id, "paused", paused, "reasons",
		reasons_of(&peer->quality));
	if (!isnan(seen.up_loss))
		json_object_set_new(event, "loss_percent", json_real((int)(seen.up_loss * 10) / 10.0));
	set_number(event, "fps", is_live ? seen.fps : 0);
	set_number(event, "up_kbps", seen.up_kbps);
	set_number(event, "rtt_ms", seen.rtt_ms);
	set_number(event, "light", seen.light);
	set_number(event, "width", video->width == 0 ? NAN : is_turned ? video->height : video->width);
	set_number(event, "height", video->width == 0 ? NAN : is_turned ? video->width : video->height);
	set_number(event, "audio_level", audio->has_audio_level ? audio->audio_level : NAN);
	worker_emit(peer->worker, event);
}

void peer_tell_quality(peer *peer, gboolean is_urgent, int64_t now_us)
{
	if (peer->room == NULL || (!is_urgent && now_us - peer->quality_us < PEER_QUALITY_INTERVAL_MS * 1000))
		return;
	if (peer->quality_us != 0)
		emit_quality(peer, now_us);
	peer->quality_us = now_us;
}

void peer_set_light(peer *peer, int light)
{
	peer->light = light;
}
