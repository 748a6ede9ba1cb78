/* SPDX-License-Identifier: EUPL-1.2 */
/* The secret links of persons: PUBLIC_URL/visit#TOKEN, and PUBLIC_URL/confirm#TOKEN in the first mail.
 *
 * A token is a secret of core/crypto (256 random bits) and is stored as SHA-256. It stands in the fragment, so that no server or
 * mail scanner sees or spends it; a page exchanges it by POST, together with the date of birth, for a cookie. Moving an
 * appointment makes new ones. */
#pragma once
#include "booking/person.h"

/* (transfer full) A new link for the person, the old one is dead from now. Returns the token, NULL on error. */
char *link_rotate(const booking_context *context, const char *person, GError **error);

typedef enum {
	LINK_OPENED, /* right; `*person` (transfer full) says who */
	LINK_WRONG,  /* token or date of birth; never says which */
	LINK_LOCKED, /* too many wrong dates of birth */
} link_result;
/* Open a link. A wrong date of birth is counted, so the job must return TRUE (commit) whatever the result.
 * FALSE only when the database failed. */
gboolean link_open(const booking_context *context, const char *token, const char *birth_date, link_result *result, char **person,
	GError **error);
