/* SPDX-License-Identifier: EUPL-1.2 */
/* What both kinds of ice have in common, for ice.c, ice-lite.c and ice-nice.c only. */
#pragma once
#include "media/ice.h"

/* Each as the function of ice.h. */
typedef struct {
	gboolean is_lite;
	void (*free)(ice *ice);
	gboolean (*set_remote)(ice *ice, const char *ufrag, const char *password);
	gboolean (*restart)(ice *ice);
	void (*attach)(ice *ice);
	void (*detach)(ice *ice);
} ice_kind;

struct ice {
	const ice_kind *kind;
	const ice_loop *loop; /* where it is attached, or will be */
	gboolean is_attached;
	const ice_events *events;
	void *data;
	const char *ufrag, *password;
	const char *const *candidates;
	outbox_way *way; /* NULL: none */
	int64_t consent_us;
};

/* `intake` names the candidates. */
ice *ice_lite_new(const intake *intake);
ice *ice_nice_new(const ice_options *options, GMainContext *context, GError **error);
