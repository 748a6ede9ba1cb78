/* SPDX-License-Identifier: EUPL-1.2 */
/* An IP address with its port, of either family, as the kernel takes it. A value; thread: any. */
#pragma once
#include <glib.h>
#include <netinet/in.h>

typedef union {
	sa_family_t family; /* AF_INET, AF_INET6; 0: none */
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} address;

enum { ADDRESS_TEXT_BYTES = INET6_ADDRSTRLEN };

/* "192.0.2.1" or "2001:db8::1". FALSE when it is neither. */
gboolean address_parse(address *address, const char *text, uint16_t port);
/* The same without the port. */
void address_print(const address *address, char text[ADDRESS_TEXT_BYTES]);
uint16_t address_port(const address *address);
/* What sendmsg() wants to know. */
socklen_t address_size(const address *address);
gboolean address_equal(const address *a, const address *b);
/* Whether a stranger elsewhere could use it: neither loopback, link-local, nor unspecified. */
gboolean address_is_reachable(const address *address);
