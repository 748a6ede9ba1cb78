/* SPDX-License-Identifier: EUPL-1.2 */
/* All open WebSockets, and who among them shows what.
 *
 * A connection says which topics its view depends on; a touched topic makes it load its view again. The hub also knows when
 * the first page of a participant opened and the last one closed. Thread: the loop's. */
#pragma once
#include "signaling/connection.h"

typedef struct hub hub;

hub *hub_new(app *app);
/* All connections are closed before. */
void hub_free(hub *hub);

void hub_add(hub *hub, connection *connection);
void hub_remove(hub *hub, connection *connection);
/* The connection with this number if it is still open. */
connection *hub_find(const hub *hub, guint64 number);
guint hub_count(const hub *hub);
guint hub_count_of_address(const hub *hub, const char *address);

/* From now on `connection` (re)loads its view when one of `topics` is touched. Takes `topics`: a set of strings. */
void hub_follow(hub *hub, connection *connection, GHashTable *topics);
/* `connection` turned out to be of this participant at this device: their presence begins. */
void hub_arrived(hub *hub, connection *connection, const char *participant, const char *peer);

void hub_touch(hub *hub, const char *topic);
void hub_send(hub *hub, const char *peer, const json_t *event);
void hub_close_all(hub *hub);
