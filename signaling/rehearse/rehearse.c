/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/rehearse.h"
#include "core/clock.h"
#include "core/options.h"
#include "signaling/rehearse/device.h"
#include "signaling/rehearse/officer.h"
#include "signaling/rehearse/person.h"
#include "signaling/rehearse/verify.h"
#include "signaling/rehearse/wait.h"
#include <gio/gio.h>
#include <gst/gst.h>
#include <glib/gstdio.h>
#include <stdio.h>

static const option rehearse_options[] = {
	{ .name = "url", .type = OPTION_TEXT, .fallback = "http://localhost:8080", .about = "where the server is" },
	{ .name = "mailbox",
		.type = OPTION_TEXT,
		.fallback = "http://localhost:8025",
		.about = "the demo's mail catcher, where the couple reads its mails" },
	{ .name = "certificate",
		.type = OPTION_TEXT,
		.about = "a PEM file to trust, when the server's certificate is self-made" },
	{ .name = "data", .type = OPTION_TEXT, .fallback = "var", .about = "the server's folder of data" },
	{ .name = "login",
		.type = OPTION_TEXT,
		.fallback = "renate.richter",
		.about = "sign-in name of the officer; nobody else may be waiting for this officer's office" },
	{ .name = "password",
		.type = OPTION_TEXT,
		.is_secret = TRUE,
		.about = "the officer's password; without it the demo's, from DATA/keys/sign-ins.json" },
	{ .name = "identity",
		.type = OPTION_TEXT,
		.about = "age identity file of the municipality, to open the recording; without it the demo's, "
			 "DATA/keys/musterstadt.txt" },
	{ .name = "json", .type = OPTION_TEXT, .about = "file to write what happened to" },
	{ .name = "start-ms",
		.type = OPTION_INTEGER,
		.fallback = "0",
		.max = G_MAXINT,
		.unit = "ms",
		.about = "how long the server took to start, for the JSON file" },
	{ 0 },
};

enum {
	COUPLE = 2,
	ROOM = COUPLE + 1,
	SOON_MS = 50 * CLOCK_MINUTE_MS, /* the waiting room opens an hour before */
	MEET_DEADLINE_MS = 15000,
	CONSENT_DEADLINE_MS = 15000,
	SCRIPT_STALL_MS = 60000,
	SIGN_INS_MAX_BYTES = 65536,
};

/* The specimen persons on the cards that the cameras show. */
static const person_data specimens[COUPLE] = {
	{
		.given_names = "Erika",
		.family_name = "Mustermann",
		.birth_date = "1983-08-12",
		.language = "de",
		.document_number = "LZ6311T47",
		.issue_date = "2021-11-01",
		.sentence = "Guten Tag, ich bin Erika Mustermann. Ich bin mit der Aufzeichnung einverstanden.",
	},
	{
		.given_names = "Jürgen",
		.family_name = "Groß",
		.birth_date = "1981-02-27",
		.language = "de",
		.document_number = "L01X00T47",
		.issue_date = "2023-05-02",
		.sentence = "Guten Tag, mein Name ist Jürgen Groß. Ich stimme der Aufzeichnung zu.",
	},
};

typedef struct {
	const options *options;
	person_place place;
	officer_data officer_data;
	person_data couple[COUPLE];
	char *emails[COUPLE];
	client *visitor; /* books, before anybody has a link */
	person *people[COUPLE];
	officer *officer;
	char *office, *service, *appointment, *password;
	int64_t started_ms, entered_ms, taken_ms, joined_ms, recording_ms, ended_ms;
	int64_t click_to_first_frame_ms;
	json_t *steps;
} rehearsal;

/* The first free time of a service with identification for two, soon enough to be held at once. */
static gboolean find_time_at(rehearsal *rehearsal, const char *office, int64_t *start_ms, GError **error)
{
	g_autofree char *path = g_strconcat("/api/v1/offices/", office, NULL);
	g_autoptr(json_t) answer = client_http(rehearsal->visitor, "GET", path, NULL, error);
	size_t i;
	json_t *service;
	json_array_foreach(json_object_get(answer, "services"), i, service) {
		if (!json_bool(service, "is_identifying") || json_int(service, "person_count") != COUPLE)
			continue;
		g_autofree char *times_path = g_strdup_printf("%s/times?service=%s&days=2", path, json_text(service, "key"));
		g_autoptr(json_t) times = client_http(rehearsal->visitor, "GET", times_path, NULL, error);
		if (times == NULL)
			return FALSE;
		const json_t *first = json_array_get(json_object_get(times, "times"), 0);
		if (first == NULL || json_int(first, "start_ms") > clock_now_ms() + SOON_MS)
			continue;
		g_free(rehearsal->service);
		rehearsal->service = g_strdup(json_text(service, "key"));
		*start_ms = json_int(first, "start_ms");
	}
	return answer != NULL;
}

static gboolean hold_time(rehearsal *rehearsal, GError **error)
{
	if (!client_sign_in(rehearsal->visitor, error))
		return FALSE;
	g_autoptr(json_t) answer = client_http(rehearsal->visitor, "GET", "/api/v1/offices", NULL, error);
	int64_t start_ms = 0;
	size_t i;
	json_t *office;
	json_array_foreach(json_object_get(answer, "offices"), i, office) {
		g_free(rehearsal->office);
		rehearsal->office = g_strdup(json_text(office, "id"));
		if (!find_time_at(rehearsal, rehearsal->office, &start_ms, error))
			return FALSE;
		if (start_ms != 0)
			break;
	}
	if (answer != NULL && start_ms == 0)
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER,
			"no office has a free time within the next %d minutes for a couple to be identified: rehearse within its "
			"opening hours",
			SOON_MS / CLOCK_MINUTE_MS);
	if (start_ms == 0)
		return FALSE;
	g_autofree char *key = g_uuid_string_random();
	g_autoptr(json_t) held = client_http(rehearsal->visitor, "POST", "/api/v1/holds",
		json_pack("{s:s, s:s, s:I, s:s}", "office", rehearsal->office, "service", rehearsal->service, "start_ms",
			(json_int_t)start_ms, "key", key),
		error);
	rehearsal->appointment = g_strdup(json_text(held, "appointment"));
	return held != NULL;
}

static gboolean book(rehearsal *rehearsal, GError **error)
{
	g_autofree char *path = g_strdup_printf("/api/v1/holds/%s/book", rehearsal->appointment);
	json_t *persons = json_array();
	for (guint i = 0; i < COUPLE; i++)
		json_array_append_new(
			persons, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "given_names", rehearsal->couple[i].given_names,
					 "family_name", rehearsal->couple[i].family_name, "birth_date",
					 rehearsal->couple[i].birth_date, "email", rehearsal->couple[i].email, "language",
					 rehearsal->couple[i].language, "document_type", "id_card"));
	g_autoptr(json_t) booked = client_http(
		rehearsal->visitor, "POST", path, json_pack("{s:b, s:o}", "together", FALSE, "persons", persons), error);
	return booked != NULL;
}

static gboolean confirm(rehearsal *rehearsal, GError **error)
{
	g_autofree char *token = rehearse_person_read_link(rehearsal->people[0], "confirm", error);
	g_autoptr(json_t) confirmed = token != NULL ? client_http(rehearsal->visitor, "POST", "/api/v1/confirm",
							      json_pack("{s:s}", "token", token), error)
						    : NULL;
	return confirmed != NULL;
}

static gboolean open_links(rehearsal *rehearsal, GError **error)
{
	return rehearse_person_open(rehearsal->people[0], error) && rehearse_person_open(rehearsal->people[1], error);
}

static gboolean connect_couple(rehearsal *rehearsal, GError **error)
{
	return rehearse_person_connect_media(rehearsal->people[0], error) &&
	       rehearse_person_connect_media(rehearsal->people[1], error);
}

static gboolean has_place(gpointer data)
{
	const json_t *waiting = json_object_get(client_view(rehearse_person_client(data)), "waiting");
	return json_int(waiting, "place") > 0;
}

static gboolean enter(rehearsal *rehearsal, GError **error)
{
	for (guint i = 0; i < COUPLE; i++)
		if (!rehearse_person_enter(rehearsal->people[i], error))
			return FALSE;
	rehearsal->entered_ms = clock_now_ms();
	for (guint i = 0; i < COUPLE; i++)
		if (!wait_until(has_place, rehearsal->people[i], MEET_DEADLINE_MS, "the waiting room shows the couple its place",
			    error))
			return FALSE;
	return TRUE;
}

static gboolean open_desk(rehearsal *rehearsal, GError **error)
{
	return officer_sign_in(rehearsal->officer, error) && officer_connect_media(rehearsal->officer, error);
}

static gboolean take_session(rehearsal *rehearsal, GError **error)
{
	const gboolean is_taken = officer_take_session(rehearsal->officer, error);
	rehearsal->taken_ms = clock_now_ms();
	return is_taken;
}

/* From the click to the moment when each of the three has decoded a frame of both others. */
static gboolean meet(rehearsal *rehearsal, GError **error)
{
	const device_audience room[ROOM] = {
		{ rehearse_person_peer(rehearsal->people[0]), ROOM - 1 },
		{ rehearse_person_peer(rehearsal->people[1]), ROOM - 1 },
		{ officer_peer(rehearsal->officer), ROOM - 1 },
	};
	static const char *const names[ROOM] = { "partner 1", "partner 2", "the officer" };
	for (guint i = 0; i < ROOM; i++)
		rehearse_peer_forget(room[i].peer);
	const gint64 click_us = g_get_monotonic_time();
	if (!officer_join(rehearsal->officer, error))
		return FALSE;
	rehearsal->joined_ms = clock_now_ms();
	for (guint i = 0; i < ROOM; i++) {
		g_autofree char *what = g_strdup_printf("%s sees and hears both others", names[i]);
		if (!wait_until(device_receives_all, (gpointer)&room[i], MEET_DEADLINE_MS, what, error))
			return FALSE;
		rehearsal->click_to_first_frame_ms =
			MAX(rehearsal->click_to_first_frame_ms, (device_last_first_frame_us(&room[i]) - click_us) / 1000);
	}
	return TRUE;
}

static gboolean act_all(rehearsal *rehearsal, GError **error)
{
	for (guint i = 0; i < COUPLE; i++)
		if (!rehearse_person_act(rehearsal->people[i], error))
			return FALSE;
	return TRUE;
}

static gboolean is_recording(gpointer data)
{
	rehearsal *rehearsal = data;
	return g_strcmp0(officer_recording(rehearsal->officer), "on") == 0;
}

static gboolean consent(rehearsal *rehearsal, GError **error)
{
	if (g_strcmp0(officer_recording(rehearsal->officer), "off") != 0) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY, "something is recorded before anybody has consented");
		return FALSE;
	}
	if (!act_all(rehearsal, error) || !wait_until(is_recording, rehearsal, CONSENT_DEADLINE_MS,
						  "the recording starts after both have consented", error))
		return FALSE;
	rehearsal->recording_ms = officer_recording_since_ms(rehearsal->officer);
	return TRUE;
}

/* Everybody reacts to the own view until each person has a verdict. */
static gboolean identify(rehearsal *rehearsal, GError **error)
{
	gint64 moved_us = g_get_monotonic_time();
	g_autofree char *position = NULL;
	for (gboolean is_done = FALSE; !is_done; wait_for(20)) {
		if (!act_all(rehearsal, error) || !officer_act(rehearsal->officer, &is_done, error))
			return FALSE;
		if (g_strcmp0(position, officer_position(rehearsal->officer)) != 0) {
			g_free(position);
			position = g_strdup(officer_position(rehearsal->officer));
			moved_us = g_get_monotonic_time();
		}
		if (g_get_monotonic_time() - moved_us > SCRIPT_STALL_MS * G_GINT64_CONSTANT(1000)) {
			g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_DEADLINE, "after \"%s\" the script does not go on",
				position);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean end_session(rehearsal *rehearsal, GError **error)
{
	const gboolean is_ended = officer_end(rehearsal->officer, error);
	rehearsal->ended_ms = clock_now_ms();
	return is_ended;
}

static gboolean verify_reports(rehearsal *rehearsal, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("jawort-rehearse-XXXXXX", error);
	gboolean is_good = folder != NULL;
	for (guint i = 0; i < COUPLE && is_good; i++) {
		g_autofree char *file = rehearse_person_fetch_report(rehearsal->people[i], folder, error);
		is_good = file != NULL && verify_with_command((const char *const[]){ "report", "verify", file, NULL }, error);
		if (file != NULL)
			g_unlink(file);
	}
	if (folder != NULL)
		g_rmdir(folder);
	return is_good;
}

/* (transfer full) The folder of the recording that this rehearsal began: the newest. */
static char *recording_folder(rehearsal *rehearsal, GError **error)
{
	g_autofree char *store = g_build_filename(options_text(rehearsal->options, "data"), "recordings", NULL);
	g_autoptr(GDir) listing = g_dir_open(store, 0, error);
	char *newest = NULL;
	time_t newest_at = (time_t)(rehearsal->joined_ms / CLOCK_SECOND_MS);
	for (const char *name; listing != NULL && (name = g_dir_read_name(listing)) != NULL;) {
		g_autofree char *folder = g_build_filename(store, name, NULL);
		GStatBuf status;
		if (g_stat(folder, &status) != 0 || status.st_mtime < newest_at)
			continue;
		newest_at = status.st_mtime;
		g_free(newest);
		newest = g_steal_pointer(&folder);
	}
	if (listing != NULL && newest == NULL)
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY, "%s holds no recording of this session", store);
	return newest;
}

static gboolean verify_recordings(rehearsal *rehearsal, GError **error)
{
	const double expected_s = (double)(rehearsal->ended_ms - rehearsal->recording_ms) / CLOCK_SECOND_MS;
	const char *given = options_text(rehearsal->options, "identity");
	g_autofree char *identity =
		given != NULL ? g_strdup(given)
			      : g_build_filename(options_text(rehearsal->options, "data"), "keys", "musterstadt.txt", NULL);
	g_autofree char *folder = recording_folder(rehearsal, error);
	guint people = 0;
	if (folder == NULL || !verify_recording(folder, identity, expected_s, &people, error) ||
		!verify_with_command((const char *const[]){ "recording", "check", folder, NULL }, error))
		return FALSE;
	if (people < COUPLE)
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_VERIFY, "%s holds %u persons", folder, people);
	return people >= COUPLE;
}

static gboolean verify_log(rehearsal *rehearsal, GError **error)
{
	g_autofree char *database = g_strdup_printf("--database=sqlite:%s/jawort.db", options_text(rehearsal->options, "data"));
	return verify_with_command((const char *const[]){ "audit", "verify", database, NULL }, error);
}

static const struct {
	const char *name;
	gboolean (*run)(rehearsal *rehearsal, GError **error);
} steps[] = {
	{ "a visitor finds a free time and holds it", hold_time },
	{ "books it for two", book },
	{ "confirms by the link in the mail", confirm },
	{ "both partners open their own links", open_links },
	{ "connect camera and microphone", connect_couple },
	{ "and enter the waiting room", enter },
	{ "the officer signs in and opens the desk", open_desk },
	{ "is ready, and a session is drawn", take_session },
	{ "joins: all three see and hear each other", meet },
	{ "both partners consent, the recording starts", consent },
	{ "both are identified, step by step", identify },
	{ "the officer ends the session", end_session },
	{ "the reports are fetched and verified", verify_reports },
	{ "the recordings open with age and are whole", verify_recordings },
	{ "the audit log is verified", verify_log },
};

static gboolean read_password(rehearsal *rehearsal, GError **error)
{
	const char *login = options_text(rehearsal->options, "login");
	rehearsal->password = g_strdup(options_text(rehearsal->options, "password"));
	if (rehearsal->password != NULL)
		return TRUE;
	g_autofree char *file = g_build_filename(options_text(rehearsal->options, "data"), "keys", "sign-ins.json", NULL);
	g_autoptr(json_t) sign_ins = json_read_file(file, SIGN_INS_MAX_BYTES, 1, error);
	rehearsal->password = g_strdup(json_text(sign_ins, login));
	if (sign_ins != NULL && rehearsal->password == NULL)
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER, "%s has no password for %s: give one with --password",
			file, login);
	return rehearsal->password != NULL;
}

static gboolean prepare(rehearsal *rehearsal, GError **error)
{
	const char *url = options_text(rehearsal->options, "url");
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, error);
	if (uri == NULL)
		return FALSE;
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(g_uri_get_host(uri));
	rehearsal->place = (person_place){
		.url = url,
		.certificate = options_text(rehearsal->options, "certificate"),
		.mailbox = options_text(rehearsal->options, "mailbox"),
		.is_local = g_strcmp0(g_uri_get_host(uri), "localhost") == 0 ||
			    (address != NULL && g_inet_address_get_is_loopback(address)),
	};
	if (!read_password(rehearsal, error))
		return FALSE;
	rehearsal->officer_data = (officer_data){ options_text(rehearsal->options, "login"), rehearsal->password };
	rehearsal->visitor = client_new(url, rehearsal->place.certificate, error);
	for (guint i = 0; i < COUPLE && rehearsal->visitor != NULL; i++) {
		/* A fresh address, so that mails of an earlier rehearsal are not read. */
		rehearsal->emails[i] = g_strdup_printf("partner%u.%08x@example.org", i + 1, g_random_int());
		rehearsal->couple[i] = specimens[i];
		rehearsal->couple[i].email = rehearsal->emails[i];
		if ((rehearsal->people[i] = rehearse_person_new(&rehearsal->couple[i], &rehearsal->place, error)) == NULL)
			return FALSE;
	}
	rehearsal->officer = officer_new(&rehearsal->officer_data, &rehearsal->place, rehearsal->people, COUPLE, error);
	return rehearsal->officer != NULL;
}

static gboolean run_steps(rehearsal *rehearsal)
{
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autoptr(GError) error = NULL;
		const int64_t from_ms = clock_now_ms();
		const gboolean is_good = steps[i].run(rehearsal, &error);
		const int64_t took_ms = clock_now_ms() - from_ms;
		printf("%8.2f s  %-46s %8.2f s%s\n", (double)(clock_now_ms() - rehearsal->started_ms) / 1000, steps[i].name,
			(double)took_ms / 1000, is_good ? "" : "  FAILED");
		fflush(stdout);
		json_array_append_new(rehearsal->steps,
			json_pack("{s:s, s:I, s:b}", "name", steps[i].name, "ms", (json_int_t)took_ms, "is_good", is_good));
		if (!is_good) {
			fprintf(stderr, "jawort rehearse: %s\n", error != NULL ? error->message : "failed without a reason");
			return FALSE;
		}
	}
	return TRUE;
}

/* The times that an operator compares from one installation to the next. */
static json_t *measure(const rehearsal *rehearsal, gboolean is_verified)
{
	return json_pack("{s:b, s:I, s:I, s:f, s:I, s:I, s:O}", "verified", is_verified, "click_to_first_frame_ms",
		(json_int_t)rehearsal->click_to_first_frame_ms, "start_ms",
		(json_int_t)options_int(rehearsal->options, "start-ms"), "recording_s",
		(double)(rehearsal->ended_ms - rehearsal->recording_ms) / 1000, "waiting_ms",
		(json_int_t)(rehearsal->taken_ms - rehearsal->entered_ms), "session_ms",
		(json_int_t)(rehearsal->ended_ms - rehearsal->joined_ms), "steps", rehearsal->steps);
}

static void rehearsal_clear(rehearsal *rehearsal)
{
	officer_free(rehearsal->officer);
	for (guint i = 0; i < COUPLE; i++) {
		rehearse_person_free(rehearsal->people[i]);
		g_free(rehearsal->emails[i]);
	}
	client_free(rehearsal->visitor);
	json_decref(rehearsal->steps);
	g_free(rehearsal->office);
	g_free(rehearsal->service);
	g_free(rehearsal->appointment);
	g_free(rehearsal->password);
}

int command_rehearse(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(options) options = options_load(rehearse_options, argc, argv, &error);
	if (options == NULL) {
		fprintf(stderr, "jawort rehearse: %s\n", error->message);
		return 2;
	}
	gst_init(NULL, NULL);
	rehearsal rehearsal = { .options = options, .started_ms = clock_now_ms(), .steps = json_array() };
	gboolean is_verified = prepare(&rehearsal, &error);
	if (!is_verified)
		fprintf(stderr, "jawort rehearse: %s\n", error->message);
	is_verified = is_verified && run_steps(&rehearsal);
	if (is_verified)
		printf("verified; click to first frame %d ms, recorded %.1f s\n", (int)rehearsal.click_to_first_frame_ms,
			(double)(rehearsal.ended_ms - rehearsal.recording_ms) / 1000);
	g_autoptr(json_t) measured = measure(&rehearsal, is_verified);
	const char *file = options_text(options, "json");
	if (file != NULL && json_dump_file(measured, file, JSON_INDENT(2)) != 0) {
		fprintf(stderr, "jawort rehearse: %s cannot be written\n", file);
		is_verified = FALSE;
	}
	rehearsal_clear(&rehearsal);
	return is_verified ? 0 : 1;
}
