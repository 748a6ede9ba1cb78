/* SPDX-License-Identifier: EUPL-1.2 */
/* The least that forwarding can cost here: one thread and one socket, recvmmsg, decrypt, encrypt for each other person of the
 * room, sendmmsg. No ICE, DTLS, RTCP, repair or recording; keys are all the same, and a datagram of digits says in which room its
 * sender is. Driven by `jawort-load --server=floor` (tests/load/driver-floor.c); it prints its port and runs until it is killed.
 * Usage: bench-floor ADDRESS [sha1] */
#include "media/bytes.h"
#include "media/rtp.h"
#include "media/srtp.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, OTHERS_MAX = 5, DATAGRAM_BYTES = 1536, PORTS = 65536, SOCKET_BYTES = 8 << 20 };

typedef struct person {
	struct sockaddr_in address;
	srtp *incoming, *outgoing;
	struct person *others[OTHERS_MAX];
	guint other_count, room;
} person;

static person *people[PORTS]; /* by port */
static GPtrArray *everybody;

static struct {
	uint8_t bytes[BATCH][DATAGRAM_BYTES];
	struct sockaddr_in from[BATCH];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
} in;
static struct {
	uint8_t bytes[BATCH * OTHERS_MAX][DATAGRAM_BYTES];
	struct iovec vectors[BATCH * OTHERS_MAX];
	struct mmsghdr messages[BATCH * OTHERS_MAX];
	guint count;
} out;

static void add_person(const struct sockaddr_in *from, guint room, srtp_profile profile)
{
	static const uint8_t key[SRTP_KEY_BYTES], salt[SRTP_SALT_MAX_BYTES];
	person *added = g_new0(person, 1);
	*added = (person){ .address = *from, .room = room };
	added->incoming = srtp_new(profile, key, salt);
	added->outgoing = srtp_new(profile, key, salt);
	for (guint i = 0; i < everybody->len; i++) {
		person *other = everybody->pdata[i];
		if (other->room != room || other->other_count == OTHERS_MAX)
			continue;
		other->others[other->other_count++] = added;
		added->others[added->other_count++] = other;
	}
	g_ptr_array_add(everybody, added);
	people[ntohs(from->sin_port)] = added;
}

static void forward(person *sender, const uint8_t *datagram, size_t length)
{
	uint8_t plain[DATAGRAM_BYTES];
	size_t size =
		sender != NULL && !rtp_is_rtcp(datagram, length) ? srtp_decrypt(sender->incoming, datagram, length, plain) : 0;
	for (guint i = 0; size > RTP_HEADER_BYTES && i < sender->other_count; i++) {
		person *receiver = sender->others[i];
		uint8_t *secret = out.bytes[out.count];
		out.vectors[out.count].iov_base = secret;
		out.vectors[out.count].iov_len = srtp_encrypt(receiver->outgoing, bytes_get16(plain + 2), plain, RTP_HEADER_BYTES,
			plain + RTP_HEADER_BYTES, size - RTP_HEADER_BYTES, secret);
		out.messages[out.count].msg_hdr = (struct msghdr){ .msg_name = &receiver->address,
			.msg_namelen = sizeof(receiver->address),
			.msg_iov = &out.vectors[out.count],
			.msg_iovlen = 1 };
		out.count++;
	}
}

static void flush(int fd)
{
	for (guint done = 0; done < out.count;) {
		int sent = sendmmsg(fd, out.messages + done, out.count - done, 0);
		done += sent > 0 ? (guint)sent : 1;
	}
	out.count = 0;
}

static int receive(int fd)
{
	for (guint i = 0; i < BATCH; i++) {
		in.vectors[i] = (struct iovec){ in.bytes[i], DATAGRAM_BYTES };
		in.messages[i].msg_hdr = (struct msghdr){
			.msg_name = &in.from[i], .msg_namelen = sizeof(in.from[i]), .msg_iov = &in.vectors[i], .msg_iovlen = 1
		};
	}
	return recvmmsg(fd, in.messages, BATCH, MSG_WAITFORONE, NULL);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int buffer = SOCKET_BYTES, fd = socket(AF_INET, SOCK_DGRAM, 0);
	srtp_profile profile = argc > 2 && strcmp(argv[2], "sha1") == 0 ? SRTP_PROFILE_SHA1 : SRTP_PROFILE_GCM;
	if (argc < 2 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1 ||
		bind(fd, (struct sockaddr *)&address, length) < 0 || getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
		fprintf(stderr, "usage: bench-floor ADDRESS [sha1]\n");
		return 2;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	everybody = g_ptr_array_new();
	for (int count; (count = receive(fd)) >= 0;) {
		for (int i = 0; i < count; i++) {
			if (g_ascii_isdigit(in.bytes[i][0]))
				add_person(&in.from[i], (guint)atoi((char *)in.bytes[i]), profile);
			else
				forward(people[ntohs(in.from[i].sin_port)], in.bytes[i], in.messages[i].msg_len);
		}
		flush(fd);
	}
	return 1;
}
