/* SPDX-License-Identifier: EUPL-1.2 */
/* The snapshots that pages show: "visit" for persons, "desk" for officers (protocol.json, views).
 *
 * A view is read from the database alone, limited to what its reader may see: an officer of another organisation gets the
 * identity data and nothing else of the case. Thread: inside a read job. */
#pragma once
#include "signaling/operation.h"

typedef struct {
	const char *name;   /* "visit" or "desk" */
	json_t *state;      /* the whole snapshot, but for now_ms */
	GHashTable *topics; /* set of strings: touched, the view may have changed */
} view;

/* `actor` is a person or staff with a desk; `peer` its device's. Returns (transfer full). */
view *view_load(app *app, db *db, const actor *actor, const char *peer, int64_t now_ms, GError **error);
void view_free(view *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(view, view_free)
