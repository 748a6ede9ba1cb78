/* SPDX-License-Identifier: EUPL-1.2 */
/* "B may take sessions of A": a contractor or another municipality serves what the own staff cannot.
 *
 * An agreement holds when it is valid today, covers service and language, has quota left, and one of its rules applies:
 *     own_busy        none of the own staff is ready
 *     wait_over       the estimated wait is over `minutes`
 *     outside_hours   the office is closed now
 *     language        no own staff on duty speaks the persons' language
 *     always          for this service */
#pragma once
#include "booking/appointment.h"

typedef struct {
	const char *performer;   /* organisation that would take it */
	const char *responsible; /* organisation whose appointment it is */
	const char *office;
	const char *service_key;
	const char *language;
	int64_t wait_ms;       /* estimated until somebody of the own staff is free */
	int own_ready;         /* own staff ready now who may take it */
	gboolean own_language; /* somebody of the own staff on duty speaks `language` */
} agreement_question;

/* (transfer full) The agreement's id, or NULL: without `error` none applies, with it the database failed.
 * The own organisation needs none: ask only when performer and responsible differ. */
char *agreement_may_take(db *db, const agreement_question *question, int64_t now_ms, GError **error);
/* (transfer full) What an administrator sees: agreements given and taken by `organisation`, each
 * {id, responsible, performer, rules, languages, quota_per_day, used_today, price_cent, valid_from, valid_until}. */
json_t *agreement_list(db *db, const char *organisation, int64_t now_ms, GError **error);
