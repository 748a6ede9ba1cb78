/* SPDX-License-Identifier: EUPL-1.2 */
/* A synthetic partner at an own device: opens the personal link, connects, waits, and then only reacts to what the page shows
 * (the view "visit"): consents, holds up what is asked for, types the TAN from the mail. Thread: main. */
#pragma once
#include "signaling/rehearse/client.h"
#include "signaling/rehearse/peer.h"

typedef struct {
	const char *given_names, *family_name;
	const char *birth_date; /* "1983-08-12" */
	const char *email;
	const char *language;
	const char *document_number; /* of the card that the camera shows */
	const char *issue_date;
	const char *sentence; /* what the microphone says */
} person_data;

typedef struct {
	const char *url, *certificate, *mailbox; /* as client_new() wants them */
	gboolean is_local;
} person_place;

typedef struct person person;
/* `data` and `place` outlive it. */
person *rehearse_person_new(const person_data *data, const person_place *place, GError **error);
void rehearse_person_free(person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(person, rehearse_person_free)

const person_data *rehearse_person_get_data(const person *person);
/* Wait for a mail with a link PUBLIC_URL/PAGE#TOKEN. (transfer full) the token. */
char *rehearse_person_read_link(person *person, const char *page, GError **error);
/* Open the personal link that the confirmation mail brought, with the date of birth. */
gboolean rehearse_person_open(person *person, GError **error);
/* Camera, microphone and the connection to the media server. */
gboolean rehearse_person_connect_media(person *person, GError **error);
/* Into the waiting room. */
gboolean rehearse_person_enter(person *person, GError **error);
/* React to the view, if there is something to do; returns at once otherwise. */
gboolean rehearse_person_act(person *person, GError **error);
/* Fetch the own report into `folder`, as FOLDER/ID.json. (transfer full) its path. */
char *rehearse_person_fetch_report(person *person, const char *folder, GError **error);

const char *rehearse_person_id(const person *person); /* NULL before rehearse_person_open() */
peer *rehearse_person_peer(person *person);
client *rehearse_person_client(person *person);
