/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/exchange.h"
#include "media/limits.h"
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { NOBODY = 0 }; /* workers count from 1 in the table, whose NULL means that nobody has a key */

typedef struct batch {
	guint count;
	datagram datagrams[INBOX_DATAGRAMS_MAX];
	uint8_t bytes[INBOX_DATAGRAMS_MAX][MEDIA_PACKET_MAX_BYTES];
} batch;

/* One batch is filled by others while the worker reads the other. */
typedef struct {
	GMutex mutex;
	int fd;
	batch *filling, *reading;
} inbox;

struct exchange {
	GMutex mutex;
	routes *owners;
	guint worker_count;
	inbox inboxes[];
};

static batch *batch_new(void)
{
	batch *batch = g_new0(struct batch, 1);
	for (guint i = 0; i < INBOX_DATAGRAMS_MAX; i++)
		batch->datagrams[i].data = batch->bytes[i];
	return batch;
}

exchange *exchange_new(guint workers)
{
	exchange *exchange = g_malloc0(sizeof(*exchange) + workers * sizeof(inbox));
	g_mutex_init(&exchange->mutex);
	exchange->owners = routes_new();
	exchange->worker_count = workers;
	for (inbox *inbox = exchange->inboxes; inbox < exchange->inboxes + workers; inbox++) {
		g_mutex_init(&inbox->mutex);
		inbox->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		inbox->filling = batch_new();
		inbox->reading = batch_new();
		if (inbox->fd < 0)
			g_error("no eventfd");
	}
	return exchange;
}

void exchange_free(exchange *exchange)
{
	if (exchange == NULL)
		return;
	for (inbox *inbox = exchange->inboxes; inbox < exchange->inboxes + exchange->worker_count; inbox++) {
		close(inbox->fd);
		g_free(inbox->filling);
		g_free(inbox->reading);
		g_mutex_clear(&inbox->mutex);
	}
	routes_free(exchange->owners);
	g_mutex_clear(&exchange->mutex);
	g_free(exchange);
}

gboolean exchange_claim(exchange *exchange, const route_key *key, guint worker)
{
	g_mutex_lock(&exchange->mutex);
	gboolean is_free = routes_add(exchange->owners, key, GUINT_TO_POINTER(worker + 1));
	g_mutex_unlock(&exchange->mutex);
	return is_free;
}

void exchange_release(exchange *exchange, const route_key *key)
{
	g_mutex_lock(&exchange->mutex);
	routes_remove(exchange->owners, key);
	g_mutex_unlock(&exchange->mutex);
}

/* Returns how many found no room. */
static guint fill(inbox *inbox, const stray *strays, const guint8 *owners, guint count, guint8 owner)
{
	guint lost = 0;
	g_mutex_lock(&inbox->mutex);
	batch *batch = inbox->filling;
	gboolean was_empty = batch->count == 0;
	for (guint i = 0; i < count; i++) {
		if (owners[i] != owner)
			continue;
		if (batch->count == INBOX_DATAGRAMS_MAX) {
			lost++;
			continue;
		}
		datagram *copy = &batch->datagrams[batch->count];
		*copy = *strays[i].datagram;
		copy->data = memcpy(batch->bytes[batch->count++], strays[i].datagram->data, strays[i].datagram->length);
	}
	gboolean is_to_be_woken = was_empty && batch->count > 0;
	g_mutex_unlock(&inbox->mutex);
	if (is_to_be_woken && eventfd_write(inbox->fd, 1) < 0)
		g_error("eventfd is gone");
	return lost;
}

void exchange_hand_over(exchange *exchange, guint worker, const stray *strays, guint count, counters *counters)
{
	guint8 owners[INTAKE_BATCH];
	guint known[MEDIA_WORKERS_MAX + 1] = { 0 };
	g_mutex_lock(&exchange->mutex);
	for (guint i = 0; i < count; i++) {
		owners[i] = (guint8)GPOINTER_TO_UINT(routes_find(exchange->owners, &strays[i].key));
		known[owners[i]]++;
	}
	g_mutex_unlock(&exchange->mutex);
	counters_add(counters, COUNTER_STRANGE, known[NOBODY] + known[worker + 1]);
	for (guint other = 1; other <= exchange->worker_count; other++) {
		if (known[other] == 0 || other == worker + 1)
			continue;
		guint lost = fill(&exchange->inboxes[other - 1], strays, owners, count, (guint8)other);
		counters_add(counters, COUNTER_OVERFLOWED, lost);
		counters_add(counters, COUNTER_HANDED_OVER, known[other] - lost);
	}
}

int exchange_fd(const exchange *exchange, guint worker)
{
	return exchange->inboxes[worker].fd;
}

const datagram *exchange_take(exchange *exchange, guint worker, guint *count)
{
	inbox *inbox = &exchange->inboxes[worker];
	eventfd_t ignored;
	g_mutex_lock(&inbox->mutex);
	batch *batch = inbox->filling;
	if (batch->count > 0)
		eventfd_read(inbox->fd, &ignored);
	inbox->filling = inbox->reading;
	inbox->filling->count = 0;
	inbox->reading = batch;
	g_mutex_unlock(&inbox->mutex);
	*count = batch->count;
	return batch->datagrams;
}
