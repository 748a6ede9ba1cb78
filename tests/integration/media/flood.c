/* SPDX-License-Identifier: EUPL-1.2 */
/* flood ADDRESS PORT PACKETS_PER_SECOND SECONDS [USER]: strangers' datagrams of every kind, from many sources; prints how many left.
 * With USER ("theirs:ours") some are checks in that name, with a wrong password. */
#include "media/bytes.h"
#include "media/stun.h"
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { SOURCES = 64, BATCH_MS = 2, LONGEST_BYTES = 2000 };

typedef struct {
	uint8_t bytes[LONGEST_BYTES];
	const char *user;
	stun_key *key;
} stranger;

static size_t write_noise(stranger *stranger, uint8_t first, size_t length)
{
	RAND_bytes(stranger->bytes, 64);
	stranger->bytes[0] = first;
	return length;
}

static size_t write_random(stranger *stranger)
{
	return write_noise(stranger, (uint8_t)rand(), 1 + (size_t)rand() % 1200);
}

static size_t write_rtp(stranger *stranger)
{
	return write_noise(stranger, 0x80, 1000);
}

static size_t write_dtls(stranger *stranger)
{
	return write_noise(stranger, 22, 200);
}

static size_t write_oversized(stranger *stranger)
{
	return write_noise(stranger, 0x80, LONGEST_BYTES);
}

static size_t write_broken_stun(stranger *stranger)
{
	size_t length = write_noise(stranger, 0, 20 + 4 * ((size_t)rand() % 11));
	bytes_put16(stranger->bytes, 1);
	bytes_put16(stranger->bytes + 2, (uint16_t)(length - 20));
	bytes_put32(stranger->bytes + 4, 0x2112a442);
	return length;
}

static size_t write_check(stranger *stranger)
{
	uint8_t transaction[STUN_TRANSACTION_BYTES];
	RAND_bytes(transaction, sizeof(transaction));
	return stun_write_request(stranger->bytes,
		&(stun_request){ .transaction = transaction,
			.user = stranger->user,
			.role = STUN_ROLE_CONTROLLING,
			.is_nominating = TRUE },
		stranger->key);
}

static size_t (*const kinds[])(
	stranger *stranger) = { write_random, write_rtp, write_dtls, write_oversized, write_broken_stun, write_check };

static gboolean open_sources(int sources[SOURCES], const char *text, uint16_t port)
{
	address address;
	gboolean is_open = address_parse(&address, text, port);
	for (guint i = 0; i < SOURCES && is_open; i++) {
		sources[i] = socket(address.family, SOCK_DGRAM, 0);
		is_open = sources[i] >= 0 && connect(sources[i], &address.any, address_size(&address)) == 0;
	}
	return is_open;
}

int main(int argc, char **argv)
{
	int sources[SOURCES];
	if (argc < 5 || !open_sources(sources, argv[1], (uint16_t)atoi(argv[2]))) {
		fprintf(stderr, "flood ADDRESS PORT PACKETS_PER_SECOND SECONDS [USER]\n");
		return EXIT_FAILURE;
	}
	stranger stranger = { .user = argc > 5 ? argv[5] : "nobodynobody:us", .key = stun_key_new("what could it be") };
	int64_t start_us = g_get_monotonic_time(), passed_us = 0, rate = atoi(argv[3]), end_us = atoi(argv[4]) * G_USEC_PER_SEC;
	guint64 sent = 0, tried = 0;
	for (; passed_us < end_us; passed_us = g_get_monotonic_time() - start_us) {
		for (; tried < (guint64)(rate * passed_us / G_USEC_PER_SEC); tried++) {
			size_t length = kinds[tried % G_N_ELEMENTS(kinds)](&stranger);
			sent += send(sources[tried / 7 % SOURCES], stranger.bytes, length, MSG_DONTWAIT) > 0;
		}
		g_usleep(BATCH_MS * 1000);
	}
	printf("%" G_GUINT64_FORMAT "\n", sent);
	stun_key_free(stranger.key);
	return EXIT_SUCCESS;
}
