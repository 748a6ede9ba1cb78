/* SPDX-License-Identifier: EUPL-1.2 */
/* The thread that sends what the outbox holds, over core/smtp, with retry and growing pauses.
 *
 * Owns its thread; reads and writes through the store. After MAIL_TRIES a notice is "failed" and stays visible.
 * `jawort serve` has one. */
#pragma once
#include "core/db/store.h"

typedef struct mailer mailer;

/* Hands one mail over: `mail` is the whole RFC 5322 message with CRLF. FALSE: try later. core/smtp in the product. */
typedef gboolean (*mailer_send)(gpointer user_data, const char *from, const char *to, const char *mail, GError **error);

/* `from` is the envelope's sender. Starts the thread, which looks into the outbox at once. */
mailer *mailer_new(store *store, const char *from, mailer_send send, gpointer user_data);
/* There may be something to send: call on topic "notices". Thread: any; returns at once. */
void mailer_wake(mailer *mailer);
/* Waits for the mail in hand, then ends the thread. */
void mailer_free(mailer *mailer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mailer, mailer_free)
