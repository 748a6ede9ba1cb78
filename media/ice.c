/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/ice-private.h"

ice *ice_new(const ice_options *options, const ice_loop *loop, const ice_events *events, void *data, GError **error)
{
	ice *ice = loop->intake != NULL ? ice_lite_new(loop->intake) : ice_nice_new(options, loop->context, error);
	if (ice == NULL)
		return NULL;
	ice->loop = loop;
	ice->events = events;
	ice->data = data;
	return ice;
}

void ice_free(ice *ice)
{
	if (ice == NULL)
		return;
	if (ice->is_attached)
		ice_detach(ice);
	ice->kind->free(ice);
}

const char *ice_ufrag(const ice *ice)
{
	return ice->ufrag;
}

const char *ice_password(const ice *ice)
{
	return ice->password;
}

const char *const *ice_candidates(const ice *ice)
{
	return ice->candidates;
}

gboolean ice_is_lite(const ice *ice)
{
	return ice->kind->is_lite;
}

gboolean ice_set_remote(ice *ice, const char *ufrag, const char *password)
{
	return ice->kind->set_remote(ice, ufrag, password);
}

gboolean ice_restart(ice *ice)
{
	return ice->kind->restart(ice);
}

void ice_attach(ice *ice, const ice_loop *loop)
{
	ice->loop = loop;
	ice->kind->attach(ice);
	ice->is_attached = TRUE;
}

void ice_detach(ice *ice)
{
	outbox_flush(ice->loop->outbox);
	ice->kind->detach(ice);
	ice->is_attached = FALSE;
}

int64_t ice_consent_us(const ice *ice)
{
	return ice->consent_us;
}

uint8_t *ice_reserve(ice *ice)
{
	return ice->way != NULL ? outbox_reserve(ice->loop->outbox) : NULL;
}

void ice_commit(ice *ice, size_t length)
{
	outbox_commit(ice->loop->outbox, ice->way, length);
}
