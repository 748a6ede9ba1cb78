/* SPDX-License-Identifier: EUPL-1.2 */
/* A synthetic officer: signs in, takes the next session, and works through the script as the desk shows it (the view "desk").
 * What a human officer would see or hear, it takes from the persons' data. Thread: main. */
#pragma once
#include "signaling/rehearse/client.h"
#include "signaling/rehearse/peer.h"
#include "signaling/rehearse/person.h"

typedef struct {
	const char *login, *password;
} officer_data;

typedef struct officer officer;
/* `data` and `place` outlive it; so do the persons, whom it "hears". */
officer *officer_new(const officer_data *data, const person_place *place, person **people, guint people_count, GError **error);
void officer_free(officer *officer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(officer, officer_free)

/* Sign in, open the desk, begin the shift. */
gboolean officer_sign_in(officer *officer, GError **error);
gboolean officer_connect_media(officer *officer, GError **error);
/* Say "ready" and wait for the session that is drawn. */
gboolean officer_take_session(officer *officer, GError **error);
gboolean officer_join(officer *officer, GError **error);
/* Do the next thing of the script, if it is the officer's turn; returns at once otherwise. `*is_done` when every person has a
 * verdict. */
gboolean officer_act(officer *officer, gboolean *is_done, GError **error);
gboolean officer_end(officer *officer, GError **error);

const char *officer_session(const officer *officer); /* its id; NULL before one was taken */
/* "off", "on" …: as the desk shows it; NULL without a session. */
const char *officer_recording(const officer *officer);
int64_t officer_recording_since_ms(const officer *officer);
/* What was done last, in words; NULL before the first thing. Valid until the next officer_act(). */
const char *officer_position(const officer *officer);
peer *officer_peer(officer *officer);
client *officer_client(officer *officer);
