/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/call.h"

#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "core/log.h"
#include "core/metrics.h"
#include "signaling/app-private.h"
#include "signaling/cookie.h"
#include "signaling/error.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	app *app;
	const operation *operation;
	decoded *in;
	char *cookie;
	char *visitor;
	char *csrf;
	char *address_hash;
	gboolean needs_csrf;
	caller *caller; /* once known */
	int64_t started_us;
	answer answer;
	call_done done;
	gpointer data;
} call;

void answer_clear(answer *answer)
{
	json_decref(answer->out);
	g_clear_error(&answer->error);
	g_clear_pointer(&answer->file, g_bytes_unref);
	g_free(answer->file_name);
	crypto_free_secret(answer->cookie);
	memset(answer, 0, sizeof(*answer));
}

/* --- finding the operation --- */

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, ((const operation *)row)->name);
}

const operation *operation_by_name(const char *name)
{
	return bsearch(name, operations, operations_count, sizeof(operation), compare_name);
}

/* Does `path` fit the template? Then its parts go into `input`. */
static gboolean match_path(const char *template, const char *path, json_t *input)
{
	g_auto(GStrv) wanted = g_strsplit(template, "/", -1);
	g_auto(GStrv) given = g_strsplit(path, "/", -1);
	guint count = g_strv_length(wanted);
	if (count != g_strv_length(given))
		return FALSE;
	for (guint i = 0; i < count; i++)
		if (wanted[i][0] != '{' && strcmp(wanted[i], given[i]) != 0)
			return FALSE;
	for (guint i = 0; i < count; i++)
		if (wanted[i][0] == '{')
			json_object_setn_new(input, wanted[i] + 1, strlen(wanted[i]) - 2, json_string(given[i]));
	return TRUE;
}

const operation *operation_by_path(const char *method, const char *path, json_t *input, gboolean *is_path_known)
{
	*is_path_known = FALSE;
	for (size_t i = 0; i < operations_count; i++) {
		const operation *operation = &operations[i];
		g_autoptr(json_t) parts = json_object();
		if (operation->path == NULL || !match_path(operation->path, path, parts))
			continue;
		*is_path_known = TRUE;
		if (strcmp(operation->method, method) == 0) {
			json_object_update(input, parts);
			return operation;
		}
	}
	return NULL;
}

static const shape *member_shape(const operation *operation, const char *name)
{
	for (const shape_member *member = operation->input->members; member->name != NULL; member++)
		if (strcmp(member->name, name) == 0)
			return member->shape;
	return NULL;
}

static json_t *query_value(const shape *shape, const char *text)
{
	char *end = NULL;
	if (shape != NULL && shape->kind == SHAPE_INTEGER && g_ascii_isdigit(text[0])) {
		gint64 number = g_ascii_strtoll(text, &end, 10);
		return *end == '\0' ? json_integer(number) : json_string(text);
	}
	if (shape != NULL && shape->kind == SHAPE_BOOLEAN && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		return json_boolean(text[0] == 't');
	return json_string(text);
}

gboolean operation_add_argument(const operation *operation, const char *name, const char *value, json_t *input)
{
	return json_object_get(input, name) == NULL &&
	       json_object_set_new(input, name, query_value(member_shape(operation, name), value)) == 0;
}

/* --- running it --- */

static void call_free(call *call)
{
	answer_clear(&call->answer);
	decoded_free(call->in);
	caller_free(call->caller);
	crypto_free_secret(call->cookie);
	crypto_free_secret(call->visitor);
	g_free(call->csrf);
	g_free(call->address_hash);
	g_free(call);
}

static void count(const call *call)
{
	static metric *histograms[256];
	static metric *failures[256];
	size_t index = (size_t)(call->operation - operations);
	g_assert(index < G_N_ELEMENTS(histograms));
	if (histograms[index] == NULL) {
		g_autofree char *label = g_strdup_printf("operation=\"%s\"", call->operation->name);
		histograms[index] = metric_histogram("jawort_operation_ms", label, "Time from a request to its answer", NULL);
		failures[index] = metric_counter("jawort_operation_failures_total", label, "Requests answered by an error");
	}
	metric_observe(histograms[index], (clock_monotonic_us() - call->started_us) / 1000);
	if (call->answer.out == NULL && call->answer.file == NULL)
		metric_add(failures[index], 1);
}

/* On the loop's thread. */
static void deliver(gpointer data)
{
	call *call = data;
	answer *answer = &call->answer;
	if (answer->error != NULL && error_kind_of(answer->error)->http_status >= 500)
		log_error("operation failed", LOG_TEXT("operation", call->operation->name), LOG_CAUSE(answer->error));
	count(call);
	call->done(answer, call->data);
	call_free(call);
}

static void finish(call *call)
{
	loop_post(app_loop(call->app), deliver, call);
}

static gboolean check_access(const call *call, GError **error)
{
	const actor *actor = &call->caller->actor;
	guint who = call->operation->who;
	gboolean is_allowed = (who & WHO_ANYONE) != 0 || (actor->kind == ACTOR_PERSON && (who & WHO_PERSON) != 0) ||
			      (actor->kind == ACTOR_STAFF && (who & actor->roles) != 0);
	if (!is_allowed && actor->kind == ACTOR_VISITOR) {
		g_set_error_literal(
			error, SIGNALING_ERROR, SIGNALING_ERROR_SIGNED_OUT, "Please sign in, or open your link again.");
		return FALSE;
	}
	if (!is_allowed) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such thing here.");
		return FALSE;
	}
	if (!call->needs_csrf || actor->kind == ACTOR_VISITOR)
		return TRUE;
	g_autofree char *csrf = cookie_csrf(call->cookie);
	if (call->csrf != NULL && crypto_equal_text(call->csrf, csrf))
		return TRUE;
	g_set_error_literal(
		error, SIGNALING_ERROR, SIGNALING_ERROR_CSRF, "The request lacks the page's token. Please reload the page.");
	return FALSE;
}

static gboolean note_seen(db *db, gpointer data, GError **error)
{
	return cookie_session_seen(db, data, clock_now_ms(), error);
}

static void seen_done(gpointer data, const GError *error)
{
	(void)error; /* a lost "last seen" only shortens the idle time */
	crypto_free_secret(data);
}

static gboolean identify(call *call, db *db, GError **error)
{
	call->caller = caller_load(db, call->cookie, call->visitor, clock_now_ms(), error);
	if (call->caller == NULL || !check_access(call, error))
		return FALSE;
	if (!call->caller->is_seen)
		store_write(app_store(call->app), note_seen, seen_done, g_strdup(call->cookie));
	return TRUE;
}

#ifdef JAWORT_CHECK_ANSWERS
static void check_answer(const call *call)
{
	g_autoptr(GError) error = NULL;
	if (call->operation->output != NULL && call->answer.out != NULL &&
		!shape_check(call->operation->output, call->answer.out, &error))
		log_error("answer has another shape", LOG_TEXT("operation", call->operation->name), LOG_CAUSE(error));
}
#endif

static gboolean handle(call *call, db *db, GError **error)
{
	LOG_SCOPE("operation", call->operation->name);
	if (call->operation->handle == NULL) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_READY, "This is not built in yet.");
		return FALSE;
	}
	g_autofree char *csrf = call->cookie != NULL ? cookie_csrf(call->cookie) : g_strdup("");
	request request = { .db = db,
		.app = call->app,
		.actor = &call->caller->actor,
		.now_ms = clock_now_ms(),
		.csrf = csrf,
		.peer = call->caller->peer,
		.browser = call->cookie,
		.address_hash = call->address_hash };
	call->answer.out = call->operation->handle(&request, decoded_struct(call->in), error);
	call->answer.file = request.file;
	call->answer.file_type = request.file_type;
	call->answer.file_name = request.file_name;
	call->answer.cookie = request.cookie;
	if (request.refusal != NULL) {
		json_decref(g_steal_pointer(&call->answer.out));
		call->answer.error = request.refusal;
		return TRUE;
	}
#ifdef JAWORT_CHECK_ANSWERS
	check_answer(call);
#endif
	return call->answer.out != NULL;
}

static gboolean job_identify(db *db, gpointer data, GError **error)
{
	return identify(data, db, error);
}

static gboolean job_whole(db *db, gpointer data, GError **error)
{
	return identify(data, db, error) && handle(data, db, error);
}

static void write_done(gpointer data, const GError *error)
{
	call *call = data;
	if (error != NULL) {
		answer_clear(&call->answer);
		call->answer.error = g_error_copy(error);
	}
	finish(call);
}

static void run_on_pool(gpointer data)
{
	call *call = data;
	store *store = app_store(call->app);
	gboolean is_read = call->operation->kind == OPERATION_READ;
	GError *error = NULL;
	gboolean is_done =
		store_read(store, is_read ? job_whole : job_identify, call, &error) && (is_read || handle(call, NULL, &error));
	if (!is_done) {
		answer_clear(&call->answer);
		call->answer.error = error;
	}
	finish(call);
}

/* Who is counted: secrets by address alone; the rest by browser and then by address too, so that fresh cookies do not help. */
static gboolean is_within_rate(rate *rate, const call_request *request, GError **error)
{
	static const rate_class shared[RATE_CLASSES] = {
		[RATE_BOOK] = RATE_BOOK_ADDRESS, [RATE_BROWSE] = RATE_BROWSE_ADDRESS, /* RATE_ACT: connections are counted */
	};
	const char *browser = request->cookie != NULL ? request->cookie : request->visitor != NULL ? request->visitor : "";
	rate_class class = request->operation->rate;
	g_autofree char *key = g_strdup_printf("%s %s", request->address, class == RATE_SECRET ? "" : browser);
	int64_t wait_ms = 0, now_ms = clock_now_ms();
	if (rate_take(rate, class, key, now_ms, &wait_ms) &&
		(shared[class] == RATE_ACT || rate_take(rate, shared[class], request->address, now_ms, &wait_ms)))
		return TRUE;
	g_set_error(error, SIGNALING_ERROR, SIGNALING_ERROR_RATE, "Too many requests. Please try again in %d seconds.",
		(int)(wait_ms / 1000) + 1);
	return FALSE;
}

/* What may be stored of an address: without the key, which nobody else has and which ends with the process, it cannot be found
 * again. Of IPv6 the network counts, because each household has 2^64 addresses. */
static char *hash_address(const char *text)
{
	static guint8 key[CRYPTO_KEY_BYTES];
	static gsize is_made = 0;
	if (g_once_init_enter(&is_made)) {
		crypto_random(key, sizeof(key));
		g_once_init_leave(&is_made, 1);
	}
	guint8 mac[CRYPTO_HASH_BYTES];
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);
	const guint8 *bytes = address != NULL ? g_inet_address_to_bytes(address) : NULL;
	static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	gboolean is_network = bytes != NULL && g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6 &&
			      memcmp(bytes, mapped, sizeof(mapped)) != 0;
	if (is_network)
		crypto_hmac_sha256(key, sizeof(key), bytes, 8, mac);
	else
		crypto_hmac_sha256(key, sizeof(key), text, strlen(text), mac);
	return crypto_hex(mac, sizeof(mac));
}

void call_start(app *app, rate *rate, const call_request *request, call_done done, gpointer data)
{
	call *started = g_new0(call, 1);
	started->app = app;
	started->operation = request->operation;
	started->cookie = g_strdup(request->cookie);
	started->visitor = g_strdup(request->visitor);
	started->csrf = g_strdup(request->csrf);
	started->address_hash = hash_address(request->address);
	started->needs_csrf = request->needs_csrf;
	started->started_us = clock_monotonic_us();
	started->done = done;
	started->data = data;
	GError **error = &started->answer.error;
	if (is_within_rate(rate, request, error))
		started->in = decode(request->operation->input, request->input, error);
	if (started->in == NULL)
		finish(started);
	else if (request->operation->kind == OPERATION_WRITE)
		store_write(app_store(app), job_whole, write_done, started);
	else
		loop_work(app_loop(app), run_on_pool, started);
}
