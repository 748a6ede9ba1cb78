/* SPDX-License-Identifier: EUPL-1.2 */
/* One PeerConnection of the load, on a UDP socket of its own, as in a browser: connectivity checks, consent every 4 to 6 s,
 * DTLS, SRTP. All of the load is one thread. */
#pragma once
#include "tests/load/description.h"
#include "tests/load/handshake.h"

typedef struct transport transport;

typedef struct {
	/* A decrypted packet; it arrived at the socket at `arrival_us` (the kernel's stamp, on the monotonic clock). */
	void (*rtp)(void *data, transport *transport, const uint8_t *packet, size_t length, int64_t arrival_us);
	void (*rtcp)(void *data, transport *transport, const uint8_t *packet, size_t length);
} transport_events;

typedef struct {
	const char *address; /* IPv4, to bind to */
	profiles profiles;
} transport_options;

/* `options` outlives it. NULL with G_IO_ERROR when there are no more sockets. */
transport *transport_new(const transport_options *options, const transport_events *events, void *data, GError **error);
void transport_free(transport *transport);

int transport_fd(const transport *transport);
const local_side *transport_local(const transport *transport);
/* Where the server is, then it connects by itself. The side that offered controls. */
gboolean transport_connect(transport *transport, const description *remote, gboolean is_controlling, GError **error);
/* Without checks and handshake: everybody has the same keys (bench-floor). */
gboolean transport_connect_bare(transport *transport, uint16_t port, GError **error);

typedef enum { TRANSPORT_CONNECTING, TRANSPORT_OPEN, TRANSPORT_FAILED } transport_state;
transport_state transport_get_state(const transport *transport);
/* FALSE when it was never open, or consent was not confirmed for 20 s. */
gboolean transport_is_alive(const transport *transport, int64_t now_us);
srtp_profile transport_profile(const transport *transport);
/* Packets that did not decrypt. */
guint64 transport_refused(const transport *transport);

/* Take what the socket has. */
void transport_readable(transport *transport);
/* Every 20 ms. */
void transport_tick(transport *transport, int64_t now_us);

/* Encrypt into the common batch, which leaves by transport_flush() or when it is full. Nothing happens when it is not open. */
void transport_queue_rtp(transport *transport, uint64_t index, const rtp_header *header, const rtp_extension_ids *ids,
	const uint8_t *payload, size_t length);
void transport_flush(transport *transport);
void transport_send_rtcp(transport *transport, const uint8_t *data, size_t length);
void transport_send_plain(transport *transport, const void *data, size_t length);
/* Transport-wide number of the next packet. */
uint16_t transport_next_number(transport *transport);
