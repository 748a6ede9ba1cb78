/* SPDX-License-Identifier: EUPL-1.2 */
/* `jawort media`: the process that forwards audio and video between the people of a room.
 *
 *   jawort media --control=PATH [--recordings=FOLDER] [--addresses=IP,IP] [--advertise=IP] [--ports=FIRST-LAST] [--workers=N] [--log-format=json]
 *
 *   control     the Unix socket on which `serve` commands it (media/control.h); created 0600, a stale one is replaced
 *   addresses   bind to these addresses only; without it every interface but loopback
 *   advertise   name this address to the clients instead of the bound one (a server behind 1:1 NAT)
 *   ports       the UDP ports to take, one a peer; without it the kernel chooses
 *   workers     threads that forward; 0: one a processor
 *
 * Runs until SIGTERM or SIGINT, then closes its peers and lets the recorders finish. It keeps nothing: after its death `serve`
 * starts another and builds peers, rooms and recordings anew. When `serve` dies the calls go on, and the next one connects.
 * Returns the exit status: 0 ended by signal, 1 could not start (said on stderr), 2 wrong options. */
#pragma once

int media_process(int argc, char **argv);
