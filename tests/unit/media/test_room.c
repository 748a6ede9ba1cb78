/* SPDX-License-Identifier: EUPL-1.2 */
/* Two to six people come, go, return, reload, change groups and show documents in any order: a model says who sees whom. */
#include "media/peer-private.h"
#include "media/room.h"
#include <string.h>

enum { PEOPLE = 8, ROOMS = 2, STEPS = 20000, OUTSIDE = -1 };

/* What should be. */
typedef struct {
	peer *peer;
	int room; /* OUTSIDE: in none */
	guint group, slots, documents;
	gboolean shows_document;
} person;

static peer_options options;
static worker *the_worker;
static room *rooms[ROOMS];
static person people[PEOPLE];
static guint events;

static void emit(json_t *event, void *data)
{
	(void)data;
	events++;
	json_decref(event);
}

static void add_line(GString *offer, guint mid, const char *kind, const char *direction)
{
	gboolean is_audio = strcmp(kind, "audio") == 0;
	g_string_append_printf(offer, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\na=mid:%u\r\na=%s\r\na=rtcp-mux\r\na=rtpmap:%s\r\n", kind,
		is_audio ? "111" : "96", mid, direction, is_audio ? "111 opus/48000/2" : "96 VP8/90000");
}

/* As call.ts writes it: own sound, picture and document, pairs to receive, lines for documents. */
static void make_offer(sdp_offer *offer, guint slots, guint documents)
{
	guint mid = 0;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) text =
		g_string_new("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\n"
			     "a=ice-pwd:abcdefghijklmnopqrstuv\r\na=setup:actpass\r\na=fingerprint:sha-256 ");
	for (guint i = 0; i < 32; i++)
		g_string_append_printf(text, "%s%02X", i > 0 ? ":" : "", i);
	g_string_append(text, "\r\n");
	add_line(text, mid++, "audio", "sendonly");
	add_line(text, mid++, "video", "sendonly");
	if (documents > 0)
		add_line(text, mid++, "video", "sendonly");
	for (guint i = 0; i < slots; i++) {
		add_line(text, mid++, "audio", "recvonly");
		add_line(text, mid++, "video", "recvonly");
	}
	for (guint i = 0; i < documents; i++)
		add_line(text, mid++, "video", "recvonly");
	sdp_offer_parse(offer, text->str, text->len, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(offer->slot_count[SDP_SLOT_PERSON], ==, slots);
	g_assert_cmpuint(offer->slot_count[SDP_SLOT_DOCUMENT], ==, documents);
}

static peer *make_peer(const person *one)
{
	static sdp_offer offer;
	g_autoptr(GError) error = NULL;
	g_autofree char *id = g_strdup_printf("%u", (guint)(one - people));
	make_offer(&offer, one->slots, one->documents);
	peer *peer = peer_new(&options, id, &offer, the_worker, &error);
	g_assert_no_error(error);
	g_free(peer_negotiate(peer, &offer, &error));
	g_assert_no_error(error);
	return peer;
}

static guint count_in(int room)
{
	guint count = 0;
	for (guint i = 0; i < PEOPLE; i++)
		count += people[i].room == room;
	return count;
}

/* --- what may happen --- */

static void move(person *one)
{
	int to = g_random_int_range(OUTSIDE, ROOMS);
	guint group = (guint)g_random_int_range(0, 2);
	gboolean is_full = to != one->room && to != OUTSIDE && count_in(to) == MEDIA_ROOM_PEERS_MAX;
	if (one->room != OUTSIDE && to != one->room)
		room_remove(rooms[one->room], one->peer);
	if (one->room != to)
		one->room = OUTSIDE;
	if (to == OUTSIDE)
		return;
	g_assert_cmpint(room_add(rooms[to], one->peer, group, NULL), ==, !is_full);
	if (is_full)
		return;
	one->room = to;
	one->group = group;
}

/* The page was loaded again: another browser in the same place. */
static void reload(person *one)
{
	peer *old = one->peer;
	one->slots = (guint)g_random_int_range(1, MEDIA_SLOTS_MAX + 1);
	one->documents = (guint)g_random_int_range(0, MEDIA_DOCUMENTS_MAX + 1);
	one->shows_document = FALSE;
	one->peer = make_peer(one);
	if (one->room != OUTSIDE)
		room_replace(rooms[one->room], old, one->peer);
	peer_free(old);
}

/* More slots by another offer. */
static void extend(person *one)
{
	static sdp_offer offer;
	one->slots = MAX(one->slots, (guint)g_random_int_range(1, MEDIA_SLOTS_MAX + 1));
	make_offer(&offer, one->slots, one->documents);
	g_free(peer_negotiate(one->peer, &offer, NULL));
}

static void vanish(person *one)
{
	peer_close(one->peer, "bye");
	g_assert_null(peer_room(one->peer));
	one->room = OUTSIDE;
	reload(one);
}

static void toggle_document(person *one)
{
	if (one->documents == 0)
		return;
	one->shows_document = one->peer->has_document = !one->shows_document;
	if (one->room != OUTSIDE)
		room_refill(rooms[one->room]);
}

/* --- what must be --- */

static gboolean should_see(const person *watcher, const person *other, sdp_slot_kind kind)
{
	return watcher != other && watcher->room != OUTSIDE && watcher->room == other->room && watcher->group == other->group &&
	       (kind == SDP_SLOT_PERSON || other->shows_document);
}

static int slot_of(const person *watcher, const person *other, sdp_slot_kind kind)
{
	int found = -1;
	for (guint slot = 0; slot < peer_slot_count(watcher->peer, kind); slot++) {
		if (peer_slot(watcher->peer, kind, slot) != other->peer)
			continue;
		g_assert_cmpint(found, ==, -1); /* in one slot only */
		found = (int)slot;
	}
	return found;
}

static gboolean receives(const person *watcher, const person *other, const sender *sender, sdp_stream stream)
{
	gboolean is_there = FALSE;
	for (guint i = 0; i < other->peer->receiver_count[stream]; i++) {
		gboolean is_it = other->peer->receivers[stream][i].sender == sender;
		g_assert_false(is_it && is_there); /* nothing is sent twice */
		g_assert_true(!is_it || other->peer->receivers[stream][i].watcher == watcher->peer);
		is_there |= is_it;
	}
	return is_there;
}

/* What stands in a slot is what its senders carry, and no sender carries anything else. */
static void check_senders(const person *watcher, const person *other, sdp_slot_kind kind, int slot)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		for (guint i = 0; i < peer_slot_count(watcher->peer, kind); i++) {
			const sender *sender = watcher->peer->slots[kind][i].senders[stream];
			if (sender != NULL && other->peer->tracks[stream] != NULL) {
				gboolean is_shown = (int)i == slot;
				g_assert_cmpint(receives(watcher, other, sender, (sdp_stream)stream), ==, is_shown);
				g_assert_cmpint(sender_source(sender) == other->peer->tracks[stream], ==, is_shown);
			}
		}
	}
}

static void check_watcher(const person *watcher, sdp_slot_kind kind)
{
	guint wanted = 0, shown = 0;
	for (guint i = 0; i < PEOPLE; i++) {
		int slot = slot_of(watcher, &people[i], kind);
		wanted += should_see(watcher, &people[i], kind);
		shown += slot >= 0;
		g_assert_true(slot < 0 || should_see(watcher, &people[i], kind));
		check_senders(watcher, &people[i], kind, slot);
	}
	g_assert_cmpuint(shown, ==, MIN(wanted, peer_slot_count(watcher->peer, kind)));
}

static void check(void)
{
	for (guint i = 0; i < PEOPLE; i++) {
		check_watcher(&people[i], SDP_SLOT_PERSON);
		check_watcher(&people[i], SDP_SLOT_DOCUMENT);
	}
	for (int i = 0; i < ROOMS; i++)
		g_assert_cmpint(room_is_used(rooms[i]), ==, count_in(i) > 0);
}

/* --- */

static void run_model(void *data)
{
	static void (*const actions[])(
		person * one) = { move, move, move, move, toggle_document, toggle_document, extend, reload, vanish };
	(void)data;
	for (guint i = 0; i < ROOMS; i++)
		rooms[i] = room_new("room", the_worker);
	for (guint i = 0; i < PEOPLE; i++) {
		people[i] = (person){ .room = OUTSIDE, .slots = MEDIA_SLOTS_MAX, .documents = MEDIA_DOCUMENTS_MAX };
		people[i].peer = make_peer(&people[i]);
	}
	for (guint step = 0; step < STEPS; step++) {
		actions[g_random_int_range(0, G_N_ELEMENTS(actions))](&people[g_random_int_range(0, PEOPLE)]);
		check();
	}
	for (guint i = 0; i < PEOPLE; i++) {
		peer_close(people[i].peer, "command");
		peer_free(people[i].peer);
	}
	for (guint i = 0; i < ROOMS; i++) {
		g_assert_false(room_is_used(rooms[i]));
		room_free(rooms[i]);
	}
}

static void test_model(void)
{
	worker_run(the_worker, run_model, NULL);
	g_assert_cmpuint(events, >, STEPS);
}

int main(int argc, char **argv)
{
	static const char *const addresses[] = { "127.0.0.1", NULL };
	g_test_init(&argc, &argv, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(port) port = port_new(&(port_options){ .addresses = addresses, .workers = 1 }, &error);
	g_assert_no_error(error);
	options.identity = dtls_identity_new(&error);
	g_assert_no_error(error);
	the_worker = worker_new(0, port, emit, NULL);
	g_test_add_func("/room/model", test_model);
	int result = g_test_run();
	worker_free(the_worker);
	dtls_identity_free((dtls_identity *)options.identity);
	return result;
}
