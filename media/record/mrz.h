/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the machine-readable zone (ICAO 9303) of a card or passport page in a picture. Thread: any. */
#pragma once
#include <glib.h>

struct Pix;

/* `grey` is an 8-bit Leptonica picture (not owned). Returns (transfer full) the raw lines, two or three, as Tesseract saw
 * them: 28 to 46 characters A-Z 0-9 <, not repaired; empty when there is no zone. */
char **record_mrz_read(struct Pix *grey);
