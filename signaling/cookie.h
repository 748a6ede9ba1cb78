/* SPDX-License-Identifier: EUPL-1.2 */
/* Signed-in browsers: a random secret in a cookie, its hash in the database.
 *
 * A cookie session belongs to one staff member at one organisation or to one person, ends after a time without use or
 * after an absolute time (limits.h), and names the device's media peer. The cookie is HttpOnly, SameSite=Strict, and Secure
 * under TLS. Thread: inside a job. */
#pragma once
#include "signaling/operation.h"

/* In a write job: sign a browser in. `subject` is the staff id or person id, `organisation` where it acts (a person: the
 * responsible one). Returns (transfer full) the secret for request->cookie, or NULL. */
char *cookie_session_start(
	db *db, actor_kind kind, const char *subject, const char *organisation, int64_t now_ms, GError **error);

/* In a write job: sign out the browser with this cookie. */
gboolean cookie_session_end(db *db, const char *secret, GError **error);
/* In a write job: sign out every browser of `subject`, e.g. after a new link or a new password. */
gboolean cookie_session_end_all(db *db, const char *subject, GError **error);
/* In a write job: note that it was used. */
gboolean cookie_session_seen(db *db, const char *secret, int64_t now_ms, GError **error);
/* In a write job: forget those that ended. */
gboolean cookie_sessions_sweep(db *db, int64_t now_ms, GError **error);

/* Who calls: the actor and what goes with it. Owns its strings. */
typedef struct {
	actor actor;
	char *peer;       /* NULL for visitors */
	gboolean is_seen; /* FALSE: the use should be noted (cookie_session_seen) */
} caller;

/* Who holds these cookies (either may be NULL). Somebody unknown or signed out is a visitor. Returns (transfer full), NULL
 * only when the database failed. */
caller *caller_load(db *db, const char *cookie, const char *visitor, int64_t now_ms, GError **error);
void caller_free(caller *caller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(caller, caller_free)

/* (transfer full) What pages send in X-CSRF-Token: derived from the cookie, so that it needs no row. */
char *cookie_csrf(const char *secret);
