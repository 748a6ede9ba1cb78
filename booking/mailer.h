/* SPDX-License-Identifier: EUPL-1.2 */
/* Sends what the outbox holds, over core/smtp, with retry and growing pauses: TANs first, MAIL_CONNECTIONS mails at once, so that
 * a server that hangs over one holds up no other.
 *
 * Owns its threads; reads and writes through the store. A mail that the server refuses for good, or that failed MAIL_TRIES
 * times, is "failed" and stays visible as such; its text is erased. A crash between the server's answer and our commit can send
 * a mail twice, with the same Message-ID. `jawort serve` has one. */
#pragma once
#include "core/smtp.h"
#include "core/db/store.h"

typedef struct mailer mailer;

/* `from` is the envelope's sender; it and `server` outlive the mailer. Starts the thread, which looks into the outbox at once. */
mailer *mailer_new(store *store, const char *from, const smtp_server *server);
/* There may be something to send: call on topic "notices". Thread: any; returns at once. */
void mailer_wake(mailer *mailer);
/* Breaks off the mails in hand, which stay in the outbox, and ends the threads. */
void mailer_free(mailer *mailer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mailer, mailer_free)
