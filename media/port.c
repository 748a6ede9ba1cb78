/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/port.h"
#include "media/error.h"
#include "media/limits.h"
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TYPE_PREFERENCE_HOST = 126, /* RFC 8445, 5.1.2.2 */
	LOCAL_PREFERENCE_MAX = 65535,
	COMPONENT = 1,
};

struct port {
	guint binding_count;
	address bindings[PORT_BINDINGS_MAX];
	int sockets[PORT_BINDINGS_MAX]; /* worker 0's */
	GPtrArray *candidates;
	exchange *exchange;
};

static void set_option(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

/* -1 with errno. Only the first socket of an address is not shared when it binds. */
static int open_socket(const address *address, gboolean is_shared)
{
	int fd = socket(address->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, is_shared);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, PORT_BUFFER_BYTES);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, PORT_BUFFER_BYTES);
	if (address->family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (bind(fd, &address->any, address_size(address)) < 0) {
		int reason = errno;
		close(fd);
		errno = reason;
		return -1;
	}
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	return fd;
}

static gboolean fail(GError **error, const char *text, const char *reason)
{
	g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "%s: %s", text, reason);
	return FALSE;
}

/* The first address chooses the number when none was given; the others take the same. */
static gboolean add_binding(port *port, address *address, GError **error)
{
	if (port->binding_count == PORT_BINDINGS_MAX)
		return fail(error, "too many addresses", "name some of them with --addresses");
	uint16_t number = port->binding_count > 0 ? port_number(port) : address_port(address);
	*(address->family == AF_INET6 ? &address->v6.sin6_port : &address->v4.sin_port) = htons(number);
	int fd = open_socket(address, FALSE);
	if (fd < 0) {
		char text[ADDRESS_TEXT_BYTES];
		address_print(address, text);
		g_autofree char *where = g_strdup_printf("UDP port %u of %s cannot be had", number, text);
		return fail(error, where, errno == EADDRINUSE ? "another program has it" : g_strerror(errno));
	}
	socklen_t size = sizeof(*address);
	getsockname(fd, &address->any, &size);
	port->sockets[port->binding_count] = fd;
	port->bindings[port->binding_count++] = *address;
	return TRUE;
}

static gboolean bind_named(port *port, const port_options *options, GError **error)
{
	for (const char *const *text = options->addresses; *text != NULL; text++) {
		address address;
		if (!address_parse(&address, *text, options->number))
			return fail(error, *text, "no address");
		if (!add_binding(port, &address, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean bind_all(port *port, const port_options *options, GError **error)
{
	struct ifaddrs *interfaces = NULL;
	gboolean is_bound = getifaddrs(&interfaces) == 0;
	for (const struct ifaddrs *one = interfaces; is_bound && one != NULL; one = one->ifa_next) {
		address address = { 0 };
		if (one->ifa_addr == NULL || (one->ifa_flags & IFF_UP) == 0)
			continue;
		if (one->ifa_addr->sa_family == AF_INET || one->ifa_addr->sa_family == AF_INET6)
			memcpy(&address, one->ifa_addr,
				one->ifa_addr->sa_family == AF_INET ? sizeof(address.v4) : sizeof(address.v6));
		address.v4.sin_port = htons(options->number); /* at the same place in both */
		if (address_is_reachable(&address))
			is_bound = add_binding(port, &address, error);
	}
	if (interfaces != NULL)
		freeifaddrs(interfaces);
	return is_bound;
}

/* Earlier ones are preferred. */
static void add_candidate(port *port, const char *address)
{
	guint index = port->candidates->len;
	guint32 priority = TYPE_PREFERENCE_HOST << 24 | (LOCAL_PREFERENCE_MAX - index) << 8 | (256 - COMPONENT);
	g_ptr_array_add(port->candidates,
		g_strdup_printf("%u %d udp %u %s %u typ host", index + 1, COMPONENT, priority, address, port_number(port)));
}

static void name_candidates(port *port, const char *const *advertise)
{
	char text[ADDRESS_TEXT_BYTES];
	for (; advertise != NULL && *advertise != NULL; advertise++)
		add_candidate(port, *advertise);
	for (guint i = 0; i < port->binding_count && advertise == NULL; i++) {
		address_print(&port->bindings[i], text);
		add_candidate(port, text);
	}
	g_ptr_array_add(port->candidates, NULL);
}

port *port_new(const port_options *options, GError **error)
{
	g_autoptr(port) port = g_new0(struct port, 1);
	port->candidates = g_ptr_array_new_with_free_func(g_free);
	if (!(options->addresses != NULL ? bind_named : bind_all)(port, options, error))
		return NULL;
	if (port->binding_count == 0) {
		fail(error, "no network address to offer", "name one with --addresses");
		return NULL;
	}
	name_candidates(port, options->advertise);
	if (options->workers > 1)
		port->exchange = exchange_new(options->workers);
	return g_steal_pointer(&port);
}

void port_free(port *port)
{
	if (port == NULL)
		return;
	for (guint i = 0; i < port->binding_count; i++)
		close(port->sockets[i]);
	g_ptr_array_unref(port->candidates);
	exchange_free(port->exchange);
	g_free(port);
}

uint16_t port_number(const port *port)
{
	return address_port(&port->bindings[0]);
}

const char *const *port_candidates(const port *port)
{
	return (const char *const *)port->candidates->pdata;
}

exchange *port_exchange(const port *port)
{
	return port->exchange;
}

guint port_binding_count(const port *port)
{
	return port->binding_count;
}

int port_socket(const port *port, guint binding)
{
	return port->sockets[binding];
}

int port_open_socket(const port *port, guint binding)
{
	return open_socket(&port->bindings[binding], TRUE);
}
