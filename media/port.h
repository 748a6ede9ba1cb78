/* SPDX-License-Identifier: EUPL-1.2 */
/* The one UDP port for all rooms: the addresses it is bound at, and a socket of each worker on each of them.
 *
 * Worker 0's sockets are bound from the beginning and keep the number ours: they refuse to share it with another process. The
 * others' come and go with the people on that worker (intake.h), so that an idle one is never woken.
 * Each address has sockets of its own: what came to it is answered from it.
 * Thread: any; nothing but the exchange changes after port_new(). */
#pragma once
#include "media/exchange.h"

typedef struct port port;

typedef struct {
	const char *const *addresses; /* to bind to, NULL-ended; NULL: each of the machine's that others can reach */
	const char *const *advertise; /* to name to clients instead; NULL: the bound ones */
	uint16_t number;              /* 0: the kernel chooses */
	guint workers;
} port_options;

/* (transfer full), NULL with MEDIA_ERROR_TRANSPORT. */
port *port_new(const port_options *options, GError **error);
/* After all intakes. */
void port_free(port *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(port, port_free)

uint16_t port_number(const port *port);
/* "1 1 udp 2130706431 192.0.2.1 10000 typ host" …, NULL-ended. */
const char *const *port_candidates(const port *port);
/* NULL: there is one worker only. */
exchange *port_exchange(const port *port);

/* How many addresses, at most PORT_BINDINGS_MAX, and worker 0's socket at one of them: borrowed, any worker may send on it. */
guint port_binding_count(const port *port);
int port_socket(const port *port, guint binding);
/* Another socket of the same address and number: (transfer full), -1 when the system gives none. */
int port_open_socket(const port *port, guint binding);
