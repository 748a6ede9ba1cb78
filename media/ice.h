/* SPDX-License-Identifier: EUPL-1.2 */
/* The path to one peer: connectivity checks (RFC 8445) and datagrams both ways.
 *
 * Two kinds, one interface. ICE-lite (ice-lite.c) answers the checks of a client on the one port of port.h. The full agent
 * (ice-nice.c, libnice) has a port a peer and checks by itself, for a server behind a NAT that maps nothing to it.
 * The client's candidates are not used: its checks reach us and show where it is, so that no packet goes to an address that a
 * stranger named. We are controlled, it nominates. Datagrams out are collected and leave together (outbox.h).
 * Thread: the one it is attached to; callbacks come from there, never from inside a call. */
#pragma once
#include "media/intake.h"
#include "media/outbox.h"
#include <stddef.h>

typedef struct ice ice;

/* What a thread lends to the paths it serves. */
typedef struct {
	GMainContext *context;
	outbox *outbox;
	intake *intake; /* its end of the one port; NULL: each path is a full agent */
} ice_loop;

typedef struct {
	const char *const *addresses;   /* to bind to, NULL-ended; NULL: every interface but loopback */
	const char *const *advertise;   /* to name to clients instead, NULL-ended; NULL: the bound ones */
	uint16_t first_port, last_port; /* UDP, of full agents; 0: the kernel chooses */
} ice_options;

typedef struct {
	/* A datagram that is not STUN; `datagram` may be written to and is the callee's until it returns.
	 * Returns whether it was authentic: then its sender's address may become the way back. */
	gboolean (*receive)(void *data, uint8_t *datagram, size_t length, int64_t now_us);
	/* A way to the peer exists now (again), or was lost for good. */
	void (*changed)(void *data, gboolean is_writable);
} ice_events;

/* Attached to no thread yet; `loop` says of which kind it will be and where it goes first. `options` is copied, `events` and
 * `loop` outlive it. (transfer full), NULL with MEDIA_ERROR_TRANSPORT. */
ice *ice_new(const ice_options *options, const ice_loop *loop, const ice_events *events, void *data, GError **error);
/* On its thread. No callback comes after it. What is queued leaves before. */
void ice_free(ice *ice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ice, ice_free)

/* Ours, for the answer; they change with ice_restart(). */
const char *ice_ufrag(const ice *ice);
const char *ice_password(const ice *ice);
/* "1 1 udp 2130706431 192.0.2.1 40000 typ host" …, NULL-ended. */
const char *const *ice_candidates(const ice *ice);
/* For the answer: a=ice-lite. */
gboolean ice_is_lite(const ice *ice);

/* The client's, from its offer. FALSE when they cannot be credentials. */
gboolean ice_set_remote(ice *ice, const char *ufrag, const char *password);
/* New credentials for a new offer; the old way is used until another is nominated. */
gboolean ice_restart(ice *ice);

/* Begin on a thread, or move to another: detach on the present one, attach on the other. */
void ice_attach(ice *ice, const ice_loop *loop);
void ice_detach(ice *ice);

/* When the peer last proved that it wants what we send (RFC 7675); 0: this kind does not tell. */
int64_t ice_consent_us(const ice *ice);

/* Room for the next datagram of up to MEDIA_PACKET_MAX_BYTES, until ice_commit(); NULL when there is no way to the peer. */
uint8_t *ice_reserve(ice *ice);
/* Queue what was written there. */
void ice_commit(ice *ice, size_t length);
