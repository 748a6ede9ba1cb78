/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/address.h"
#include <arpa/inet.h>
#include <string.h>

gboolean address_parse(address *address, const char *text, uint16_t port)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->family = AF_INET;
		address->v4.sin_port = htons(port);
		return TRUE;
	}
	if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) != 1)
		return FALSE;
	address->family = AF_INET6;
	address->v6.sin6_port = htons(port);
	return TRUE;
}

void address_print(const address *address, char text[ADDRESS_TEXT_BYTES])
{
	const void *bytes = address->family == AF_INET6 ? (const void *)&address->v6.sin6_addr : &address->v4.sin_addr;
	inet_ntop(address->family, bytes, text, ADDRESS_TEXT_BYTES);
}

uint16_t address_port(const address *address)
{
	return ntohs(address->family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

socklen_t address_size(const address *address)
{
	return address->family == AF_INET6 ? sizeof(address->v6) : sizeof(address->v4);
}

gboolean address_equal(const address *a, const address *b)
{
	if (a->family != b->family)
		return FALSE;
	if (a->family == AF_INET6)
		return a->v6.sin6_port == b->v6.sin6_port &&
		       memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof(a->v6.sin6_addr)) == 0;
	return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}

gboolean address_is_reachable(const address *address)
{
	if (address->family == AF_INET6)
		return !IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr) && !IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr) &&
		       !IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
	guint32 number = ntohl(address->v4.sin_addr.s_addr);
	return address->family == AF_INET && number != INADDR_ANY && number >> 24 != IN_LOOPBACKNET && number >> 16 != 0xa9fe;
}
