/* SPDX-License-Identifier: EUPL-1.2 */
/* Bech32 (BIP 173) as age uses it: no length limit of 90, 8-bit data. For core/age.c only. */
#pragma once
#include <glib.h>

/* (transfer full) lower case */
char *bech32_encode(const char *prefix, const void *data, size_t length);
/* Whether `text` (all lower or all upper case) holds exactly `length` bytes under `prefix` (lower case). */
gboolean bech32_decode(const char *text, const char *prefix, void *data, size_t length);
