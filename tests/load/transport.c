/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/transport.h"
#include "media/bytes.h"
#include "media/limits.h"
#include "tests/load/stun.h"
#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH = 32,
	SLOT_BYTES = 2048,
	RECEIVE_BUFFER_BYTES = 4 << 20, /* what is lost shall be lost by the server */
	CHECK_INTERVAL_US = 100000,
	CONSENT_MIN_US = 4000000, /* RFC 7675, 5.1: 5 s, times 0.8 to 1.2 */
	CONSENT_SPREAD_US = 2000000,
	CONSENT_LOST_US = 20000000,
};

struct transport {
	int fd;
	local_side local;
	description remote;
	struct sockaddr_in remote_address;
	const transport_options *options;
	const transport_events *events;
	void *data;
	gboolean is_controlling, is_writable, is_bare;
	transport_state state;
	uint64_t tie_breaker;
	uint8_t check_id[STUN_ID_BYTES];
	int64_t check_us, confirmed_us;
	handshake *handshake;
	srtp *incoming, *outgoing;
	srtp_profile profile;
	uint16_t number;
	guint64 refused;
};

/* One thread, one transport at a time: what leaves together, and what came together. */
static struct {
	uint8_t bytes[BATCH][SLOT_BYTES];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
	guint count;
} out;
static struct {
	uint8_t bytes[BATCH][SLOT_BYTES];
	uint8_t control[BATCH][CMSG_SPACE(sizeof(struct timespec))];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
} in;

static void make_token(char *text, size_t size)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	RAND_bytes((uint8_t *)text, (int)size);
	for (size_t i = 0; i + 1 < size; i++)
		text[i] = alphabet[(uint8_t)text[i] % 64];
	text[size - 1] = '\0';
}

static gboolean bind_socket(transport *transport, GError **error)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int yes = 1, buffer = RECEIVE_BUFFER_BYTES;
	transport->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (transport->fd < 0 || inet_pton(AF_INET, transport->options->address, &address.sin_addr) != 1 ||
		bind(transport->fd, (struct sockaddr *)&address, length) < 0 ||
		getsockname(transport->fd, (struct sockaddr *)&address, &length) < 0 ||
		setsockopt(transport->fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(yes)) < 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no socket: %s", g_strerror(errno));
		return FALSE;
	}
	if (setsockopt(transport->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0)
		setsockopt(transport->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	transport->local.port = ntohs(address.sin_port);
	return TRUE;
}

transport *transport_new(const transport_options *options, const transport_events *events, void *data, GError **error)
{
	transport *transport = g_new0(struct transport, 1);
	transport->options = options;
	transport->local.address = options->address;
	transport->events = events;
	transport->data = data;
	make_token(transport->local.ufrag, sizeof(transport->local.ufrag));
	make_token(transport->local.password, sizeof(transport->local.password));
	RAND_bytes((uint8_t *)&transport->tie_breaker, sizeof(transport->tie_breaker));
	RAND_bytes((uint8_t *)&transport->number, sizeof(transport->number));
	RAND_bytes(transport->check_id, sizeof(transport->check_id));
	if (bind_socket(transport, error))
		return transport;
	transport_free(transport);
	return NULL;
}

void transport_free(transport *transport)
{
	if (transport == NULL)
		return;
	if (transport->fd >= 0)
		close(transport->fd);
	handshake_free(transport->handshake);
	srtp_free(transport->incoming);
	srtp_free(transport->outgoing);
	g_free(transport);
}

int transport_fd(const transport *transport)
{
	return transport->fd;
}

const local_side *transport_local(const transport *transport)
{
	return &transport->local;
}

transport_state transport_get_state(const transport *transport)
{
	return transport->state;
}

gboolean transport_is_alive(const transport *transport, int64_t now_us)
{
	return transport->state == TRANSPORT_OPEN && (transport->is_bare || now_us - transport->confirmed_us < CONSENT_LOST_US);
}

srtp_profile transport_profile(const transport *transport)
{
	return transport->profile;
}

guint64 transport_refused(const transport *transport)
{
	return transport->refused;
}

uint16_t transport_next_number(transport *transport)
{
	return transport->number++;
}

void transport_send_plain(transport *transport, const void *data, size_t length)
{
	send(transport->fd, data, length, 0); /* what the kernel does not take is lost, as on any network */
}

static void send_handshake(void *data, const uint8_t *datagram, size_t length)
{
	transport_send_plain(data, datagram, length);
}

static gboolean connect_socket(transport *transport, const char *address, uint16_t port, GError **error)
{
	transport->remote_address.sin_family = AF_INET;
	transport->remote_address.sin_port = htons(port);
	if (inet_pton(AF_INET, address, &transport->remote_address.sin_addr) == 1 &&
		connect(transport->fd, (struct sockaddr *)&transport->remote_address, sizeof(transport->remote_address)) == 0)
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot reach %s port %u", address, port);
	return FALSE;
}

gboolean transport_connect(transport *transport, const description *remote, gboolean is_controlling, GError **error)
{
	transport->remote = *remote;
	transport->is_controlling = is_controlling;
	transport->handshake =
		handshake_new(!remote->is_active, transport->options->profiles, remote->fingerprint, send_handshake, transport);
	return connect_socket(transport, remote->address, remote->port, error);
}

gboolean transport_connect_bare(transport *transport, uint16_t port, GError **error)
{
	static const uint8_t key[SRTP_KEY_BYTES], salt[SRTP_SALT_MAX_BYTES];
	transport->profile = transport->options->profiles == PROFILES_SHA1 ? SRTP_PROFILE_SHA1 : SRTP_PROFILE_GCM;
	transport->incoming = srtp_new(transport->profile, key, salt);
	transport->outgoing = srtp_new(transport->profile, key, salt);
	transport->is_bare = TRUE;
	transport->state = TRANSPORT_OPEN;
	return connect_socket(transport, transport->options->address, port, error);
}

/* ---- what comes */

static void run_handshake(transport *transport, const uint8_t *datagram, size_t length)
{
	handshake_state state = handshake_run(transport->handshake, datagram, length);
	if (transport->state != TRANSPORT_CONNECTING || state == HANDSHAKE_RUNS)
		return;
	transport->state = state == HANDSHAKE_DONE ? TRANSPORT_OPEN : TRANSPORT_FAILED;
	if (state == HANDSHAKE_DONE)
		transport->profile = handshake_keys(transport->handshake, &transport->incoming, &transport->outgoing);
}

static void receive_stun(transport *transport, const uint8_t *data, size_t length)
{
	uint8_t answer[STUN_MAX_BYTES];
	guint type = stun_type(data, length);
	if (type == STUN_REQUEST && stun_is_authentic(data, length, transport->local.password)) {
		size_t size = stun_write_success(answer, data, transport->local.password,
			ntohl(transport->remote_address.sin_addr.s_addr), ntohs(transport->remote_address.sin_port));
		transport_send_plain(transport, answer, size);
	}
	if (type != STUN_SUCCESS || !stun_has_id(data, transport->check_id) ||
		!stun_is_authentic(data, length, transport->remote.password))
		return;
	RAND_bytes(transport->check_id, sizeof(transport->check_id)); /* of the next check */
	transport->confirmed_us = g_get_monotonic_time();
	transport->check_us = transport->confirmed_us + CONSENT_MIN_US + g_random_int_range(0, CONSENT_SPREAD_US);
	if (!transport->is_writable) {
		transport->is_writable = TRUE;
		run_handshake(transport, NULL, 0);
	}
}

static void receive_media(transport *transport, const uint8_t *data, size_t length, int64_t arrival_us)
{
	uint8_t plain[SLOT_BYTES];
	gboolean is_rtcp = rtp_is_rtcp(data, length);
	size_t size = (is_rtcp ? srtcp_decrypt : srtp_decrypt)(transport->incoming, data, length, plain);
	if (size == 0)
		transport->refused++;
	else if (is_rtcp)
		transport->events->rtcp(transport->data, transport, plain, size);
	else
		transport->events->rtp(transport->data, transport, plain, size, arrival_us);
}

/* RFC 7983. */
static void receive_datagram(transport *transport, const uint8_t *data, size_t length, int64_t arrival_us)
{
	if (length == 0)
		return;
	if (data[0] < 4)
		receive_stun(transport, data, length);
	else if (data[0] >= 20 && data[0] < 64 && transport->handshake != NULL)
		run_handshake(transport, data, length);
	else if (data[0] >= 128 && transport->state == TRANSPORT_OPEN)
		receive_media(transport, data, length, arrival_us);
}

static int64_t arrival_of(struct msghdr *message, int64_t realtime_offset_us)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct timespec stamp;
	if (control == NULL || control->cmsg_type != SCM_TIMESTAMPNS)
		return g_get_monotonic_time();
	memcpy(&stamp, CMSG_DATA(control), sizeof(stamp));
	return stamp.tv_sec * G_USEC_PER_SEC + stamp.tv_nsec / 1000 - realtime_offset_us;
}

void transport_readable(transport *transport)
{
	static int64_t realtime_offset_us;
	if (realtime_offset_us == 0)
		realtime_offset_us = g_get_real_time() - g_get_monotonic_time();
	int count;
	do {
		for (guint i = 0; i < BATCH; i++) {
			in.vectors[i] = (struct iovec){ in.bytes[i], SLOT_BYTES };
			in.messages[i].msg_hdr = (struct msghdr){ .msg_iov = &in.vectors[i],
				.msg_iovlen = 1,
				.msg_control = in.control[i],
				.msg_controllen = sizeof(in.control[i]) };
		}
		count = recvmmsg(transport->fd, in.messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++)
			receive_datagram(transport, in.bytes[i], in.messages[i].msg_len,
				arrival_of(&in.messages[i].msg_hdr, realtime_offset_us));
	} while (count == BATCH);
}

/* ---- what leaves */

static void send_check(transport *transport)
{
	uint8_t request[STUN_MAX_BYTES];
	g_autofree char *username = g_strdup_printf("%s:%s", transport->remote.ufrag, transport->local.ufrag);
	size_t length = stun_write_request(request, transport->check_id, username, transport->remote.password,
		transport->is_controlling, transport->tie_breaker);
	transport_send_plain(transport, request, length);
}

void transport_tick(transport *transport, int64_t now_us)
{
	if (transport->handshake == NULL)
		return;
	if (now_us >= transport->check_us) {
		send_check(transport);
		transport->check_us = now_us + CHECK_INTERVAL_US;
	}
	if (transport->is_writable && transport->state == TRANSPORT_CONNECTING)
		run_handshake(transport, NULL, 0);
}

void transport_queue_rtp(transport *transport, uint64_t index, const rtp_header *header, const rtp_extension_ids *ids,
	const uint8_t *payload, size_t length)
{
	uint8_t head[RTP_HEADER_MAX_BYTES];
	if (transport->state != TRANSPORT_OPEN)
		return;
	if (out.count == BATCH)
		transport_flush(transport);
	size_t head_length = rtp_header_write(head, header, ids);
	uint8_t *datagram = out.bytes[out.count];
	size_t size = srtp_encrypt(transport->outgoing, index, head, head_length, payload, length, datagram);
	out.vectors[out.count] = (struct iovec){ datagram, size };
	out.messages[out.count].msg_hdr = (struct msghdr){ .msg_iov = &out.vectors[out.count], .msg_iovlen = 1 };
	out.count++;
}

void transport_flush(transport *transport)
{
	for (guint done = 0; done < out.count;) {
		int sent = sendmmsg(transport->fd, out.messages + done, out.count - done, MSG_DONTWAIT);
		done += sent > 0 ? (guint)sent : 1; /* an error of one packet is its loss */
	}
	out.count = 0;
}

void transport_send_rtcp(transport *transport, const uint8_t *data, size_t length)
{
	uint8_t secret[SLOT_BYTES];
	if (transport->state != TRANSPORT_OPEN || length == 0 || length + SRTCP_OVERHEAD_MAX_BYTES > sizeof(secret))
		return;
	transport_send_plain(transport, secret, srtcp_encrypt(transport->outgoing, data, length, secret));
}
