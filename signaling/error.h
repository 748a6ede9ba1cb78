/* SPDX-License-Identifier: EUPL-1.2 */
/* Errors of this folder, and the one table by which every folder's errors become the protocol's. */
#pragma once
#include <glib.h>
#include <jansson.h>

#define SIGNALING_ERROR (signaling_error_quark())
GQuark signaling_error_quark(void);
typedef enum {
	SIGNALING_ERROR_INPUT,      /* the message names the member: "persons[0].email: must be a mail address" */
	SIGNALING_ERROR_NOT_FOUND,  /* does not exist, or the caller may not see it: never told apart */
	SIGNALING_ERROR_SIGNED_OUT, /* the operation needs somebody who is signed in */
	SIGNALING_ERROR_CSRF,       /* the request did not come from our own page */
	SIGNALING_ERROR_RATE,       /* too often */
	SIGNALING_ERROR_STATE,      /* not now: the object's state does not allow it; the eight below say which */
	SIGNALING_ERROR_NOT_MEETING,
	SIGNALING_ERROR_SESSION_OPEN,
	SIGNALING_ERROR_ROOM_NOT_ATTESTED,
	SIGNALING_ERROR_TRAINING_EXPIRED,
	SIGNALING_ERROR_NOT_RECORDED,
	SIGNALING_ERROR_NO_PICTURE,
	SIGNALING_ERROR_PICTURE_LATE,
	SIGNALING_ERROR_ELSEWHERE,
	SIGNALING_ERROR_LINK_LOCKED, /* too many wrong dates of birth */
	SIGNALING_ERROR_LIMIT,       /* so many there may be, and no more */
	SIGNALING_ERROR_CREDENTIALS, /* login or password is wrong */
	SIGNALING_ERROR_MEDIA,       /* the media server is away */
	SIGNALING_ERROR_REFUSED,     /* the media server refused; the message says why */
	SIGNALING_ERROR_BUSY,        /* the server is full or stopping: again in a moment */
	SIGNALING_ERROR_NOT_READY,   /* named in the protocol, not built in */
} signaling_error;

/* How an error is told to a client. `code` is stable and for programs; `key` says more exactly what is refused, and the pages have
 * a text for it in each language; `text` is the English sentence; `field` names the input's member, `rule` the rule of the
 * procedure ("V-31"). */
typedef struct {
	const char *code;
	guint http_status;
	const char *key; /* NULL: the code */
} error_kind;

const error_kind *error_kind_of(const GError *error);
/* Returns (transfer full) {"code","key","text","field"?,"rule"?}. Internal errors get a general text: their message is logged
 * by the router and never sent. */
json_t *error_to_json(const GError *error);
