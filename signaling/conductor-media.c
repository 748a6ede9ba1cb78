/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "core/metrics.h"
#include "signaling/conductor-private.h"
#include "signaling/presence.h"
#include "signaling/sql.h"

typedef struct {
	const char *peer; /* NULL: all of them */
	gboolean is_up;
} media_change;

static gboolean store_media(db *db, gpointer data, GError **error)
{
	const media_change *change = data;
	return change->peer == NULL ? presence_reset(db, TRUE, clock_now_ms(), error)
				    : presence_set_media(db, change->peer, change->is_up, clock_now_ms(), error);
}

static void write_media(conductor *conductor, const char *peer, gboolean is_up)
{
	GError *error = NULL;
	media_change change = { peer, is_up };
	if (!store_write_wait(app_store(conductor->app), store_media, &change, &error))
		conductor_report("media's state not stored", error);
}

/* A peer that media had before this process. */
static void take_over(conductor *conductor, const json_t *item)
{
	const char *peer = json_text(item, "peer");
	const char *room = json_text(item, "room");
	if (peer == NULL)
		return;
	g_hash_table_add(conductor->peers, g_strdup(peer));
	if (room != NULL) {
		conductor_note_place(conductor, peer, room, json_int(item, "group") != 0);
		g_hash_table_add(conductor->found, g_strdup(peer));
	}
	if (g_strcmp0(json_text(item, "state"), "connected") == 0)
		write_media(conductor, peer, TRUE);
}

static void on_hello(conductor *conductor, note *note)
{
	size_t index;
	json_t *item;
	if (note->generation != conductor->generation || conductor_answer(note) == NULL)
		return;
	json_array_foreach(json_object_get(conductor_answer(note), "peers"), index, item)
		take_over(conductor, item);
	json_array_foreach(json_object_get(conductor_answer(note), "recordings"), index, item) {
		const char *id = json_is_string(item) ? json_string_value(item) : json_text(item, "recording");
		g_hash_table_insert(conductor->running, g_strdup(id), conductor_string_set());
		g_hash_table_add(conductor->unsure, g_strdup(id));
	}
	conductor_note_left_alone(conductor, json_object_get(conductor_answer(note), "left_alone"));
	conductor->is_up = TRUE;
	log_info("media is up");
	conductor_sync_all_of(conductor, SQL_SESSION_TO_CONDUCT, NULL);
	/* What ended meanwhile may still have a room. */
	json_array_foreach(json_object_get(conductor_answer(note), "rooms"), index, item)
		if (json_is_string(item))
			conductor_sync_session(conductor, json_string_value(item));
}

static void on_up(conductor *conductor, note *note)
{
	(void)note;
	conductor->generation++;
	conductor_command(conductor, json_pack("{s:s}", "do", "hello"), on_hello, NULL, NULL);
}

static void on_down(conductor *conductor, note *note)
{
	(void)note;
	conductor->is_up = FALSE;
	conductor->generation++;
	g_hash_table_remove_all(conductor->peers);
	g_hash_table_remove_all(conductor->found);
	g_hash_table_remove_all(conductor->placed);
	g_hash_table_remove_all(conductor->running);
	g_hash_table_remove_all(conductor->unsure);
	g_hash_table_remove_all(conductor->busy);
	g_hash_table_remove_all(conductor->chapters);
	g_hash_table_remove_all(conductor->separated);
	if (conductor->is_stopping)
		return;
	log_warning("media is down");
	gateway_send_event(app_gateway(conductor->app), NULL, json_pack("{s:s}", "event", "media_lost"));
	write_media(conductor, NULL, FALSE);
}

/* Somebody between the browser and media shows another certificate: what an attack on the recording looks like. */
static gboolean log_mismatch(db *db, gpointer peer, GError **error)
{
	g_autofree char *participant = presence_participant(db, peer, error);
	if (participant == NULL)
		return error == NULL || *error == NULL;
	return presence_log(db, participant, "system", "media.fingerprint_mismatch", NULL, clock_now_ms(), error);
}

static void write_mismatch(conductor *conductor, const char *peer)
{
	GError *error = NULL;
	if (!store_write_wait(app_store(conductor->app), log_mismatch, (gpointer)peer, &error))
		conductor_report("a wrong certificate not stored", error);
}

static void on_peer_state(conductor *conductor, const json_t *event)
{
	const char *peer = json_text(event, "peer");
	const char *state = json_text(event, "state");
	gboolean is_up = g_strcmp0(state, "connected") == 0;
	gboolean is_closed = g_strcmp0(state, "closed") == 0;
	if (peer != NULL && !is_closed)
		g_hash_table_add(conductor->peers, g_strdup(peer));
	if (peer == NULL || g_strcmp0(state, "connecting") == 0)
		return;
	/* A new transport begins outside of all rooms. */
	if (is_closed)
		conductor_forget_peer(conductor, peer);
	log_info("peer", LOG_TEXT("peer", peer), LOG_TEXT("state", state), LOG_TEXT("reason", json_text(event, "reason")));
	if (is_closed && json_text(event, "reason") != NULL)
		gateway_send_event(app_gateway(conductor->app), peer,
			json_pack("{s:s, s:s}", "event", "media_closed", "reason", json_text(event, "reason")));
	write_media(conductor, peer, is_up);
	if (g_strcmp0(json_text(event, "reason"), "fingerprint_mismatch") == 0)
		write_mismatch(conductor, peer);
}

static void on_peer_slots(conductor *conductor, const json_t *event)
{
	gateway_send_event(app_gateway(conductor->app), json_text(event, "peer"),
		json_pack("{s:s, s:O, s:O?}", "event", "slots", "slots", json_object_get(event, "slots"), "documents",
			json_object_get(event, "documents")));
}

/* To the officer about everybody, to each about themselves. */
static void on_peer_quality(conductor *conductor, const json_t *event)
{
	const char *peer = json_text(event, "peer");
	const place *place = peer != NULL ? g_hash_table_lookup(conductor->placed, peer) : NULL;
	const char *officer = place != NULL ? g_hash_table_lookup(conductor->officers, place->room) : NULL;
	if (place == NULL)
		return;
	g_autoptr(json_t) shown = json_copy((json_t *)event);
	json_object_set_new(shown, "event", json_string("quality"));
	if (officer != NULL)
		gateway_send_event(app_gateway(conductor->app), officer, json_incref(shown));
	if (g_strcmp0(officer, peer) != 0)
		gateway_send_event(app_gateway(conductor->app), peer, json_incref(shown));
}

static void on_media_event(conductor *conductor, note *note)
{
	static const struct {
		const char *name;
		void (*run)(struct conductor *, const json_t *);
	} events[] = {
		{ "peer.quality", on_peer_quality },
		{ "peer.slots", on_peer_slots },
		{ "peer.state", on_peer_state },
		{ "record.chain", conductor_on_record_chain },
		{ "record.state", conductor_on_record_state },
	};
	const char *name = json_text(note->json, "event");
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		if (g_strcmp0(events[i].name, name) == 0)
			events[i].run(conductor, note->json);
}

void conductor_media_up(gpointer conductor)
{
	conductor_post(conductor, on_up, NULL, NULL);
}

void conductor_media_down(gpointer conductor)
{
	conductor_post(conductor, on_down, NULL, NULL);
}

void conductor_media_event(const json_t *event, gpointer conductor)
{
	conductor_post(conductor, on_media_event, NULL, json_deep_copy(event));
}

/* What media counts, as gauges: it counts anew after a restart. */
static void on_stats(conductor *conductor, note *note)
{
	(void)conductor;
	const char *name;
	json_t *value;
	json_object_foreach(json_object_get((json_t *)conductor_answer(note), "counters"), name, value) {
		g_autofree char *metric = g_strdup_printf("jawort_media_%s", name);
		metric_set(metric_gauge(metric, NULL, "Counted by the media server since it started"), json_integer_value(value));
	}
}

void conductor_ask_counters(conductor *conductor)
{
	conductor_command(conductor, json_pack("{s:s}", "do", "stats"), on_stats, NULL, NULL);
}
