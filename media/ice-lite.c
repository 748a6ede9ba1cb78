/* SPDX-License-Identifier: EUPL-1.2 */
/* ICE-lite on the one port: we answer checks, and learn from them where the client is (RFC 8445, 2.5; peer-reflexive
 * candidates only).
 *
 * A check without the right password is met with silence, not with 401: no browser does anything with the answer, and whoever
 * writes a victim's address on it gets nothing sent there. An authentic check may still be a copy, so that while a call runs
 * only authentic media moves it to another address, and a transaction counts for the one address it came from first. */
#include "media/ice-private.h"
#include "media/limits.h"
#include "media/stun.h"
#include <openssl/rand.h>
#include <string.h>

enum {
	UFRAG_BYTES = 12, /* 72 bits, so that nobody meets one by chance; RFC 8839 wants 4 characters */
	PASSWORD_BYTES = 24,
	TRANSACTIONS = 64, /* remembered checks: a minute or two of a browser with one address */
};

/* Where the client was seen. */
typedef struct place {
	outbox_way way; /* family 0: free */
	guint16 binding;
	guint nomination; /* the later the higher; 0: never nominated */
	int64_t heard_us; /* the last authentic thing */
} place;

typedef struct transaction {
	uint8_t id[STUN_TRANSACTION_BYTES];
	route_key from;
} transaction;

typedef struct credentials {
	char ufrag[UFRAG_BYTES + 1], password[PASSWORD_BYTES + 1];
	stun_key *key; /* NULL: none */
} credentials;

typedef struct lite {
	ice ice;
	intake_guest guest;
	credentials now, before; /* `before`: of the way that is used until another is nominated */
	place places[ICE_ADDRESSES_MAX];
	place *chosen;      /* NULL: none */
	gboolean is_proven; /* media came: from now on only media moves it */
	guint nominations;
	guint transaction_count;
	transaction transactions[TRANSACTIONS];
} lite;

static lite *lite_of(ice *ice)
{
	return (lite *)ice;
}

/* ---- credentials */

/* `length` characters of six random bits each, of the set that ICE allows. */
static void random_text(char *out, guint length)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t random[PASSWORD_BYTES];
	RAND_bytes(random, (int)length);
	for (guint i = 0; i < length; i++)
		out[i] = set[random[i] % 64];
	out[length] = '\0';
}

static void renew(lite *lite)
{
	random_text(lite->now.ufrag, UFRAG_BYTES);
	random_text(lite->now.password, PASSWORD_BYTES);
	lite->now.key = stun_key_new(lite->now.password);
	lite->ice.ufrag = lite->now.ufrag;
	lite->ice.password = lite->now.password;
}

static void listen_for(lite *lite, const credentials *credentials)
{
	route_key key = route_key_ufrag(credentials->ufrag, UFRAG_BYTES);
	intake_add(lite->ice.loop->intake, &key, &lite->guest);
}

static void stop_listening_for(lite *lite, const credentials *credentials)
{
	route_key key = route_key_ufrag(credentials->ufrag, UFRAG_BYTES);
	intake_remove(lite->ice.loop->intake, &key);
}

static void forget(lite *lite, credentials *credentials)
{
	if (credentials->key == NULL)
		return;
	if (lite->ice.is_attached)
		stop_listening_for(lite, credentials);
	g_clear_pointer(&credentials->key, stun_key_free);
}

/* ---- places */

static place *find_place(lite *lite, const address *address)
{
	for (place *place = lite->places; place < lite->places + ICE_ADDRESSES_MAX; place++) {
		if (address_equal(&place->way.to, address))
			return place;
	}
	return NULL;
}

static void leave_place(lite *lite, place *place)
{
	route_key key = route_key_address(&place->way.to);
	outbox_flush(lite->ice.loop->outbox); /* it may hold something for this way */
	intake_remove(lite->ice.loop->intake, &key);
	place->way.to.family = 0;
}

/* A free one, or the one that was silent longest, but never the chosen. */
static place *make_room(lite *lite)
{
	place *oldest = NULL;
	for (place *place = lite->places; place < lite->places + ICE_ADDRESSES_MAX; place++) {
		if (place->way.to.family == 0)
			return place;
		if (place != lite->chosen && (oldest == NULL || place->heard_us < oldest->heard_us))
			oldest = place;
	}
	leave_place(lite, oldest);
	return oldest;
}

/* NULL when the address is another's. */
static place *add_place(lite *lite, const datagram *datagram)
{
	route_key key = route_key_address(&datagram->from);
	place *place = make_room(lite);
	if (!intake_add(lite->ice.loop->intake, &key, &lite->guest))
		return NULL;
	*place = (struct place){ .way.to = datagram->from };
	return place;
}

static void choose(lite *lite, place *place)
{
	gboolean is_first = lite->chosen == NULL;
	lite->chosen = place;
	lite->ice.way = &place->way;
	if (is_first)
		lite->ice.events->changed(lite->ice.data, TRUE);
}

/* Authentic media came from elsewhere: it moves with a later nomination, or when the chosen place fell silent (the client may
 * not know of its new address). Stragglers of the old way change nothing. */
static void follow(lite *lite, place *place, int64_t now_us)
{
	if (lite->chosen == NULL || place->nomination > lite->chosen->nomination ||
		now_us - lite->chosen->heard_us > ICE_SILENT_US)
		choose(lite, place);
}

/* ---- checks */

/* FALSE: the same check was seen from another address; somebody copied it. */
static gboolean note_transaction(lite *lite, const uint8_t *id, const address *from)
{
	route_key key = route_key_address(from);
	for (guint i = 0; i < TRANSACTIONS; i++) {
		if (memcmp(lite->transactions[i].id, id, STUN_TRANSACTION_BYTES) == 0)
			return memcmp(&lite->transactions[i].from, &key, sizeof(key)) == 0;
	}
	transaction *transaction = &lite->transactions[lite->transaction_count++ % TRANSACTIONS];
	memcpy(transaction->id, id, STUN_TRANSACTION_BYTES);
	transaction->from = key;
	return TRUE;
}

static credentials *find_credentials(lite *lite, const stun_message *message)
{
	for (credentials *one = &lite->now; one != NULL; one = one == &lite->now ? &lite->before : NULL) {
		if (one->key != NULL && message->user_length > UFRAG_BYTES && message->user[UFRAG_BYTES] == ':' &&
			memcmp(message->user, one->ufrag, UFRAG_BYTES) == 0)
			return one;
	}
	return NULL;
}

static void nominate(lite *lite, place *place, const credentials *used)
{
	if (place->nomination == 0 || place->nomination < lite->nominations)
		place->nomination = ++lite->nominations;
	if (!lite->is_proven)
		choose(lite, place);
	if (used == &lite->now)
		forget(lite, &lite->before);
}

/* What is wrong with an authentic check; 0: nothing. We never control (RFC 8445, 6.1.1). */
static guint refusal(const stun_message *message)
{
	if (message->unknown_count > 0)
		return STUN_UNKNOWN_ATTRIBUTE;
	return message->role == STUN_ROLE_CONTROLLED ? STUN_ROLE_CONFLICT : 0;
}

static void answer(lite *lite, place *place, const stun_message *message, stun_key *key)
{
	guint code = refusal(message);
	uint8_t *out = outbox_reserve(lite->ice.loop->outbox);
	size_t length = code == 0 ? stun_write_success(out, message, &place->way.to, key)
				  : stun_write_error(out, message, (stun_code)code, key);
	outbox_commit(lite->ice.loop->outbox, &place->way, length);
}

static void note_check(lite *lite, place *place, const datagram *datagram, int64_t now_us)
{
	place->binding = datagram->binding;
	place->way.fd = intake_socket(lite->ice.loop->intake, datagram->binding);
	place->heard_us = now_us;
	lite->ice.consent_us = now_us;
	intake_count(lite->ice.loop->intake, COUNTER_CHECKED);
}

static void receive_check(lite *lite, const datagram *datagram, int64_t now_us)
{
	stun_message message;
	if (!stun_parse(&message, datagram->data, datagram->length) || message.class != STUN_REQUEST || !message.has_fingerprint)
		return;
	const credentials *used = find_credentials(lite, &message);
	place *place = NULL;
	if (used != NULL && stun_verify(&message, used->key) && note_transaction(lite, message.transaction, &datagram->from)) {
		place = find_place(lite, &datagram->from);
		place = place != NULL ? place : add_place(lite, datagram);
	}
	if (place == NULL) {
		intake_count(lite->ice.loop->intake, COUNTER_CHECKS_REFUSED);
		return;
	}
	note_check(lite, place, datagram, now_us);
	answer(lite, place, &message, used->key);
	if (lite->chosen == NULL)
		choose(lite, place);
	if (message.is_nominating && refusal(&message) == 0)
		nominate(lite, place, used);
}

static void receive_media(lite *lite, const datagram *datagram, int64_t now_us)
{
	place *place = lite->chosen != NULL && address_equal(&lite->chosen->way.to, &datagram->from)
			       ? lite->chosen
			       : find_place(lite, &datagram->from);
	if (place == NULL || !lite->ice.events->receive(lite->ice.data, datagram->data, datagram->length, now_us))
		return;
	lite->is_proven = TRUE;
	if (place != lite->chosen)
		follow(lite, place, now_us);
	place->heard_us = now_us;
}

static void receive(intake_guest *guest, const datagram *datagram, int64_t now_us)
{
	lite *lite = (struct lite *)((char *)guest - offsetof(struct lite, guest));
	(stun_is(datagram->data, datagram->length) ? receive_check : receive_media)(lite, datagram, now_us);
}

/* ---- the interface */

static void lite_free(ice *ice)
{
	lite *lite = lite_of(ice);
	stun_key_free(lite->now.key);
	stun_key_free(lite->before.key);
	g_free(lite);
}

/* A check proves itself by our password; the client's is for checks of ours, and we send none. */
static gboolean lite_set_remote(ice *ice, const char *ufrag, const char *password)
{
	(void)ice, (void)ufrag, (void)password;
	return TRUE;
}

static gboolean lite_restart(ice *ice)
{
	lite *lite = lite_of(ice);
	forget(lite, &lite->before);
	lite->before = lite->now;
	renew(lite);
	if (ice->is_attached)
		listen_for(lite, &lite->now);
	return TRUE;
}

/* Another may have taken the address while we belonged to no worker. */
static void enter_again(lite *lite, place *place)
{
	route_key key = route_key_address(&place->way.to);
	place->way.fd = intake_socket(lite->ice.loop->intake, place->binding);
	if (intake_add(lite->ice.loop->intake, &key, &lite->guest))
		return;
	place->way.to.family = 0;
	if (place != lite->chosen)
		return;
	lite->chosen = NULL;
	lite->ice.way = NULL;
}

static void lite_attach(ice *ice)
{
	lite *lite = lite_of(ice);
	listen_for(lite, &lite->now);
	if (lite->before.key != NULL)
		listen_for(lite, &lite->before);
	for (place *place = lite->places; place < lite->places + ICE_ADDRESSES_MAX; place++) {
		if (place->way.to.family != 0)
			enter_again(lite, place);
	}
}

static void lite_detach(ice *ice)
{
	lite *lite = lite_of(ice);
	for (place *place = lite->places; place < lite->places + ICE_ADDRESSES_MAX; place++) {
		route_key key = route_key_address(&place->way.to);
		if (place->way.to.family != 0)
			intake_remove(ice->loop->intake, &key);
	}
	if (lite->before.key != NULL)
		stop_listening_for(lite, &lite->before);
	stop_listening_for(lite, &lite->now);
}

static const ice_kind kind = {
	.is_lite = TRUE,
	.free = lite_free,
	.set_remote = lite_set_remote,
	.restart = lite_restart,
	.attach = lite_attach,
	.detach = lite_detach,
};

ice *ice_lite_new(const intake *intake)
{
	lite *lite = g_new0(struct lite, 1);
	lite->ice.kind = &kind;
	lite->ice.candidates = port_candidates(intake_port(intake));
	lite->guest.receive = receive;
	renew(lite);
	return &lite->ice;
}
