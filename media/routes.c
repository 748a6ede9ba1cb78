/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/routes.h"
#include "media/limits.h"
#include <openssl/rand.h>
#include <string.h>

enum {
	SLOTS = 16384, /* a power of two */
	ROUTES_MAX = MEDIA_PEERS_MAX * (ICE_ADDRESSES_MAX + ICE_GENERATIONS),
	WORDS = sizeof(route_key) / sizeof(uint32_t),
	KIND_ADDRESS_V4 = 1,
	KIND_ADDRESS_V6,
	KIND_UFRAG,
};
G_STATIC_ASSERT(ROUTES_MAX * 3 < SLOTS * 2); /* a third stays free, so that runs are short */

typedef struct {
	route_key key;
	void *owner; /* NULL: free */
} slot;

struct routes {
	uint64_t secret[WORDS + 1];
	guint count;
	slot slots[SLOTS];
};

route_key route_key_address(const address *address)
{
	route_key key = { { address->family == AF_INET6 ? KIND_ADDRESS_V6 : KIND_ADDRESS_V4 } };
	gboolean is_v6 = address->family == AF_INET6;
	memcpy(key.bytes + 2, is_v6 ? &address->v6.sin6_port : &address->v4.sin_port, 2);
	memcpy(key.bytes + 4, is_v6 ? (const void *)&address->v6.sin6_addr : &address->v4.sin_addr, is_v6 ? 16 : 4);
	return key;
}

route_key route_key_ufrag(const char *ufrag, size_t length)
{
	route_key key = { { KIND_UFRAG } };
	memcpy(key.bytes + 4, ufrag, MIN(length, ROUTES_UFRAG_BYTES));
	return key;
}

routes *routes_new(void)
{
	routes *routes = g_new0(struct routes, 1);
	RAND_bytes((unsigned char *)routes->secret, sizeof(routes->secret));
	return routes;
}

void routes_free(routes *routes)
{
	g_free(routes);
}

/* Multilinear hashing (Lemire and Kaser, 2014): any two keys collide by chance only, whoever chose them. */
static guint hash(const routes *routes, const route_key *key)
{
	uint64_t sum = routes->secret[WORDS];
	for (guint i = 0; i < WORDS; i++) {
		uint32_t word;
		memcpy(&word, key->bytes + i * sizeof(word), sizeof(word));
		sum += routes->secret[i] * word;
	}
	return (guint)(sum >> 32) % SLOTS;
}

/* Where the key is, or else the free slot where it would go. */
static guint seek(const routes *routes, const route_key *key)
{
	guint at = hash(routes, key);
	while (routes->slots[at].owner != NULL && memcmp(&routes->slots[at].key, key, sizeof(*key)) != 0)
		at = (at + 1) % SLOTS;
	return at;
}

void *routes_find(const routes *routes, const route_key *key)
{
	return routes->slots[seek(routes, key)].owner;
}

gboolean routes_add(routes *routes, const route_key *key, void *owner)
{
	slot *slot = &routes->slots[seek(routes, key)];
	if (slot->owner != NULL || routes->count == ROUTES_MAX)
		return FALSE;
	slot->key = *key;
	slot->owner = owner;
	routes->count++;
	return TRUE;
}

void routes_remove(routes *routes, const route_key *key)
{
	guint hole = seek(routes, key);
	if (routes->slots[hole].owner == NULL)
		return;
	routes->count--;
	/* What stands behind moves up, unless the hole lies before its place: no marks of the dead remain. */
	for (guint at = (hole + 1) % SLOTS; routes->slots[at].owner != NULL; at = (at + 1) % SLOTS) {
		guint home = hash(routes, &routes->slots[at].key);
		if ((at - home) % SLOTS >= (at - hole) % SLOTS) {
			routes->slots[hole] = routes->slots[at];
			hole = at;
		}
	}
	routes->slots[hole].owner = NULL;
}
