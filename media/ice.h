/* SPDX-License-Identifier: EUPL-1.2 */
/* The path to one peer: connectivity checks (RFC 8445) and datagrams both ways.
 *
 * The client's candidates are not used: its checks reach us and show where it is, so that no packet goes to an address that a
 * stranger named. We are controlled, it nominates. Datagrams out are collected and leave together.
 * Thread: the one of the context last given; callbacks come from there, never from inside a call. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ice ice;

/* All who have datagrams waiting; one a worker. Zeroed is empty. */
typedef struct {
	ice *first;
} ice_outbox;
/* Send all that is queued. What the kernel does not take is lost, as on any network. */
void ice_outbox_flush(ice_outbox *outbox);

typedef struct {
	const char *const *addresses;   /* to bind to, NULL-ended; NULL: every interface but loopback */
	const char *advertise;          /* to name to clients instead; NULL: the bound ones */
	uint16_t first_port, last_port; /* UDP; 0: the kernel chooses */
} ice_options;

typedef struct {
	/* A datagram that is not STUN; `datagram` may be written to and is the callee's until it returns. */
	void (*receive)(void *data, uint8_t *datagram, size_t length);
	/* A way to the peer exists now (again), or was lost for good. */
	void (*changed)(void *data, gboolean is_writable);
} ice_events;

/* Binds its port. `options` is copied, `events` outlives it. (transfer full), NULL with MEDIA_ERROR_TRANSPORT. */
ice *ice_new(const ice_options *options, GMainContext *context, ice_outbox *outbox, const ice_events *events, void *data,
	GError **error);
/* No callback comes after it. */
void ice_free(ice *ice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ice, ice_free)

/* Ours, for the answer; they change with ice_restart(). */
const char *ice_ufrag(const ice *ice);
const char *ice_password(const ice *ice);
/* "1 1 udp 2130706431 192.0.2.1 40000 typ host" …, NULL-ended. */
const char *const *ice_candidates(const ice *ice);

/* The client's, from its offer. FALSE when they cannot be credentials. */
gboolean ice_set_remote(ice *ice, const char *ufrag, const char *password);
/* New credentials for a new offer; the old way is used until another is nominated. */
gboolean ice_restart(ice *ice);

/* Move to another thread: detach on the present one, attach on (or before the start of) the other. */
void ice_detach(ice *ice);
void ice_attach(ice *ice, GMainContext *context, ice_outbox *outbox);

/* Room for the next datagram of up to MEDIA_PACKET_MAX_BYTES, until ice_commit(); NULL when there is no way to the peer. */
uint8_t *ice_reserve(ice *ice);
/* Queue what was written there. Sends the batch when it is full. */
void ice_commit(ice *ice, size_t length);
