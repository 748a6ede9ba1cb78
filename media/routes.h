/* SPDX-License-Identifier: EUPL-1.2 */
/* Who a datagram belongs to: by the address it comes from, or by the user name of a check.
 *
 * A hash table of fixed size with open addressing and a secret key (strangers choose addresses): a lookup allocates nothing and
 * looks at a few neighbours. Only what proved its password is ever put in.
 * Thread: one at a time. */
#pragma once
#include "media/address.h"

enum { ROUTES_UFRAG_BYTES = 20 };

/* An address or a user name fragment. Compared byte by byte: make it by the functions below. */
typedef struct {
	uint8_t bytes[24];
} route_key;
route_key route_key_address(const address *address);
/* Only the first ROUTES_UFRAG_BYTES count; ours are shorter. */
route_key route_key_ufrag(const char *ufrag, size_t length);

typedef struct routes routes;
routes *routes_new(void);
void routes_free(routes *routes);

/* NULL when nobody has it. */
void *routes_find(const routes *routes, const route_key *key);
/* FALSE when somebody has the key already, or the table is as full as it may be. */
gboolean routes_add(routes *routes, const route_key *key, void *owner);
void routes_remove(routes *routes, const route_key *key);
