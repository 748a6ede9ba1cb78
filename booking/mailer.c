/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/mailer.h"
#include "booking/limits.h"
#include "booking/notice.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/pool.h"

struct mailer {
	store *store;
	const char *from;
	smtp_server server;
	GThread *thread;
	pool *connections; /* each sends one letter: a server that hangs holds up nobody else's */
	gint is_ending;    /* atomic */
	GMutex mutex;      /* for all below */
	GCond changed;
	gboolean is_woken;
	GHashTable *in_hand; /* ids of letters on their way */
};

/* One mail of the outbox. */
typedef struct letter {
	mailer *mailer;
	char *id;
	char *kind;
	char *recipient;
	char *mail;
	int64_t tries;
	int64_t created_ms;
	const char *end_state; /* "sent" or "failed", or NULL: later */
} letter;

static void letter_free(gpointer data)
{
	letter *letter = data;
	if (letter == NULL)
		return;
	g_free(letter->id);
	g_free(letter->kind);
	g_free(letter->recipient);
	g_free(letter->mail);
	g_free(letter);
}

typedef struct {
	GPtrArray *letters;
	int64_t next_ms; /* when the outbox has something due later, 0: never */
} outbox;

static gboolean read_outbox(db *db, gpointer data, GError **error)
{
	outbox *outbox = data;
	db_value now = DB_INT("now_ms", clock_now_ms());
	g_autoptr(db_rows) rows = db_select(db, error, SQL_NOTICE_DUE, now, DB_INT("limit", MAIL_BATCH));
	g_autoptr(db_rows) next = rows == NULL ? NULL : db_select(db, error, SQL_NOTICE_NEXT, now);
	if (next == NULL)
		return FALSE;
	while (db_next(rows)) {
		letter *letter = g_new0(struct letter, 1);
		letter->id = g_strdup(db_text(rows, "id"));
		letter->kind = g_strdup(db_text(rows, "kind"));
		letter->recipient = g_strdup(db_text(rows, "recipient"));
		letter->mail = g_strdup(db_text(rows, "mail"));
		letter->tries = db_int(rows, "tries");
		letter->created_ms = db_int(rows, "created_ms");
		g_ptr_array_add(outbox->letters, letter);
	}
	outbox->next_ms = db_next(next) ? db_int(next, "due_ms") : 0;
	return TRUE;
}

static gboolean write_result(db *db, gpointer data, GError **error)
{
	const letter *letter = data;
	int64_t now_ms = clock_now_ms();
	if (letter->end_state != NULL)
		return db_run(db, error, SQL_NOTICE_END, DB_TEXT("id", letter->id), DB_TEXT("state", letter->end_state),
			       DB_INT("tries", letter->tries), DB_INT("now_ms", now_ms)) >= 0;
	int64_t pause_ms = MIN(MAIL_BACKOFF_MAX_MS, (int64_t)MAIL_BACKOFF_FIRST_MS << MIN(letter->tries - 1, 20));
	return db_run(db, error, SQL_NOTICE_DELAY, DB_TEXT("id", letter->id), DB_INT("tries", letter->tries),
		       DB_INT("due_ms", now_ms + pause_ms)) >= 0;
}

static gboolean is_void(const letter *letter)
{
	return strcmp(letter->kind, notice_kind_name(NOTICE_TAN)) == 0 && clock_now_ms() >= letter->created_ms + TAN_MAIL_MS;
}

/* Sets how the try ended. FALSE when it was broken off, and shall not count. */
static gboolean try_to_send(const mailer *mailer, letter *letter)
{
	g_autoptr(GError) error = NULL;
	gboolean is_sent =
		smtp_send(&mailer->server, mailer->from, letter->recipient, letter->mail, strlen(letter->mail), &error);
	if (!is_sent && g_atomic_int_get(&mailer->is_ending))
		return FALSE;
	letter->tries++;
	if (is_sent)
		letter->end_state = "sent";
	else if (g_error_matches(error, CORE_ERROR, CORE_ERROR_REFUSED) || letter->tries >= MAIL_TRIES)
		letter->end_state = "failed";
	/* A server's answer can name the address: only its kind is logged. */
	if (error != NULL)
		log_warning("mail not sent", LOG_TEXT("notice", letter->id), LOG_TEXT("kind", letter->kind),
			LOG_INT("tries", letter->tries), LOG_TEXT("next", letter->end_state != NULL ? "given up" : "later"),
			LOG_INT("code", error->code));
	return TRUE;
}

static void put_away(letter *letter)
{
	mailer *mailer = letter->mailer;
	g_mutex_lock(&mailer->mutex);
	g_hash_table_remove(mailer->in_hand, letter->id);
	g_mutex_unlock(&mailer->mutex);
	letter_free(letter);
	mailer_wake(mailer);
}

/* On a thread of the pool. */
static void deliver(gpointer data)
{
	letter *letter = data;
	const mailer *mailer = letter->mailer;
	gboolean has_ended = TRUE;
	if (is_void(letter))
		letter->end_state = "failed";
	else
		has_ended = try_to_send(mailer, letter);
	g_autoptr(GError) unwritten = NULL;
	if (has_ended && !store_write_wait(mailer->store, write_result, letter, &unwritten))
		log_error("outbox not written", LOG_TEXT("notice", letter->id), LOG_CAUSE(unwritten));
	put_away(letter);
}

/* (transfer full) What is on its way now: whatever the outbox says of it may be out of date. */
static GHashTable *letters_in_hand(mailer *mailer)
{
	GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iterator;
	gpointer id;
	g_mutex_lock(&mailer->mutex);
	g_hash_table_iter_init(&iterator, mailer->in_hand);
	while (g_hash_table_iter_next(&iterator, &id, NULL))
		g_hash_table_add(ids, g_strdup(id));
	g_mutex_unlock(&mailer->mutex);
	return ids;
}

/* Takes what can be sent now out of `letters`. */
static void hand_out(mailer *mailer, GPtrArray *letters, GHashTable *in_hand_before)
{
	g_mutex_lock(&mailer->mutex);
	for (guint i = 0; i < letters->len && g_hash_table_size(mailer->in_hand) < MAIL_CONNECTIONS; i++) {
		letter *letter = letters->pdata[i];
		if (g_hash_table_contains(in_hand_before, letter->id))
			continue;
		g_hash_table_add(mailer->in_hand, g_strdup(letter->id));
		letter->mailer = mailer;
		letters->pdata[i] = NULL;
		pool_push(mailer->connections, deliver, letter);
	}
	g_mutex_unlock(&mailer->mutex);
}

/* Until woken, ended or the next mail is due; a minute at most, should a wake-up of another process be lost. */
static void wait_for_work(mailer *mailer, int64_t next_ms)
{
	int64_t pause_ms = next_ms == 0 ? CLOCK_MINUTE_MS : CLAMP(next_ms - clock_now_ms(), 100, CLOCK_MINUTE_MS);
	int64_t until_us = g_get_monotonic_time() + pause_ms * 1000;
	g_mutex_lock(&mailer->mutex);
	while (!mailer->is_woken && g_cond_wait_until(&mailer->changed, &mailer->mutex, until_us))
		continue;
	mailer->is_woken = FALSE;
	g_mutex_unlock(&mailer->mutex);
}

static gpointer run(gpointer data)
{
	mailer *mailer = data;
	while (!g_atomic_int_get(&mailer->is_ending)) {
		g_autoptr(GPtrArray) letters = g_ptr_array_new_with_free_func(letter_free);
		g_autoptr(GError) error = NULL;
		g_autoptr(GHashTable) in_hand = letters_in_hand(mailer);
		outbox outbox = { .letters = letters };
		if (!store_read(mailer->store, read_outbox, &outbox, &error))
			log_error("outbox not read", LOG_CAUSE(error));
		hand_out(mailer, letters, in_hand);
		wait_for_work(mailer, outbox.next_ms);
	}
	return NULL;
}

mailer *mailer_new(store *store, const char *from, const smtp_server *server)
{
	mailer *mailer = g_new0(struct mailer, 1);
	mailer->store = store;
	mailer->from = from;
	mailer->server = *server;
	mailer->server.is_ending = &mailer->is_ending;
	mailer->in_hand = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&mailer->mutex);
	g_cond_init(&mailer->changed);
	mailer->connections = pool_new("mail", MAIL_CONNECTIONS);
	mailer->thread = g_thread_new("mailer", run, mailer);
	return mailer;
}

void mailer_wake(mailer *mailer)
{
	g_mutex_lock(&mailer->mutex);
	mailer->is_woken = TRUE;
	g_cond_signal(&mailer->changed);
	g_mutex_unlock(&mailer->mutex);
}

void mailer_free(mailer *mailer)
{
	if (mailer == NULL)
		return;
	g_atomic_int_set(&mailer->is_ending, TRUE);
	mailer_wake(mailer);
	g_thread_join(mailer->thread);
	pool_free(mailer->connections);
	g_hash_table_unref(mailer->in_hand);
	g_mutex_clear(&mailer->mutex);
	g_cond_clear(&mailer->changed);
	g_free(mailer);
}
