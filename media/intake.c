/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/intake.h"
#include "media/limits.h"
#include "media/stun.h"
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* What the last moments brought: decides between being woken and gathering. */
typedef struct {
	gboolean is_gathering;
	int64_t since_us;
	guint wake_ups, datagrams;
} pace;

typedef struct {
	GSource source;
	intake *intake;
} intake_source;

struct intake {
	port *port;
	guint number;
	counters *counters;
	routes *guests;
	guint users;                    /* keys; and, of worker 0, the port itself */
	int sockets[PORT_BINDINGS_MAX]; /* valid while there are users */
	void *tags[PORT_BINDINGS_MAX];
	uint32_t dropped[PORT_BINDINGS_MAX]; /* by the kernel: already counted */
	int timer;
	void *timer_tag, *inbox_tag;
	GSource *source;
	pace pace;
	guint stray_count;
	stray strays[INTAKE_BATCH];
	struct mmsghdr messages[INTAKE_BATCH];
	struct iovec vectors[INTAKE_BATCH];
	datagram datagrams[INTAKE_BATCH];
	uint8_t bytes[INTAKE_BATCH][MEDIA_PACKET_MAX_BYTES];
};

/* ---- whose is it */

/* FALSE when nobody could be meant. */
static gboolean read_key(const datagram *datagram, route_key *key)
{
	stun_message message;
	if (!stun_is(datagram->data, datagram->length)) {
		*key = route_key_address(&datagram->from);
		return TRUE;
	}
	if (!stun_parse(&message, datagram->data, datagram->length) || message.class != STUN_REQUEST || message.user == NULL)
		return FALSE;
	const char *colon = memchr(message.user, ':', message.user_length);
	*key = route_key_ufrag(message.user, colon != NULL ? (size_t)(colon - message.user) : 0);
	return colon != NULL;
}

static void take(intake *intake, const datagram *datagram, int64_t now_us)
{
	route_key key;
	gboolean is_known = read_key(datagram, &key);
	intake_guest *guest = is_known ? routes_find(intake->guests, &key) : NULL;
	if (guest != NULL)
		guest->receive(guest, datagram, now_us);
	else if (is_known && port_exchange(intake->port) != NULL)
		intake->strays[intake->stray_count++] = (stray){ datagram, key };
	else
		intake_count(intake, COUNTER_STRANGE);
}

static void hand_over_strays(intake *intake)
{
	if (intake->stray_count > 0)
		exchange_hand_over(
			port_exchange(intake->port), intake->number, intake->strays, intake->stray_count, intake->counters);
	intake->stray_count = 0;
}

/* ---- what came */

static void take_batch(intake *intake, guint count, guint binding, int64_t now_us)
{
	for (guint i = 0; i < count; i++) {
		datagram *datagram = &intake->datagrams[i];
		if (intake->messages[i].msg_hdr.msg_flags & MSG_TRUNC) {
			intake_count(intake, COUNTER_OVERSIZED);
			continue;
		}
		datagram->length = (uint16_t)intake->messages[i].msg_len;
		datagram->binding = (uint16_t)binding;
		take(intake, datagram, now_us);
	}
	hand_over_strays(intake);
}

static guint receive(intake *intake, guint binding, int64_t now_us)
{
	guint total = 0;
	int count = INTAKE_BATCH;
	while (count == INTAKE_BATCH && total < INTAKE_BATCH * INTAKE_ROUNDS) {
		for (guint i = 0; i < INTAKE_BATCH; i++)
			intake->messages[i].msg_hdr.msg_namelen = sizeof(address);
		count = recvmmsg(intake->sockets[binding], intake->messages, INTAKE_BATCH, MSG_DONTWAIT, NULL);
		if (count <= 0)
			break;
		take_batch(intake, (guint)count, binding, now_us);
		total += (guint)count;
	}
	return total;
}

/* From other workers. Nobody here has what is strange now: it left on the way. */
static guint receive_inbox(intake *intake, int64_t now_us)
{
	guint count = 0;
	if (port_exchange(intake->port) == NULL)
		return 0;
	const datagram *datagrams = exchange_take(port_exchange(intake->port), intake->number, &count);
	for (guint i = 0; i < count; i++) {
		take(intake, &datagrams[i], now_us);
		if (intake->stray_count == INTAKE_BATCH)
			hand_over_strays(intake);
	}
	hand_over_strays(intake);
	return count;
}

/* ---- when to look */

static void listen_to(intake *intake, GIOCondition sockets, GIOCondition timer)
{
	for (guint i = 0; i < port_binding_count(intake->port) && intake->users > 0; i++)
		g_source_modify_unix_fd(intake->source, intake->tags[i], sockets);
	if (intake->inbox_tag != NULL)
		g_source_modify_unix_fd(intake->source, intake->inbox_tag, sockets);
	g_source_modify_unix_fd(intake->source, intake->timer_tag, timer);
}

static void arm(intake *intake)
{
	const struct itimerspec wait = { .it_value.tv_nsec = INTAKE_GATHER_US * 1000 };
	timerfd_settime(intake->timer, 0, &wait, NULL); /* forgets the last expiry, too */
}

static void set_gathering(intake *intake, gboolean is_gathering)
{
	if (intake->pace.is_gathering != is_gathering)
		listen_to(intake, is_gathering ? 0 : G_IO_IN, is_gathering ? G_IO_IN : 0);
	intake->pace.is_gathering = is_gathering;
}

/* Gathering begins when it would spare enough wake-ups, and ends when it could spare no more so many. */
static void keep_pace(intake *intake, guint count, int64_t now_us)
{
	pace *pace = &intake->pace;
	pace->wake_ups++;
	pace->datagrams += count;
	int64_t passed_us = now_us - pace->since_us;
	if (passed_us >= INTAKE_PACE_WINDOW_US) {
		guint arrivals = pace->is_gathering ? pace->datagrams : pace->wake_ups;
		set_gathering(intake, arrivals > passed_us / INTAKE_GATHER_US * INTAKE_GATHER_MIN);
		pace->since_us = now_us;
		pace->wake_ups = pace->datagrams = 0;
	}
	if (pace->is_gathering)
		arm(intake);
}

static gboolean dispatch(GSource *source, GSourceFunc function, void *data)
{
	(void)function, (void)data;
	intake *intake = ((intake_source *)source)->intake;
	int64_t now_us = g_source_get_time(source);
	guint count = receive_inbox(intake, now_us);
	for (guint i = 0; i < port_binding_count(intake->port) && intake->users > 0; i++) {
		if (intake->pace.is_gathering || g_source_query_unix_fd(source, intake->tags[i]) != 0)
			count += receive(intake, i, now_us);
	}
	counters_add(intake->counters, COUNTER_WAKE_UPS, 1);
	keep_pace(intake, count, now_us);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs functions = { .dispatch = dispatch };

/* ---- sockets */

/* A worker that cannot have one of its own is handed its datagrams by worker 0, and sends on that one's. */
static int own_socket(const intake *intake, guint binding)
{
	int fd = intake->number > 0 ? port_open_socket(intake->port, binding) : -1;
	return fd >= 0 ? fd : port_socket(intake->port, binding);
}

static void open_sockets(intake *intake)
{
	for (guint i = 0; i < port_binding_count(intake->port); i++) {
		intake->sockets[i] = own_socket(intake, i);
		intake->dropped[i] = 0;
		intake->tags[i] =
			g_source_add_unix_fd(intake->source, intake->sockets[i], intake->pace.is_gathering ? 0 : G_IO_IN);
	}
}

static void close_sockets(intake *intake)
{
	for (guint i = 0; i < port_binding_count(intake->port); i++) {
		g_source_remove_unix_fd(intake->source, intake->tags[i]);
		if (intake->sockets[i] != port_socket(intake->port, i))
			close(intake->sockets[i]);
	}
}

/* ---- life */

static void prepare_messages(intake *intake)
{
	for (guint i = 0; i < INTAKE_BATCH; i++) {
		intake->datagrams[i].data = intake->bytes[i];
		intake->vectors[i] = (struct iovec){ intake->bytes[i], MEDIA_PACKET_MAX_BYTES };
		intake->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &intake->datagrams[i].from,
			.msg_iov = &intake->vectors[i],
			.msg_iovlen = 1,
		};
	}
}

intake *intake_new(port *port, guint number, GMainContext *context, counters *counters)
{
	intake *intake = g_new0(struct intake, 1);
	intake->port = port;
	intake->number = number;
	intake->counters = counters;
	intake->guests = routes_new();
	intake->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (intake->timer < 0)
		g_error("no timerfd");
	prepare_messages(intake);
	intake->source = g_source_new(&functions, sizeof(intake_source));
	((intake_source *)intake->source)->intake = intake;
	intake->timer_tag = g_source_add_unix_fd(intake->source, intake->timer, 0);
	if (port_exchange(port) != NULL)
		intake->inbox_tag = g_source_add_unix_fd(intake->source, exchange_fd(port_exchange(port), number), G_IO_IN);
	if (number == 0) { /* these keep the number ours, and the kernel gives them their share whoever is here */
		intake->users = 1;
		open_sockets(intake);
	}
	/* Otherwise GLib takes our descriptors out of the poll and puts them back around each dispatch, and wakes itself each time. */
	g_source_set_can_recurse(intake->source, TRUE);
	g_source_attach(intake->source, context);
	return intake;
}

void intake_free(intake *intake)
{
	if (intake == NULL)
		return;
	g_source_destroy(intake->source);
	g_source_unref(intake->source);
	close(intake->timer);
	routes_free(intake->guests);
	g_free(intake);
}

gboolean intake_add(intake *intake, const route_key *key, intake_guest *guest)
{
	exchange *exchange = port_exchange(intake->port);
	if (!routes_add(intake->guests, key, guest))
		return FALSE;
	if (exchange != NULL && !exchange_claim(exchange, key, intake->number)) {
		routes_remove(intake->guests, key);
		return FALSE;
	}
	if (intake->users++ == 0)
		open_sockets(intake);
	return TRUE;
}

void intake_remove(intake *intake, const route_key *key)
{
	routes_remove(intake->guests, key);
	if (port_exchange(intake->port) != NULL)
		exchange_release(port_exchange(intake->port), key);
	if (--intake->users == 0)
		close_sockets(intake);
}

port *intake_port(const intake *intake)
{
	return intake->port;
}

int intake_socket(const intake *intake, guint binding)
{
	return intake->sockets[binding];
}

void intake_count(intake *intake, counter counter)
{
	counters_add(intake->counters, counter, 1);
}

void intake_count_overflow(intake *intake)
{
	for (guint i = 0; i < port_binding_count(intake->port) && intake->users > 0; i++) {
		uint32_t information[SK_MEMINFO_VARS];
		socklen_t size = sizeof(information);
		if (getsockopt(intake->sockets[i], SOL_SOCKET, SO_MEMINFO, information, &size) != 0)
			continue;
		counters_add(intake->counters, COUNTER_OVERFLOWED, information[SK_MEMINFO_DROPS] - intake->dropped[i]);
		intake->dropped[i] = information[SK_MEMINFO_DROPS];
	}
}
