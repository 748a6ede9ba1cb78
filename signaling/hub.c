/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/hub.h"

#include "core/clock.h"
#include "core/log.h"
#include "signaling/error.h"
#include "signaling/presence.h"

/* RFC 6455 registry: come back soon. libwebsockets 4.1 has no name for it. */
#define SERVICE_RESTART 1012

struct hub {
	app *app;
	GHashTable *connections;  /* number to connection */
	GHashTable *followers;    /* topic to set of connections */
	GHashTable *participants; /* participant to set of connections */
	GHashTable *addresses;    /* address to count */
};

static void set_add(GHashTable *sets, const char *key, gpointer member)
{
	GHashTable *set = g_hash_table_lookup(sets, key);
	if (set == NULL) {
		set = g_hash_table_new(NULL, NULL);
		g_hash_table_insert(sets, g_strdup(key), set);
	}
	g_hash_table_add(set, member);
}

/* TRUE when the set became empty and is gone. */
static gboolean set_remove(GHashTable *sets, const char *key, gpointer member)
{
	GHashTable *set = g_hash_table_lookup(sets, key);
	if (set == NULL || !g_hash_table_remove(set, member) || g_hash_table_size(set) > 0)
		return FALSE;
	g_hash_table_remove(sets, key);
	return TRUE;
}

static GHashTable *sets_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

hub *hub_new(app *app)
{
	hub *hub = g_new0(struct hub, 1);
	hub->app = app;
	hub->connections = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	hub->followers = sets_new();
	hub->participants = sets_new();
	hub->addresses = sets_new();
	return hub;
}

void hub_free(hub *hub)
{
	if (hub == NULL)
		return;
	g_hash_table_unref(hub->connections);
	g_hash_table_unref(hub->followers);
	g_hash_table_unref(hub->participants);
	g_hash_table_unref(hub->addresses);
	g_free(hub);
}

void hub_add(hub *hub, connection *connection)
{
	guint64 number = connection_number(connection);
	g_hash_table_insert(hub->connections, g_memdup2(&number, sizeof(number)), connection);
	set_add(hub->addresses, connection_address(connection), connection);
}

/* What the database shall know of a participant's page. */
typedef struct {
	char *participant;
	char *peer; /* NULL: the last page closed */
} arrival;

static gboolean store_arrival(db *db, gpointer data, GError **error)
{
	arrival *arrival = data;
	return arrival->peer != NULL ? presence_open_page(db, arrival->participant, arrival->peer, clock_now_ms(), error)
				     : presence_close_page(db, arrival->participant, clock_now_ms(), error);
}

static void arrival_done(gpointer data, const GError *error)
{
	arrival *arrival = data;
	/* A newer device was faster: its arrival makes this page look again, and close. */
	if (error != NULL && !g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_ELSEWHERE))
		log_error("presence not stored", LOG_CAUSE(error));
	g_free(arrival->participant);
	g_free(arrival->peer);
	g_free(arrival);
}

static void write_arrival(hub *hub, const char *participant, const char *peer)
{
	arrival *data = g_new(arrival, 1);
	*data = (arrival){ g_strdup(participant), g_strdup(peer) };
	store_write(app_store(hub->app), store_arrival, arrival_done, data);
}

static void unfollow(hub *hub, connection *connection)
{
	if (connection_topics(connection) == NULL)
		return;
	GHashTableIter iterator;
	gpointer topic;
	g_hash_table_iter_init(&iterator, connection_topics(connection));
	while (g_hash_table_iter_next(&iterator, &topic, NULL))
		set_remove(hub->followers, topic, connection);
}

void hub_remove(hub *hub, connection *connection)
{
	guint64 number = connection_number(connection);
	unfollow(hub, connection);
	g_hash_table_remove(hub->connections, &number);
	set_remove(hub->addresses, connection_address(connection), connection);
	const char *participant = connection_participant(connection);
	if (participant != NULL && set_remove(hub->participants, participant, connection))
		write_arrival(hub, participant, NULL);
}

connection *hub_find(const hub *hub, guint64 number)
{
	return g_hash_table_lookup(hub->connections, &number);
}

guint hub_count(const hub *hub)
{
	return g_hash_table_size(hub->connections);
}

guint hub_count_of_address(const hub *hub, const char *address)
{
	GHashTable *set = g_hash_table_lookup(hub->addresses, address);
	return set == NULL ? 0 : g_hash_table_size(set);
}

void hub_follow(hub *hub, connection *connection, GHashTable *topics)
{
	unfollow(hub, connection);
	GHashTableIter iterator;
	gpointer topic;
	g_hash_table_iter_init(&iterator, topics);
	while (g_hash_table_iter_next(&iterator, &topic, NULL))
		set_add(hub->followers, topic, connection);
	connection_set_topics(connection, topics);
}

/* Two windows of one browser would take each other's call away: the one opened last stays. */
static void close_earlier(hub *hub, const char *participant, const char *peer)
{
	GHashTable *set = g_hash_table_lookup(hub->participants, participant);
	GHashTableIter iterator;
	gpointer other;
	if (set == NULL)
		return;
	g_hash_table_iter_init(&iterator, set);
	while (g_hash_table_iter_next(&iterator, &other, NULL))
		if (g_strcmp0(connection_peer(other), peer) == 0)
			connection_close_elsewhere(other);
}

void hub_arrived(hub *hub, connection *connection, const char *participant, const char *peer)
{
	connection_set_participant(connection, participant, peer);
	close_earlier(hub, participant, peer);
	set_add(hub->participants, participant, connection);
	write_arrival(hub, participant, peer);
}

void hub_touch(hub *hub, const char *topic)
{
	GHashTable *set = g_hash_table_lookup(hub->followers, topic);
	if (set == NULL)
		return;
	g_autoptr(GList) followers = g_hash_table_get_keys(set);
	for (GList *item = followers; item != NULL; item = item->next)
		connection_refresh(item->data);
}

void hub_send(hub *hub, const char *peer, const json_t *event)
{
	GHashTableIter iterator;
	gpointer connection;
	g_hash_table_iter_init(&iterator, hub->connections);
	while (g_hash_table_iter_next(&iterator, NULL, &connection))
		if (peer == NULL || g_strcmp0(connection_peer(connection), peer) == 0)
			connection_send(connection, json_copy((json_t *)event));
}

void hub_close_all(hub *hub)
{
	GHashTableIter iterator;
	gpointer connection;
	g_hash_table_iter_init(&iterator, hub->connections);
	while (g_hash_table_iter_next(&iterator, NULL, &connection))
		connection_close(connection, SERVICE_RESTART, "moving");
}
