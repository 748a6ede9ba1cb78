/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/officer.h"
#include "signaling/rehearse/device.h"
#include "signaling/rehearse/wait.h"

enum {
	WIDTH = 640,
	HEIGHT = 360,
	DRAW_DEADLINE_MS = 15000,
	HOLD_UP_MS = 700, /* until what the person holds up is in the picture */
	CAPTURE_TRIES = 3,
};

struct officer {
	const officer_data *data;
	const person_place *place;
	person **people;
	guint people_count;
	client *client;
	peer *peer;
	char *session;
	char *position; /* what was done last, in words */
};

/* A plain wall with a bar that moves. */
static void draw(guint8 *pixels, guint width, guint height, guint64 number, gpointer data G_GNUC_UNUSED)
{
	memset(pixels, 0xB0, (gsize)width * height * 4);
	const gsize bar = (gsize)(number * 4 % width) * 4;
	for (guint y = 0; y < height; y++)
		memset(pixels + (gsize)y * width * 4 + bar, 0x40, 4);
}

officer *officer_new(const officer_data *data, const person_place *place, person **people, guint people_count, GError **error)
{
	g_autoptr(officer) self = g_new0(officer, 1);
	self->data = data;
	self->place = place;
	self->people = people;
	self->people_count = people_count;
	self->client = client_new(place->url, place->certificate, error);
	return self->client != NULL ? g_steal_pointer(&self) : NULL;
}

void officer_free(officer *officer)
{
	if (officer == NULL)
		return;
	rehearse_peer_free(officer->peer);
	client_free(officer->client);
	g_free(officer->session);
	g_free(officer->position);
	g_free(officer);
}

peer *officer_peer(officer *officer)
{
	return officer->peer;
}

client *officer_client(officer *officer)
{
	return officer->client;
}

const char *officer_session(const officer *officer)
{
	return officer->session;
}

const char *officer_position(const officer *officer)
{
	return officer->position;
}

static const json_t *session_view(const officer *officer)
{
	const json_t *session = json_object_get(client_view(officer->client), "session");
	return json_is_object(session) ? session : NULL;
}

const char *officer_recording(const officer *officer)
{
	return json_text(json_object_get(session_view(officer), "recording"), "state");
}

int64_t officer_recording_since_ms(const officer *officer)
{
	return json_int(json_object_get(session_view(officer), "recording"), "since_ms");
}

/* One operation whose answer says nothing more than that it was done. */
static gboolean call(officer *officer, const char *operation, json_t *in, GError **error)
{
	g_autoptr(json_t) out = client_call(officer->client, operation, in, error);
	return out != NULL;
}

static gboolean has_view(gpointer data)
{
	return client_view(((officer *)data)->client) != NULL;
}

/* A rehearsal that was broken off left its meeting open, and nobody else will end it. */
static gboolean end_left_over(officer *officer, GError **error)
{
	if (!wait_until(has_view, officer, DRAW_DEADLINE_MS, "the desk is shown", error))
		return FALSE;
	const char *state = json_text(session_view(officer), "state");
	if (g_strcmp0(state, "assigned") != 0 && g_strcmp0(state, "live") != 0)
		return TRUE;
	const char *session = json_text(session_view(officer), "id");
	return call(officer, "session.end", json_pack("{s:s, s:s}", "session", session, "reason", "technical"), error);
}

gboolean officer_sign_in(officer *officer, GError **error)
{
	g_autoptr(json_t) signed_in = client_http(officer->client, "POST", "/api/v1/sign-in",
		json_pack("{s:s, s:s}", "login", officer->data->login, "password", officer->data->password), error);
	return signed_in != NULL && client_sign_in(officer->client, error) && client_connect(officer->client, error) &&
	       end_left_over(officer, error) &&
	       call(officer, "desk.start_shift", json_pack("{s:b}", "room_attested", TRUE), error);
}

gboolean officer_connect_media(officer *officer, GError **error)
{
	officer->peer = device_connect(officer->client,
		&(peer_setup){
			.name = "officer",
			.sentence = "Guten Tag, mein Name ist Weber. Können Sie mich gut sehen und hören?",
			.language = "de",
			.width = WIDTH,
			.height = HEIGHT,
			.draw = draw,
			.is_local = officer->place->is_local,
		},
		error);
	return officer->peer != NULL;
}

static gboolean has_session(gpointer data)
{
	return g_strcmp0(json_text(session_view(data), "state"), "assigned") == 0;
}

gboolean officer_take_session(officer *officer, GError **error)
{
	if (!call(officer, "desk.ready", NULL, error) ||
		!wait_until(has_session, officer, DRAW_DEADLINE_MS, "a session is drawn for the officer", error))
		return FALSE;
	officer->session = g_strdup(json_text(session_view(officer), "id"));
	return TRUE;
}

gboolean officer_join(officer *officer, GError **error)
{
	return call(officer, "session.join", json_pack("{s:s}", "session", officer->session), error);
}

gboolean officer_end(officer *officer, GError **error)
{
	return call(officer, "session.end", json_pack("{s:s, s:s}", "session", officer->session, "reason", "completed"), error);
}

static const person_data *heard(const officer *officer, const char *person)
{
	for (guint i = 0; i < officer->people_count; i++)
		if (g_strcmp0(rehearse_person_id(officer->people[i]), person) == 0)
			return rehearse_person_get_data(officer->people[i]);
	return NULL;
}

/* What the person answers, as the officer types it. */
static const char *answer_to(const officer *officer, const char *person, const char *wanted)
{
	const person_data *data = heard(officer, person);
	if (data == NULL || wanted == NULL)
		return NULL;
	if (g_str_equal(wanted, "document_number"))
		return data->document_number;
	if (g_str_equal(wanted, "issue_date"))
		return data->issue_date;
	return "passt";
}

/* Each thing is done once; until the view shows its result, it is waited for. */
static gboolean is_new(officer *officer, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean is_new(officer *officer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *position = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (g_strcmp0(position, officer->position) == 0)
		return FALSE;
	g_free(officer->position);
	officer->position = g_steal_pointer(&position);
	return TRUE;
}

/* As a human would: when no picture comes, once more. */
static gboolean capture(officer *officer, const char *attempt, const char *step, GError **error)
{
	for (guint tries = 1;; tries++) {
		g_autoptr(GError) refused = NULL;
		wait_for(HOLD_UP_MS);
		if (call(officer, "check.capture", json_pack("{s:s, s:s}", "attempt", attempt, "step", step), &refused))
			return TRUE;
		if (tries == CAPTURE_TRIES) {
			g_propagate_error(error, g_steal_pointer(&refused));
			return FALSE;
		}
	}
}

/* The due step: a still where it needs one and has none, the TAN at its step, else the officer's word that all is well. */
static gboolean act_on_check(officer *officer, const json_t *attempt, const json_t *check, GError **error)
{
	g_autofree char *id = g_strdup(json_text(attempt, "id"));
	g_autofree char *step = g_strdup(json_text(check, "step"));
	const json_t *parameters = json_object_get(check, "parameters");
	const gboolean is_automatic = json_bool(parameters, "automatic");
	const gboolean wants_still = json_bool(parameters, "still") || is_automatic;
	const char *what = g_str_equal(json_text(check, "kind"), "tan")                         ? "tan"
			   : wants_still && (json_text(check, "still") == NULL || is_automatic) ? "still"
												: "pass";
	if (!is_new(officer, "%s %s, try %d, of %s", what, step, (int)json_int(check, "tries") + 1, id))
		return TRUE;
	if (g_str_equal(what, "tan"))
		return call(officer, "tan.send", json_pack("{s:s}", "attempt", id), error);
	if (g_str_equal(what, "still"))
		return capture(officer, id, step, error);
	const char *answer = answer_to(officer, json_text(attempt, "person"), json_text(parameters, "answer"));
	return call(officer, "check.record",
		json_pack("{s:s, s:s, s:s, s:s*}", "attempt", id, "step", step, "result", "pass", "answer", answer), error);
}

static gboolean give_verdict(officer *officer, const json_t *attempt, GError **error)
{
	const char *id = json_text(attempt, "id");
	return !is_new(officer, "verdict of %s", id) ||
	       call(officer, "attempt.verdict", json_pack("{s:s, s:s, s:[]}", "attempt", id, "verdict", "identified", "reasons"),
		       error);
}

static gboolean act_on_attempt(officer *officer, const json_t *attempt, GError **error)
{
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(attempt, "checks"), i, check) {
		const char *state = json_text(check, "state");
		if (g_str_equal(state, "now"))
			return act_on_check(officer, attempt, check, error);
		if (g_str_equal(state, "failed")) {
			g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER, "step %s failed: %s", json_text(check, "step"),
				json_text(check, "result"));
			return FALSE;
		}
	}
	return give_verdict(officer, attempt, error);
}

/* The attempt of a person that is running or ended with a verdict; NULL: none yet. */
static const json_t *attempt_of(const json_t *session, const char *person)
{
	size_t i;
	json_t *attempt;
	const json_t *found = NULL;
	json_array_foreach(json_object_get(session, "attempts"), i, attempt) {
		const char *state = json_text(attempt, "state");
		if (g_strcmp0(json_text(attempt, "person"), person) == 0 &&
			(g_str_equal(state, "running") || g_str_equal(state, "closed")))
			found = attempt;
	}
	return found;
}

gboolean officer_act(officer *officer, gboolean *is_done, GError **error)
{
	const json_t *session = session_view(officer);
	*is_done = FALSE;
	if (g_strcmp0(officer_recording(officer), "on") != 0)
		return TRUE;
	for (guint i = 0; i < officer->people_count; i++) {
		const char *person = rehearse_person_id(officer->people[i]);
		const json_t *attempt = attempt_of(session, person);
		if (attempt == NULL)
			return !is_new(officer, "start with %s", person) ||
			       call(officer, "attempt.start",
				       json_pack("{s:s, s:s}", "session", officer->session, "person", person), error);
		if (g_str_equal(json_text(attempt, "state"), "running"))
			return act_on_attempt(officer, attempt, error);
	}
	*is_done = TRUE;
	return TRUE;
}
