/* SPDX-License-Identifier: EUPL-1.2 */
/* What a session should look like in media, read from the database. Thread: inside a read job. */
#pragma once
#include "signaling/session.h"

/* What should be done about the recording. */
typedef enum {
	SCORE_RECORD_NOTHING, /* leave it as it is */
	SCORE_RECORD_ON,
	SCORE_RECORD_PAUSED,    /* somebody without consent is in the room */
	SCORE_RECORD_STOPPED,   /* the session is not live any more */
	SCORE_RECORD_DESTROYED, /* a consent was withdrawn */
} score_record;

typedef struct {
	char *peer;
	char *name; /* "partner_1" … "officer": as files and tracks are named */
	gboolean is_media_up;
	gboolean is_apart; /* questioned in the other room (apart.h) */
} score_member;

typedef struct {
	session *session;
	GPtrArray *members; /* score_member: each device that belongs into the room, once */
	GPtrArray *away;    /* peers of people whose page is gone for the moment, but who did not leave */
	score_record record;
	char *recording; /* id, NULL before the first start */
	char *recording_state;
	int64_t part;
	char *folder;       /* of the recording, below the data folder */
	json_t *recipients; /* of the organisation, as "record.start" has them */
	char *step;         /* of the script, for the chapters; NULL when none runs */
	char *apart;        /* who is, "partner_2 officer", for the same; "" nobody */
} score;

/* (transfer full) */
score *score_load(db *db, const char *session, GError **error);
void score_free(score *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(score, score_free)

/* The decision by itself: `present` people, of them `consented`; `withdrawn` of all people of the case. */
score_record score_decide(gboolean is_live, gboolean is_identifying, guint present, guint consented, guint withdrawn);
