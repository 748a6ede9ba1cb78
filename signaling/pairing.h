/* SPDX-License-Identifier: EUPL-1.2 */
/* Who meets whom: nobody picks (V-10).
 *
 * An officer who is ready may take the waiting appointments of the own organisation (a registrar bound to an office: of that
 * office; an examiner: identifications only), and those of others when an agreement's rule holds now. Own ones come first.
 * Appointments that begin within PAIRING_WINDOW_MS of the earliest wait together, and the next is drawn among them; when
 * several officers are ready, the officer is drawn for the earliest. Candidates and proof stand in the audit log. */
#pragma once
#include "booking/waiting.h"
#include "signaling/operation.h"

/* In a write job: bring together all that can be. To be called whenever an officer gets ready or a case checks in, and now
 * and then, because rules of agreements depend on the time. */
gboolean pairing_run(const booking_context *context, GError **error);

/* An officer as far as eligibility goes. */
typedef struct {
	char *staff;
	char *organisation;
	char *office; /* NULL: all of the organisation */
	gboolean is_registrar;
	char *languages; /* "de,en" */
	gboolean is_blocked;
} pairing_officer;

/* The part of eligibility that needs no agreement: may this officer of the same organisation take `entry`? */
gboolean pairing_may_take_own(const pairing_officer *officer, const waiting_entry *entry);
