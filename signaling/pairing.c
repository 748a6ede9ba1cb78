/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/pairing.h"

#include "booking/agreement.h"
#include "booking/appointment.h"
#include "booking/audit/log.h"
#include "booking/staff.h"
#include "core/id.h"
#include "core/json.h"
#include "core/log.h"
#include "ident/draw.h"
#include "signaling/desk.h"
#include "signaling/error.h"
#include "signaling/limits.h"
#include "signaling/lobby.h"
#include "signaling/presence.h"
#include "signaling/session.h"
#include "signaling/sql.h"

#include <string.h>

/* What one waiting appointment and one officer would be to each other. */
typedef struct {
	const pairing_officer *officer;
	const waiting_entry *entry;
	char *agreement; /* NULL: the own organisation */
} match;

static void match_free(gpointer data)
{
	match *match = data;
	g_free(match->agreement);
	g_free(match);
}

static void officer_free(gpointer data)
{
	pairing_officer *officer = data;
	g_free(officer->staff);
	g_free(officer->organisation);
	g_free(officer->office);
	g_free(officer->languages);
	g_free(officer);
}

static pairing_officer *officer_load(const booking_context *context, const char *id, const char *organisation, GError **error)
{
	int64_t attested_ms = 0;
	g_autoptr(staff) staff = staff_load(context->db, id, error);
	if (staff == NULL || desk_get(context->db, id, &attested_ms, error) < 0)
		return NULL;
	int64_t trained_ms = staff_trained_until_ms(context->db, id, error);
	if (trained_ms < 0)
		return NULL;
	pairing_officer *officer = g_new0(pairing_officer, 1);
	officer->staff = g_strdup(id);
	officer->organisation = g_strdup(organisation);
	officer->office = g_strdup(staff->office);
	officer->is_registrar = g_strv_contains((const char *const *)staff->roles, "registrar");
	officer->languages = g_strdup(staff->languages);
	officer->is_blocked = desk_blocked(attested_ms, trained_ms, context->now_ms) != NULL;
	return officer;
}

/* (transfer full) All officers who are ready, connected and may take sessions. */
static GPtrArray *officers_load(const booking_context *context, GError **error)
{
	g_autoptr(GPtrArray) officers = g_ptr_array_new_with_free_func(officer_free);
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_DESK_READY);
	if (rows == NULL)
		return NULL;
	while (db_next(rows)) {
		pairing_officer *officer = officer_load(context, db_text(rows, "staff"), db_text(rows, "organisation"), error);
		if (officer == NULL)
			return NULL;
		if (officer->is_blocked)
			officer_free(officer);
		else
			g_ptr_array_add(officers, officer);
	}
	return g_steal_pointer(&officers);
}

gboolean pairing_may_take_own(const pairing_officer *officer, const waiting_entry *entry)
{
	if (officer->office != NULL && strcmp(officer->office, entry->office) != 0)
		return FALSE;
	return officer->is_registrar || entry->is_identifying;
}

static int64_t count(db *db, const char *sql, const char *organisation)
{
	g_autoptr(db_rows) rows = db_select(db, NULL, sql, DB_TEXT("organisation", organisation));
	return rows != NULL && db_next(rows) ? db_int(rows, "count") : 0;
}

static gboolean speaks(const char *languages, const char *language)
{
	g_auto(GStrv) list = g_strsplit(languages, ",", -1);
	return g_strv_contains((const char *const *)list, language);
}

static gboolean is_spoken_on_duty(db *db, const char *organisation, const char *language)
{
	g_autoptr(db_rows) rows = db_select(db, NULL, SQL_DESK_LANGUAGES, DB_TEXT("organisation", organisation));
	while (rows != NULL && db_next(rows))
		if (speaks(db_text(rows, "languages"), language))
			return TRUE;
	return FALSE;
}

/* Own staff who are ready and may take this very appointment: others do not help those who wait. */
static int count_own(const GPtrArray *officers, const waiting_entry *entry)
{
	int own = 0;
	for (guint i = 0; i < officers->len; i++) {
		const pairing_officer *officer = officers->pdata[i];
		own += strcmp(officer->organisation, entry->responsible) == 0 && pairing_may_take_own(officer, entry);
	}
	return own;
}

/* (transfer full) The agreement by which `officer` may take `entry` of another organisation now; NULL without error: none. */
static char *find_agreement(const booking_context *context, const GPtrArray *officers, const pairing_officer *officer,
	const waiting_entry *entry, GError **error)
{
	int64_t work_ms = 0, min_ms = 0, max_ms = 0;
	int place = waiting_place(context->db, entry->appointment, &work_ms, error);
	if (place < 0)
		return NULL;
	lobby_facts facts = { .place = place,
		.work_ms = work_ms,
		.until_start_ms = entry->start_ms - context->now_ms,
		.officers = count(context->db, SQL_DESK_ON_DUTY, entry->responsible) };
	lobby_estimate(&facts, &min_ms, &max_ms);
	agreement_question question = { .performer = officer->organisation,
		.responsible = entry->responsible,
		.office = entry->office,
		.service_key = entry->service_key,
		.language = entry->language,
		.wait_ms = (min_ms + max_ms) / 2,
		.own_ready = count_own(officers, entry),
		.own_language = is_spoken_on_duty(context->db, entry->responsible, entry->language) };
	return agreement_may_take(context->db, &question, context->now_ms, error);
}

/* Does anybody of the case sit in front of an open page? */
static gboolean is_anybody_there(db *db, const waiting_entry *entry)
{
	g_autoptr(db_rows) rows = db_select(db, NULL, SQL_WAITING_CONNECTED, DB_TEXT("appointment", entry->appointment));
	return rows != NULL && db_next(rows) && db_int(rows, "count") > 0;
}

/* One that cannot be served for reasons of its own is for the operator; the others go on. */
static void report_broken(const waiting_entry *entry, const GError *cause)
{
	log_error("waiting appointment cannot be assigned", LOG_TEXT("appointment", entry->appointment), LOG_CAUSE(cause));
}

/* Add to `matches` what `officer` may take: the own organisation's, or, if there is none, what agreements give. */
static void add_matches(const booking_context *context, const GPtrArray *officers, const pairing_officer *officer,
	const GPtrArray *entries, GPtrArray *matches)
{
	guint before = matches->len;
	for (int is_foreign = 0; is_foreign <= 1 && matches->len == before; is_foreign++)
		for (guint i = 0; i < entries->len; i++) {
			const waiting_entry *entry = entries->pdata[i];
			gboolean is_own = strcmp(entry->responsible, officer->organisation) == 0;
			if (is_own == is_foreign || (is_own ? !pairing_may_take_own(officer, entry) : !entry->is_identifying))
				continue;
			g_autoptr(GError) own = NULL;
			g_autofree char *agreement = is_own ? NULL : find_agreement(context, officers, officer, entry, &own);
			if (own != NULL)
				report_broken(entry, own);
			if (!is_own && agreement == NULL)
				continue;
			match *found = g_new(match, 1);
			*found = (match){ officer, entry, g_steal_pointer(&agreement) };
			g_ptr_array_add(matches, found);
		}
}

/* Is somebody of the own staff among those who could take `entry`? */
static gboolean has_own(const GPtrArray *matches, const waiting_entry *entry)
{
	for (guint i = 0; i < matches->len; i++) {
		const match *match = matches->pdata[i];
		if (match->entry == entry && match->agreement == NULL)
			return TRUE;
	}
	return FALSE;
}

/* The matches among which is drawn: those of the earliest appointment's organisation that begin with it, each appointment or
 * (with several officers) each officer for the earliest once. Where own staff can take it, only own staff is drawn. */
static GPtrArray *drawable(const GPtrArray *matches, guint officers)
{
	const match *first = matches->pdata[0];
	for (guint i = 1; i < matches->len; i++) {
		const match *other = matches->pdata[i];
		if (other->entry->start_ms < first->entry->start_ms ||
			(other->entry->start_ms == first->entry->start_ms &&
				other->entry->checked_in_ms < first->entry->checked_in_ms))
			first = other;
	}
	GPtrArray *chosen = g_ptr_array_new();
	for (guint i = 0; i < matches->len; i++) {
		const match *other = matches->pdata[i];
		gboolean is_in = officers > 1 ? other->entry == first->entry
					      : strcmp(other->entry->responsible, first->entry->responsible) == 0 &&
							other->entry->start_ms <= first->entry->start_ms + PAIRING_WINDOW_MS;
		if (is_in && (other->agreement == NULL || !has_own(matches, other->entry)))
			g_ptr_array_add(chosen, (gpointer)other);
	}
	return chosen;
}

/* (transfer full) Draw one of `matches`; `*chosen` gets it. The candidates are named "OFFICER APPOINTMENT". */
static json_t *draw(const booking_context *context, const GPtrArray *matches, const match **chosen, GError **error)
{
	g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) nonces = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < matches->len; i++) {
		const match *match = matches->pdata[i];
		g_ptr_array_add(candidates, g_strdup_printf("%s %s", match->officer->staff, match->entry->appointment));
		g_auto(GStrv) parts = g_strsplit(match->entry->nonces != NULL ? match->entry->nonces : "", ",", -1);
		for (char **part = parts; *part != NULL && nonces->len < DRAW_NONCES; part++)
			if (**part != '\0' && !g_ptr_array_find_with_equal_func(nonces, *part, g_str_equal, NULL))
				g_ptr_array_add(nonces, g_strdup(*part));
	}
	g_ptr_array_add(candidates, NULL);
	g_ptr_array_add(nonces, NULL);
	const match *first = matches->pdata[0];
	json_t *proof = NULL;
	if (!draw_choose(context->db, first->entry->responsible, "assignment", (const char *const *)nonces->pdata,
		    (const char *const *)candidates->pdata, 1, context->now_ms, &proof, error))
		return NULL;
	*chosen = matches->pdata[draw_chosen(proof, 0)];
	return proof;
}

/* (transfer full) The session of the match: a new one, or the one that went back to waiting. */
static session *assign_session(
	const booking_context *context, const match *match, const appointment *appointment, json_t *proof, GError **error)
{
	g_autofree char *draw = json_compact(proof);
	g_autoptr(db_rows) rows =
		db_select(context->db, error, SQL_SESSION_BY_APPOINTMENT, DB_TEXT("appointment", match->entry->appointment));
	if (rows == NULL)
		return NULL;
	gboolean is_new = !db_next(rows);
	g_autofree char *id = is_new ? id_new("session") : g_strdup(db_text(rows, "id"));
	int64_t changed =
		is_new ? db_run(context->db, error, SQL_SESSION_ADD, DB_TEXT("id", id), DB_TEXT("appointment", appointment->id),
				 DB_TEXT("case", appointment->case_id), DB_TEXT("organisation", appointment->responsible),
				 DB_TEXT("performing", match->officer->organisation), DB_TEXT("agreement", match->agreement),
				 DB_INT("place", match->entry->checked_in_ms), DB_TEXT("officer", match->officer->staff),
				 DB_INT("now", context->now_ms), DB_TEXT("draw", draw))
		       : db_run(context->db, error, SQL_SESSION_ASSIGN_AGAIN, DB_TEXT("id", id),
				 DB_TEXT("performing", match->officer->organisation), DB_TEXT("agreement", match->agreement),
				 DB_TEXT("officer", match->officer->staff), DB_INT("now", context->now_ms),
				 DB_TEXT("draw", draw));
	if (changed == 0)
		g_set_error_literal(
			error, SIGNALING_ERROR, SIGNALING_ERROR_STATE, "The appointment waits, but its session does not.");
	return changed <= 0 ? NULL : session_load(context->db, id, error);
}

static gboolean assign(const booking_context *context, const match *match, json_t *proof, GError **error)
{
	g_autoptr(appointment) appointment = appointment_load(context->db, match->entry->appointment, error);
	if (appointment == NULL)
		return FALSE;
	g_autoptr(session) session = assign_session(context, match, appointment, proof, error);
	if (session == NULL)
		return FALSE;
	g_autoptr(json_t) details = json_pack("{s:s, s:O}", "organisation", match->officer->organisation, "draw", proof);
	if (!session_log(context, session, "session.assigned", details, error))
		return FALSE;
	if (!appointment_perform(context, appointment, match->agreement, error))
		return FALSE;
	session_touch(context->db, session);
	return appointment_apply(context, appointment, APPOINTMENT_START, NULL, error) &&
	       desk_set(context->db, match->officer->staff, match->officer->organisation, DESK_ASSIGNED, context->now_ms, error);
}

typedef struct {
	const booking_context *context;
	const GPtrArray *matches; /* among which is drawn */
	const match *chosen;
} assignment;

static gboolean draw_and_assign(db *db, gpointer data, GError **error)
{
	assignment *assignment = data;
	(void)db;
	g_autoptr(json_t) proof = draw(assignment->context, assignment->matches, &assignment->chosen, error);
	return proof != NULL && assign(assignment->context, assignment->chosen, proof, error);
}

/* (transfer container) Of those who wait: with an open page, and not known to be broken. */
static GPtrArray *servable(db *db, const GPtrArray *waiting, GHashTable *broken)
{
	GPtrArray *entries = g_ptr_array_new();
	for (guint i = 0; i < waiting->len; i++) {
		waiting_entry *entry = waiting->pdata[i];
		if (!g_hash_table_contains(broken, entry->appointment) && is_anybody_there(db, entry))
			g_ptr_array_add(entries, entry);
	}
	return entries;
}

/* One pair. Returns 1 when there was one, or one was found that is `broken`; 0 when there is none, -1 on error. */
static int pair_one(const booking_context *context, GHashTable *broken, GError **error)
{
	g_autoptr(GPtrArray) officers = officers_load(context, error);
	if (officers == NULL || officers->len == 0)
		return officers == NULL ? -1 : 0;
	g_autoptr(GPtrArray) waiting = waiting_list(context->db, NULL, error);
	if (waiting == NULL)
		return -1;
	g_autoptr(GPtrArray) entries = servable(context->db, waiting, broken);
	g_autoptr(GPtrArray) matches = g_ptr_array_new_with_free_func(match_free);
	for (guint i = 0; i < officers->len; i++)
		add_matches(context, officers, officers->pdata[i], entries, matches);
	if (matches->len == 0)
		return 0;
	g_autoptr(GPtrArray) chosen_from = drawable(matches, officers->len);
	g_autoptr(GError) cause = NULL;
	assignment assignment = { context, chosen_from, chosen_from->pdata[0] };
	if (!store_try(context->db, draw_and_assign, &assignment, &cause)) {
		report_broken(assignment.chosen->entry, cause);
		g_hash_table_add(broken, g_strdup(assignment.chosen->entry->appointment));
	}
	return 1;
}

gboolean pairing_run(const booking_context *context, GError **error)
{
	g_autoptr(GHashTable) broken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int result = 1;
	while (result == 1)
		result = pair_one(context, broken, error);
	return result == 0;
}
