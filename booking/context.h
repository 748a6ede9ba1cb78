/* SPDX-License-Identifier: EUPL-1.2 */
/* What every change in booking needs to know: where, when, by whom.
 *
 * Lives on the caller's stack for the length of one write job; nothing keeps it. */
#pragma once
#include "core/db/store.h"

typedef struct {
	const char *public_url; /* as people reach the pages, without a slash at the end: "https://termin.example.de" */
	const char *mail_from;  /* the address mails come from: "termin@example.de" */
} booking_settings;

typedef struct {
	db *db;
	int64_t now_ms;
	const char *actor; /* as the audit log wants it: "staff:ID", "person:ID", "visitor:HASH" or "system" */
	const booking_settings *settings;
} booking_context;
