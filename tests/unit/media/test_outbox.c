/* SPDX-License-Identifier: EUPL-1.2 */
/* Through real sockets of this machine: what leaves arrives, in order, in as few messages as the kernel allows. */
#include "media/limits.h"
#include "media/outbox.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	counters counters;
	outbox *outbox;
	int fd, receivers[2];
	outbox_way ways[2];
} fixture;

static int open_socket(address *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	g_assert_true(address_parse(address, "127.0.0.1", 0));
	g_assert_cmpint(bind(fd, &address->any, address_size(address)), ==, 0);
	socklen_t size = sizeof(*address);
	g_assert_cmpint(getsockname(fd, &address->any, &size), ==, 0);
	return fd;
}

static void set_up(fixture *fixture, const void *data)
{
	(void)data;
	address own;
	fixture->outbox = outbox_new(&fixture->counters);
	fixture->fd = open_socket(&own);
	for (guint i = 0; i < 2; i++) {
		fixture->receivers[i] = open_socket(&fixture->ways[i].to);
		fixture->ways[i].fd = fixture->fd;
	}
}

static void tear_down(fixture *fixture, const void *data)
{
	(void)data;
	outbox_free(fixture->outbox);
	close(fixture->fd);
	close(fixture->receivers[0]);
	close(fixture->receivers[1]);
}

/* A datagram that says its number. */
static void put(fixture *fixture, guint receiver, size_t length, uint8_t number)
{
	memset(outbox_reserve(fixture->outbox), number, length);
	outbox_commit(fixture->outbox, &fixture->ways[receiver], length);
}

static void expect(const fixture *fixture, guint receiver, size_t length, uint8_t number)
{
	uint8_t data[MEDIA_PACKET_MAX_BYTES + 1];
	g_assert_cmpint(recv(fixture->receivers[receiver], data, sizeof(data), 0), ==, (gssize)length);
	g_assert_cmphex(data[0], ==, number);
	g_assert_cmphex(data[length - 1], ==, number);
}

static void expect_nothing(const fixture *fixture)
{
	uint8_t byte;
	for (guint i = 0; i < 2; i++)
		g_assert_cmpint(recv(fixture->receivers[i], &byte, 1, 0), ==, -1);
}

static uint64_t count(const fixture *fixture, counter counter)
{
	return counters_read(&fixture->counters, counter);
}

/* Two receivers, mixed; each gets its own in order, and equal lengths go together. */
static void test_order(fixture *fixture, const void *data)
{
	(void)data;
	static const size_t lengths[] = { 1200, 1200, 1200, 300, 90, 90, 1200, 90 };
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		put(fixture, 0, lengths[i], (uint8_t)i);
		put(fixture, 1, lengths[i], (uint8_t)(100 + i));
	}
	expect_nothing(fixture);
	outbox_flush(fixture->outbox);
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		expect(fixture, 0, lengths[i], (uint8_t)i);
		expect(fixture, 1, lengths[i], (uint8_t)(100 + i));
	}
	expect_nothing(fixture);
	g_assert_cmpuint(count(fixture, COUNTER_SENT_BATCHES), ==, 1);
	g_assert_cmpuint(count(fixture, COUNTER_SENT_MESSAGES), ==, 6); /* 1200 ×3 + 300; 90 ×2; 1200 + 90: of each */
	g_assert_cmpuint(count(fixture, COUNTER_SENT_DATAGRAMS), ==, 16);
	outbox_flush(fixture->outbox);
	g_assert_cmpuint(count(fixture, COUNTER_SENT_BATCHES), ==, 1);
}

/* More than it holds: nothing is lost or mixed. */
static void test_many(fixture *fixture, const void *data)
{
	(void)data;
	for (guint i = 0; i <= OUTBOX_DATAGRAMS_MAX; i++) /* one too many: the others leave */
		put(fixture, i % 2, 100, (uint8_t)i);
	for (guint i = 0; i < OUTBOX_DATAGRAMS_MAX; i++)
		expect(fixture, i % 2, 100, (uint8_t)i);
	expect_nothing(fixture);
	outbox_flush(fixture->outbox);
	expect(fixture, 0, 100, (uint8_t)OUTBOX_DATAGRAMS_MAX);
	expect_nothing(fixture);
	g_assert_cmpuint(count(fixture, COUNTER_UNSENT), ==, 0);
}

/* A socket without checksums cannot cut: everything goes singly. */
static void test_no_segmentation(fixture *fixture, const void *data)
{
	(void)data;
	int on = 1;
	g_assert_cmpint(setsockopt(fixture->fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), ==, 0);
	for (guint round = 0; round < 2; round++) {
		for (guint i = 0; i < 4; i++)
			put(fixture, i / 2, 1000, (uint8_t)i);
		outbox_flush(fixture->outbox);
		for (guint i = 0; i < 4; i++)
			expect(fixture, i / 2, 1000, (uint8_t)i);
	}
	g_assert_cmpuint(count(fixture, COUNTER_UNSENT), ==, 0);
}

/* What cannot be sent is counted; the others leave. */
static void test_unsent(fixture *fixture, const void *data)
{
	(void)data;
	fixture->ways[0].fd = -1;
	for (guint i = 0; i < 4; i++)
		put(fixture, i % 2, 1000, (uint8_t)i);
	outbox_flush(fixture->outbox);
	expect(fixture, 1, 1000, 1);
	expect(fixture, 1, 1000, 3);
	expect_nothing(fixture);
	g_assert_cmpuint(count(fixture, COUNTER_UNSENT), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/media/outbox/order", fixture, NULL, set_up, test_order, tear_down);
	g_test_add("/media/outbox/many", fixture, NULL, set_up, test_many, tear_down);
	g_test_add("/media/outbox/no-segmentation", fixture, NULL, set_up, test_no_segmentation, tear_down);
	g_test_add("/media/outbox/unsent", fixture, NULL, set_up, test_unsent, tear_down);
	return g_test_run();
}
