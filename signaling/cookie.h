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

/* In a write job: sign out every browser of `subject`, e.g. after a new link or a new password. */
gboolean cookie_session_end_all(db *db, const char *subject, GError **error);
