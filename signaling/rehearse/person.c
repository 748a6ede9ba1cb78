/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/person.h"
#include "signaling/rehearse/camera.h"
#include "signaling/rehearse/device.h"
#include "signaling/rehearse/mailbox.h"
#include "signaling/rehearse/wait.h"

struct person {
	const person_data *data;
	const person_place *place;
	client *client;
	client *mailbox;
	camera *camera;
	peer *peer;
	char *id;
	guint last_mail;
	char *last_tan_attempt; /* for which a TAN was typed */
};

person *rehearse_person_new(const person_data *data, const person_place *place, GError **error)
{
	g_autoptr(person) self = g_new0(person, 1);
	self->data = data;
	self->place = place;
	self->client = client_new(place->url, place->certificate, error);
	self->mailbox = client_new(place->mailbox, NULL, error);
	self->camera = camera_new(data);
	return self->client != NULL && self->mailbox != NULL ? g_steal_pointer(&self) : NULL;
}

void rehearse_person_free(person *person)
{
	if (person == NULL)
		return;
	rehearse_peer_free(person->peer);
	client_free(person->client);
	client_free(person->mailbox);
	camera_free(person->camera);
	g_free(person->id);
	g_free(person->last_tan_attempt);
	g_free(person);
}

const person_data *rehearse_person_get_data(const person *person)
{
	return person->data;
}

const char *rehearse_person_id(const person *person)
{
	return person->id;
}

peer *rehearse_person_peer(person *person)
{
	return person->peer;
}

client *rehearse_person_client(person *person)
{
	return person->client;
}

char *rehearse_person_read_link(person *person, const char *page, GError **error)
{
	g_autofree char *pattern = g_strdup_printf("/%s#([A-Za-z0-9_-]{22,64})", page);
	return mailbox_wait(person->mailbox, person->data->email, pattern, &person->last_mail, error);
}

gboolean rehearse_person_open(person *person, GError **error)
{
	g_autofree char *token = rehearse_person_read_link(person, "visit", error);
	if (token == NULL)
		return FALSE;
	g_autoptr(json_t) opened = client_http(person->client, "POST", "/api/v1/link",
		json_pack("{s:s, s:s}", "token", token, "birth_date", person->data->birth_date), error);
	if (opened == NULL)
		return FALSE;
	person->id = g_strdup(json_text(opened, "person"));
	return client_sign_in(person->client, error) && client_connect(person->client, error);
}

gboolean rehearse_person_connect_media(person *person, GError **error)
{
	person->peer = device_connect(person->client,
		&(peer_setup){
			.name = person->data->given_names,
			.sentence = person->data->sentence,
			.language = person->data->language,
			.width = CAMERA_WIDTH,
			.height = CAMERA_HEIGHT,
			.draw = camera_draw,
			.draw_data = person->camera,
			.is_local = person->place->is_local,
		},
		error);
	return person->peer != NULL;
}

gboolean rehearse_person_enter(person *person, GError **error)
{
	g_autofree char *nonce =
		g_strdup_printf("%08x%08x%08x%08x", g_random_int(), g_random_int(), g_random_int(), g_random_int());
	g_autoptr(json_t) out = client_call(person->client, "visit.enter", json_pack("{s:s}", "nonce", nonce), error);
	return out != NULL;
}

static const json_t *own_card(const person *person)
{
	size_t i;
	json_t *card;
	json_array_foreach(json_object_get(client_view(person->client), "people"), i, card)
		if (g_strcmp0(json_text(card, "id"), person->id) == 0)
			return card;
	return NULL;
}

/* Read the text that the page shows, and say yes to exactly this version. */
static gboolean give_consent(person *person, GError **error)
{
	g_autofree char *path = g_strdup_printf("/api/v1/consent?language=%s", person->data->language);
	g_autoptr(json_t) text = client_http(person->client, "GET", path, NULL, error);
	if (text == NULL)
		return FALSE;
	g_autoptr(json_t) out = client_call(person->client, "consent.give",
		json_pack("{s:s, s:s, s:b}", "person", person->id, "text_version", json_text(text, "version"), "is_given", TRUE),
		error);
	return out != NULL;
}

static gboolean type_tan(person *person, const char *attempt, GError **error)
{
	g_free(person->last_tan_attempt);
	person->last_tan_attempt = g_strdup(attempt);
	g_autofree char *tan = mailbox_wait(person->mailbox, person->data->email, "\\b([0-9]{6})\\b", &person->last_mail, error);
	if (tan == NULL)
		return FALSE;
	g_autoptr(json_t) out = client_call(
		person->client, "tan.enter", json_pack("{s:s, s:s}", "attempt", person->last_tan_attempt, "tan", tan), error);
	if (out != NULL && !json_bool(out, "is_right"))
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER, "the server refused the TAN that it sent");
	return out != NULL && json_bool(out, "is_right");
}

gboolean rehearse_person_act(person *person, GError **error)
{
	const json_t *session = json_object_get(client_view(person->client), "session");
	if (!json_is_object(session))
		return TRUE;
	if (g_strcmp0(json_text(session, "state"), "live") == 0 && g_strcmp0(json_text(own_card(person), "consent"), "open") == 0)
		return give_consent(person, error);
	const json_t *now = json_object_get(session, "now");
	if (g_strcmp0(json_text(now, "person"), person->id) == 0)
		camera_show(person->camera, json_text(now, "step"));
	const json_t *tan = json_object_get(session, "tan");
	const char *attempt = json_text(tan, "attempt");
	if (g_strcmp0(json_text(tan, "person"), person->id) == 0 && g_strcmp0(attempt, person->last_tan_attempt) != 0)
		return type_tan(person, attempt, error);
	return TRUE;
}

static gboolean has_report(gpointer data)
{
	const person *person = data;
	return json_array_size(json_object_get(client_view(person->client), "reports")) > 0;
}

char *rehearse_person_fetch_report(person *person, const char *folder, GError **error)
{
	if (!wait_until(has_report, person, 15000, "the report is offered to the person", error))
		return NULL;
	const json_t *card = json_array_get(json_object_get(client_view(person->client), "reports"), 0);
	g_autofree char *path = g_strdup_printf("/api/v1/reports/%s/json", json_text(card, "id"));
	g_autofree char *file = g_strdup_printf("%s/%s.json", folder, json_text(card, "id"));
	g_autoptr(GBytes) report = client_file(person->client, path, error);
	if (report == NULL || !g_file_set_contents(file, g_bytes_get_data(report, NULL), (gssize)g_bytes_get_size(report), error))
		return NULL;
	return g_steal_pointer(&file);
}
