/* SPDX-License-Identifier: EUPL-1.2 */
/* Previews of stills, in memory only: by id, for one officer, until the session ends. Thread: any. */
#pragma once
#include <glib.h>

typedef struct stills stills;

stills *stills_new(void);
void stills_free(stills *stills);
/* Takes `jpeg`. The oldest of a session that has STILLS_PER_SESSION is dropped. */
void stills_add(stills *stills, const char *id, const char *session, const char *officer, GBytes *jpeg);
/* (transfer full) The picture if it is this officer's, else NULL. */
GBytes *stills_get(stills *stills, const char *id, const char *officer);
void stills_drop_session(stills *stills, const char *session);
