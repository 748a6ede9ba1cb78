/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/sign-client.h"
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/proof.h"
#include "booking/audit/signer.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/frame.h"
#include "core/json.h"
#include "core/log.h"
#include "signaling/error.h"
#include <string.h>
#include <unistd.h>

enum {
	COLLECT_MS = 100, /* entries that come together share a checkpoint, unless somebody waits */
	RETRY_MS = 500,
	REPEAT_MS = 60000, /* the same failure in the log */
	TIMEOUT_MS = 5000,
};

struct sign_client {
	store *store;
	char *socket_path;
	GThread *thread;
	/* Signing thread only: */
	int connection; /* -1: none */
	char *last_cause;
	int64_t repeat_us;
	GMutex lock; /* guards all below */
	GCond work;  /* for the thread */
	GCond covered_changed;
	GHashTable *changed; /* organisations with new entries */
	GHashTable *covered; /* organisation -> int64_t*, entries under a stored checkpoint */
	gboolean is_urgent, is_stopping, is_healthy;
};

/* --- one exchange with the signer --- */

/* (transfer full) NULL when the signer is away or refuses. */
static json_t *ask(int connection, const json_t *request, GError **error)
{
	json_t *reply = frame_write(connection, request, error) ? frame_read(connection, error) : NULL;
	if (json_text(reply, "error") == NULL)
		return reply;
	g_set_error(error, CORE_ERROR, CORE_ERROR_REFUSED, "The signer refuses (%s): %s", json_text(reply, "error"),
		json_text(reply, "text"));
	json_decref(reply);
	return NULL;
}

typedef struct {
	const char *organisation;
	int64_t from; /* what the signer has */
	json_t *request;
	int64_t size; /* what it will have */
	gboolean is_last;
	const char *note, *verifier_key;
} step;

static gboolean read_step(db *db, gpointer data, GError **error)
{
	step *step = data;
	int64_t size = audit_size(db, step->organisation, error);
	if (size < 0)
		return FALSE;
	if (size < step->from) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_REFUSED,
			"The log has %" G_GINT64_FORMAT " entries, but %" G_GINT64_FORMAT
			" were signed: the database is older than the signer.",
			size, step->from);
		return FALSE;
	}
	int64_t count = MIN(size - step->from, AUDIT_SIGNER_LEAVES_MAX);
	g_autoptr(GPtrArray) leaves = audit_leaves(db, step->organisation, step->from, count, error);
	if (leaves == NULL)
		return FALSE;
	json_t *sent = json_array();
	for (size_t i = 0, bytes = 0; i < leaves->len && bytes < AUDIT_SIGNER_LEAVES_MAX_BYTES; i++) {
		bytes += strlen(leaves->pdata[i]);
		json_array_append_new(sent, json_string(leaves->pdata[i]));
	}
	step->size = step->from + (int64_t)json_array_size(sent);
	step->is_last = step->size == size;
	merkle_hash root = { 0 };
	gboolean is_good = audit_root(db, step->organisation, step->size, &root, error);
	g_autofree char *hex = merkle_hex(&root);
	step->request = json_pack("{sssssIssso}", "do", "extend", "organisation", step->organisation, "from",
		(json_int_t)step->from, "root", hex, "leaves", sent);
	return is_good;
}

static gboolean store_step(db *db, gpointer data, GError **error)
{
	const step *step = data;
	return audit_checkpoint_store(db, step->organisation, step->size, step->note, step->verifier_key, clock_now_ms(), error);
}

static void set_covered(sign_client *self, const char *organisation, int64_t size)
{
	g_mutex_lock(&self->lock);
	g_hash_table_insert(self->covered, g_strdup(organisation), g_memdup2(&size, sizeof(size)));
	g_cond_broadcast(&self->covered_changed);
	g_mutex_unlock(&self->lock);
}

/* Sends what the signer does not have yet, as much as one request takes, and stores the checkpoint. `is_more` (out) */
static gboolean sign_step(sign_client *self, const char *organisation, gboolean *is_more, GError **error)
{
	g_autoptr(json_t) state_request = json_pack("{ssss}", "do", "state", "organisation", organisation);
	g_autoptr(json_t) state = ask(self->connection, state_request, error);
	if (state == NULL)
		return FALSE;
	step step = { .organisation = organisation, .from = json_int(state, "size") };
	gboolean is_read = store_read(self->store, read_step, &step, error);
	g_autoptr(json_t) reply = is_read ? ask(self->connection, step.request, error) : NULL;
	*is_more = !step.is_last;
	json_decref(step.request);
	if (reply == NULL)
		return FALSE;
	step.note = json_text(reply, "checkpoint");
	step.verifier_key = json_text(reply, "key");
	if (step.note == NULL || step.verifier_key == NULL) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "The signer's answer is malformed.");
		return FALSE;
	}
	if (!store_write_wait(self->store, store_step, &step, error))
		return FALSE;
	set_covered(self, organisation, step.size);
	return TRUE;
}

static gboolean sign_all(sign_client *self, const char *organisation, GError **error)
{
	gboolean is_more = TRUE;
	while (is_more) {
		if (self->connection < 0)
			self->connection = frame_connect(self->socket_path, TIMEOUT_MS, error);
		if (self->connection < 0 || !sign_step(self, organisation, &is_more, error))
			return FALSE;
	}
	return TRUE;
}

/* --- the thread --- */

static void mark_changed(sign_client *self, const char *organisation, gboolean is_urgent)
{
	g_mutex_lock(&self->lock);
	g_hash_table_add(self->changed, g_strdup(organisation));
	self->is_urgent = self->is_urgent || is_urgent;
	g_cond_signal(&self->work);
	g_mutex_unlock(&self->lock);
}

static void on_touched(const char *topic, gpointer user_data)
{
	static const char prefix[] = "entries:";
	if (g_str_has_prefix(topic, prefix))
		mark_changed(user_data, topic + strlen(prefix), FALSE);
}

static gboolean read_organisations(db *db, gpointer data, GError **error)
{
	*(GPtrArray **)data = audit_organisations(db, error);
	return *(GPtrArray **)data != NULL;
}

/* With the lock held; sleeps until `deadline_us` at most, or until stop, or until somebody waits for a checkpoint. */
static void pause_until(sign_client *self, int64_t deadline_us)
{
	while (!self->is_stopping && !self->is_urgent && g_cond_wait_until(&self->work, &self->lock, deadline_us))
		;
}

/* Returns (transfer full) the organisations to sign for, NULL at the end. */
static GPtrArray *wait_for_work(sign_client *self)
{
	g_mutex_lock(&self->lock);
	while (!self->is_stopping && g_hash_table_size(self->changed) == 0)
		g_cond_wait(&self->work, &self->lock);
	pause_until(self, clock_monotonic_us() + COLLECT_MS * 1000);
	self->is_urgent = FALSE;
	GPtrArray *organisations = self->is_stopping ? NULL : g_ptr_array_new_with_free_func(g_free);
	if (organisations != NULL) {
		GHashTableIter iter;
		gpointer organisation;
		g_hash_table_iter_init(&iter, self->changed);
		while (g_hash_table_iter_next(&iter, &organisation, NULL)) {
			g_hash_table_iter_steal(&iter);
			g_ptr_array_add(organisations, organisation);
		}
	}
	g_mutex_unlock(&self->lock);
	return organisations;
}

/* A lost connection is made anew; a refusal stands until somebody mends the cause, and is heard of again each minute. */
static void fail(sign_client *self, const char *organisation, const GError *error)
{
	int64_t now_us = clock_monotonic_us();
	if (g_strcmp0(self->last_cause, error->message) != 0 || now_us > self->repeat_us) {
		log_error("checkpoint not signed", LOG_TEXT("organisation", organisation), LOG_CAUSE(error));
		g_free(self->last_cause);
		self->last_cause = g_strdup(error->message);
		self->repeat_us = now_us + REPEAT_MS * 1000;
	}
	if (self->connection >= 0)
		close(self->connection);
	self->connection = -1;
	mark_changed(self, organisation, FALSE);
}

static gpointer signing_thread(gpointer data)
{
	sign_client *self = data;
	g_autoptr(GPtrArray) known = NULL;
	store_read(self->store, read_organisations, &known, NULL);
	for (guint i = 0; known != NULL && i < known->len; i++)
		mark_changed(self, known->pdata[i], FALSE);
	for (;;) {
		g_autoptr(GPtrArray) organisations = wait_for_work(self);
		if (organisations == NULL)
			return NULL;
		gboolean is_healthy = TRUE;
		for (guint i = 0; i < organisations->len; i++) {
			g_autoptr(GError) error = NULL;
			if (!sign_all(self, organisations->pdata[i], &error)) {
				is_healthy = FALSE;
				fail(self, organisations->pdata[i], error);
			}
		}
		g_mutex_lock(&self->lock);
		self->is_healthy = is_healthy;
		if (!is_healthy)
			pause_until(self, clock_monotonic_us() + RETRY_MS * 1000);
		g_mutex_unlock(&self->lock);
	}
}

sign_client *sign_client_new(store *store, const char *socket_path)
{
	sign_client *self = g_new0(sign_client, 1);
	self->store = store;
	self->socket_path = g_strdup(socket_path);
	self->connection = -1;
	self->is_healthy = TRUE;
	self->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->covered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_mutex_init(&self->lock);
	g_cond_init(&self->work);
	g_cond_init(&self->covered_changed);
	store_watch(store, on_touched, self);
	self->thread = g_thread_new("sign-client", signing_thread, self);
	return self;
}

void sign_client_free(sign_client *self)
{
	if (self == NULL)
		return;
	g_mutex_lock(&self->lock);
	self->is_stopping = TRUE;
	g_cond_signal(&self->work);
	g_mutex_unlock(&self->lock);
	g_thread_join(self->thread);
	if (self->connection >= 0)
		close(self->connection);
	g_hash_table_unref(self->changed);
	g_hash_table_unref(self->covered);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->work);
	g_cond_clear(&self->covered_changed);
	g_free(self->last_cause);
	g_free(self->socket_path);
	g_free(self);
}

/* --- asked for --- */

typedef struct {
	const char *organisation;
	int64_t size;
} size_query;

static gboolean read_size(db *db, gpointer data, GError **error)
{
	size_query *query = data;
	query->size = audit_size(db, query->organisation, error);
	return query->size >= 0;
}

/* With the lock held. */
static gboolean is_covered(sign_client *self, const size_query *query)
{
	const int64_t *covered = g_hash_table_lookup(self->covered, query->organisation);
	return covered != NULL && *covered >= query->size;
}

gboolean sign_checkpoint_now(sign_client *self, const char *organisation, GError **error)
{
	size_query query = { organisation, 0 };
	if (!store_read(self->store, read_size, &query, error))
		return FALSE;
	if (query.size == 0)
		return TRUE;
	int64_t deadline_us = clock_monotonic_us() + TIMEOUT_MS * 1000;
	mark_changed(self, organisation, TRUE);
	g_mutex_lock(&self->lock);
	while (!is_covered(self, &query) && g_cond_wait_until(&self->covered_changed, &self->lock, deadline_us))
		;
	gboolean is_signed = is_covered(self, &query);
	g_mutex_unlock(&self->lock);
	if (!is_signed)
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_BUSY, "The signer gave no checkpoint in time.");
	return is_signed;
}

char *sign_document(sign_client *self, const char *organisation, const char *domain, const guint8 digest[32], char **verifier_key,
	GError **error)
{
	/* A connection of its own: the other one is the signing thread's. */
	int connection = frame_connect(self->socket_path, TIMEOUT_MS, error);
	if (connection < 0)
		return NULL;
	g_autofree char *hex = crypto_hex(digest, CRYPTO_HASH_BYTES);
	g_autoptr(json_t) request =
		json_pack("{ssssssss}", "do", "document", "organisation", organisation, "domain", domain, "digest", hex);
	g_autoptr(json_t) reply = ask(connection, request, error);
	close(connection);
	if (reply != NULL && verifier_key != NULL)
		*verifier_key = g_strdup(json_text(reply, "key"));
	return reply != NULL ? g_strdup(json_text(reply, "signature")) : NULL;
}

gboolean sign_client_is_healthy(sign_client *self)
{
	g_mutex_lock(&self->lock);
	gboolean is_healthy = self->is_healthy;
	g_mutex_unlock(&self->lock);
	return is_healthy;
}
