/* SPDX-License-Identifier: EUPL-1.2 */
/* The composition root: what the program is made of, in the order in which it is made. */
#include "signaling/app.h"

#include "booking/mailer.h"
#include "booking/sweep.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/log.h"
#include "core/smtp.h"
#include "ident/draw.h"
#include "signaling/app-private.h"
#include "signaling/cookie.h"
#include "signaling/database.h"
#include "signaling/limits.h"
#include "signaling/presence.h"
#include "signaling/serve-options.h"
#include "signaling/sign-client.h"
#include "signaling/sql.h"
#include "signaling/supervisor.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SWEEP_MS 30000

struct app {
	options *options;
	char *data_folder;
	booking_settings settings;
	smtp_server smtp;
	loop *loop;
	store *store;
	stills *stills;
	media_client *media;
	conductor *conductor;
	gateway *gateway;
	supervisor *supervisor;
	turn *turn;
	mailer *mailer;
	sign_client *sign;
	uv_signal_t signals[2];
	uv_timer_t sweep;
	uv_timer_t drain;
	gint is_running; /* atomic: touched topics are passed on */
};

store *app_store(const app *app)
{
	return app->store;
}

const options *app_options(const app *app)
{
	return app->options;
}

const char *app_public_url(const app *app)
{
	return app->settings.public_url;
}

const char *app_data_folder(const app *app)
{
	return app->data_folder;
}

const booking_settings *app_settings(const app *app)
{
	return &app->settings;
}

loop *app_loop(const app *app)
{
	return app->loop;
}

gateway *app_gateway(const app *app)
{
	return app->gateway;
}

conductor *app_conductor(const app *app)
{
	return app->conductor;
}

media_client *app_media(const app *app)
{
	return app->media;
}

stills *app_stills(const app *app)
{
	return app->stills;
}

sign_client *app_sign(const app *app)
{
	return app->sign;
}

supervisor *app_supervisor(const app *app)
{
	return app->supervisor;
}

const turn *app_turn(const app *app)
{
	return app->turn;
}

booking_context request_context(const request *request)
{
	return (booking_context){ .db = request->db,
		.now_ms = request->now_ms,
		.actor = request->actor->name,
		.settings = app_settings(request->app) };
}

/* --- store --- */

/* A new process knows nobody: pages and media announce themselves again. Each organisation has a seed for its next draw. */
static gboolean begin_anew(db *db, gpointer data, GError **error)
{
	(void)data;
	int64_t now_ms = clock_now_ms();
	g_autoptr(db_rows) organisations = db_select(db, error, SQL_ORGANISATION_IDS);
	if (organisations == NULL || !presence_reset(db, FALSE, now_ms, error))
		return FALSE;
	while (db_next(organisations))
		if (!draw_prepare(db, db_text(organisations, "id"), now_ms, error))
			return FALSE;
	return TRUE;
}

/* On the writer thread: only post. */
static void on_touched(const char *topic, gpointer user_data)
{
	app *app = user_data;
	if (!g_atomic_int_get(&app->is_running))
		return;
	if (strcmp(topic, "notices") == 0)
		mailer_wake(app->mailer);
	gateway_touch(app->gateway, topic);
	conductor_touch(app->conductor, topic);
}

static gboolean sweep_job(db *db, gpointer data, GError **error)
{
	booking_context context = { .db = db, .now_ms = clock_now_ms(), .actor = "system", .settings = app_settings(data) };
	return sweep_run(&context, error) && cookie_sessions_sweep(db, context.now_ms, error);
}

static void sweep_done(gpointer data, const GError *error)
{
	(void)data;
	if (error != NULL)
		log_error("sweep failed", LOG_CAUSE(error));
}

static void on_sweep(uv_timer_t *timer)
{
	app *app = timer->data;
	store_write(app->store, sweep_job, sweep_done, app);
}

/* --- mail --- */

static void read_smtp(app *app)
{
	app->smtp = (smtp_server){ .url = options_text(app->options, "smtp"),
		.user = options_text(app->options, "smtp-user"),
		.password = options_text(app->options, "smtp-password"),
		.tls = strcmp(options_text(app->options, "smtp-tls"), "none") == 0 ? SMTP_TLS_NONE : SMTP_TLS_REQUIRED,
		.ca_file = options_text(app->options, "smtp-ca-file") };
}

/* --- children --- */

static int adopted_media(gpointer data)
{
	return media_client_pid(data);
}

static void add_option(GPtrArray *arguments, const char *name, const char *value)
{
	if (value != NULL)
		g_ptr_array_add(arguments, g_strdup_printf("--%s=%s", name, value));
}

static void keep_media(app *app, const char *socket)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *workers = g_strdup_printf("%d", (int)options_int(app->options, "media-workers"));
	g_autofree char *port = g_strdup_printf("%d", (int)options_int(app->options, "media-port"));
	g_ptr_array_add(arguments, g_strdup("media"));
	add_option(arguments, "control", socket);
	g_autofree char *recordings = g_build_filename(app->data_folder, "recordings", NULL);
	add_option(arguments, "recordings", recordings);
	add_option(arguments, "sandbox", options_text(app->options, "sandbox"));
	g_autofree char *address = gateway_address(options_text(app->options, "listen"));
	const char *bind = options_text(app->options, "media-bind");
	if (bind == NULL && strcmp(address, "0.0.0.0") != 0 && strcmp(address, "::") != 0)
		bind = address;
	add_option(arguments, "addresses", bind);
	add_option(arguments, "advertise", options_text(app->options, "media-address"));
	add_option(arguments, "ice", options_text(app->options, "media-ice"));
	add_option(arguments, "port", port);
	add_option(arguments, "ports", options_text(app->options, "media-ports"));
	add_option(arguments, "workers", workers);
	add_option(arguments, "log-format", options_text(app->options, "log-format"));
	g_ptr_array_add(arguments, NULL);
	supervisor_keep(app->supervisor, (char **)arguments->pdata, adopted_media, app->media);
}

static void keep_sign(app *app)
{
	g_autofree char *folder = g_build_filename(app->data_folder, "sign", NULL);
	g_autofree char *socket = g_build_filename(app->data_folder, "sign.socket", NULL);
	g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(arguments, g_strdup("sign"));
	g_ptr_array_add(arguments, g_strdup_printf("--parent=%d", getpid()));
	add_option(arguments, "folder", folder);
	add_option(arguments, "socket", socket);
	add_option(arguments, "sandbox", options_text(app->options, "sandbox"));
	add_option(arguments, "log-format", options_text(app->options, "log-format"));
	g_ptr_array_add(arguments, NULL);
	supervisor_keep(app->supervisor, (char **)arguments->pdata, NULL, NULL);
}

/* --- life --- */

static void on_drained(uv_timer_t *timer)
{
	loop_stop(((app *)timer->data)->loop);
}

static void on_check_drained(uv_timer_t *timer)
{
	app *app = timer->data;
	if (gateway_connection_count(app->gateway) == 0)
		on_drained(timer);
}

static void on_signal(uv_signal_t *handle, int number)
{
	app *app = handle->data;
	log_info("ending", LOG_INT("signal", number));
	gateway_drain(app->gateway);
	app->drain.data = app;
	uv_timer_start(&app->drain, on_check_drained, 20, 20);
	uv_timer_start(&app->sweep, on_drained, DRAIN_MS, 0);
}

static void watch_signals(app *app)
{
	const int numbers[] = { SIGTERM, SIGINT };
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		uv_signal_init(loop_uv(app->loop), &app->signals[i]);
		app->signals[i].data = app;
		uv_signal_start(&app->signals[i], on_signal, numbers[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	uv_timer_init(loop_uv(app->loop), &app->drain);
	uv_timer_init(loop_uv(app->loop), &app->sweep);
	app->sweep.data = app;
	uv_timer_start(&app->sweep, on_sweep, 0, SWEEP_MS);
}

static gboolean open_data(app *app, GError **error)
{
	const char *folder = options_text(app->options, "data");
	if (g_mkdir_with_parents(folder, 0700) != 0) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
			"The folder %s cannot be made: %s. Choose another with --data=FOLDER.", folder, g_strerror(errno));
		return FALSE;
	}
	app->data_folder = g_canonicalize_filename(folder, NULL);
	const char *database = options_text(app->options, "database");
	g_autofree char *url = database != NULL ? g_strdup(database) : g_strdup_printf("sqlite:%s/jawort.db", app->data_folder);
	app->store = database_open(url, error);
	if (app->store == NULL)
		return FALSE;
	g_autofree char *socket = g_build_filename(app->data_folder, "sign.socket", NULL);
	store_watch(app->store, on_touched, app);
	app->sign = sign_client_new(app->store, socket);
	return store_write_wait(app->store, begin_anew, NULL, error);
}

static void on_media_hung(int pid, gpointer conductor)
{
	(void)conductor;
	supervisor_kill(pid);
}

static void open_media(app *app)
{
	static const media_client_events events = { conductor_media_up, conductor_media_down, conductor_media_event,
		on_media_hung };
	g_autofree char *socket = g_build_filename(app->data_folder, "media.socket", NULL);
	app->conductor = conductor_new(app);
	app->media = media_client_new(socket, &events, app->conductor);
	app->supervisor = supervisor_new(app->loop);
}

static void start(app *app)
{
	g_autofree char *socket = g_build_filename(app->data_folder, "media.socket", NULL);
	app->mailer = mailer_new(app->store, app->settings.mail_from, &app->smtp);
	g_atomic_int_set(&app->is_running, TRUE);
	conductor_start(app->conductor);
	media_client_start(app->media);
	keep_media(app, socket);
	keep_sign(app);
	watch_signals(app);
}

static gboolean do_nothing(db *db, gpointer data, GError **error)
{
	(void)db;
	(void)data;
	(void)error;
	return TRUE;
}

static void close_handles(app *app)
{
	uv_close((uv_handle_t *)&app->signals[0], NULL);
	uv_close((uv_handle_t *)&app->signals[1], NULL);
	uv_close((uv_handle_t *)&app->sweep, NULL);
	uv_close((uv_handle_t *)&app->drain, NULL);
}

app *app_new(options *options, GError **error)
{
	app *app = g_new0(struct app, 1);
	app->options = options;
	app->settings.public_url = options_text(options, "public-url");
	app->settings.mail_from = options_text(options, "mail-from");
	read_smtp(app);
	app->loop = loop_new();
	app->stills = stills_new();
	app->turn = turn_new(options, error);
	if (app->turn != NULL && open_data(app, error)) {
		open_media(app);
		app->gateway = gateway_new(app, error);
	}
	if (app->gateway != NULL) {
		start(app);
		return app;
	}
	app_free(app);
	return NULL;
}

void app_run(app *app)
{
	log_info("listening", LOG_INT("port", gateway_port(app->gateway)), LOG_TEXT("url", app->settings.public_url));
	loop_run(app->loop);
}

void app_free(app *app)
{
	if (app == NULL)
		return;
	/* Nothing new comes in; then those who act end, then what they act on. */
	if (app->is_running) {
		g_atomic_int_set(&app->is_running, FALSE);
		close_handles(app);
	}
	supervisor_free(app->supervisor);
	conductor_stop(app->conductor);
	media_client_free(app->media);
	conductor_free(app->conductor);
	mailer_free(app->mailer);
	if (app->store != NULL)
		store_write_wait(app->store, do_nothing, NULL, NULL); /* a barrier: what the writer had to post is posted */
	loop_finish(app->loop);
	gateway_close(app->gateway);
	loop_free(app->loop);
	gateway_free(app->gateway);
	sign_client_free(app->sign);
	store_close(app->store);
	stills_free(app->stills);
	turn_free(app->turn);
	g_free(app->data_folder);
	options_free(app->options);
	g_free(app);
}
