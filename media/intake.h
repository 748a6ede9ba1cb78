/* SPDX-License-Identifier: EUPL-1.2 */
/* A worker's end of the one port: takes datagrams in batches, and gives each to the guest it belongs to.
 *
 * A check goes by the user name it carries, everything else by the address it comes from; guests add an address only after it
 * proved the password. Of a stranger nothing is kept and nothing is answered: it is counted.
 * At low rates each arrival wakes the worker. When arrivals come faster than a wake-up is worth, they gather for GATHER_US
 * (limits.h): then wake-ups do not grow with the number of rooms. Sockets but worker 0's are open only while there are guests.
 * Thread: the worker's, but intake_new() and intake_free() (when it does not run). */
#pragma once
#include "media/port.h"

typedef struct intake intake;

/* Who takes datagrams. It must not remove another guest from inside. */
typedef struct intake_guest {
	/* `datagram` may be written to, until it returns. */
	void (*receive)(struct intake_guest *guest, const datagram *datagram, int64_t now_us);
} intake_guest;

/* Worker `number`'s. `port` and `counters` outlive it. */
intake *intake_new(port *port, guint number, GMainContext *context, counters *counters);
void intake_free(intake *intake);

/* FALSE when another guest has the key, here or on another worker. */
gboolean intake_add(intake *intake, const route_key *key, intake_guest *guest);
void intake_remove(intake *intake, const route_key *key);

port *intake_port(const intake *intake);
/* The socket to send on, for what goes back to where a datagram came to. Borrowed, while there are guests. */
int intake_socket(const intake *intake, guint binding);
void intake_count(intake *intake, counter counter);
/* Now and then: count what the kernel dropped because the buffers of this worker's sockets were full. */
void intake_count_overflow(intake *intake);
