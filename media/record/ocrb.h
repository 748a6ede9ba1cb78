/* SPDX-License-Identifier: EUPL-1.2 */
/* The glyphs of OCR-B (ISO 1073-2) at the pitch of the machine-readable zone, in some sizes, for not every printer keeps
 * size I: drawn once from the font of Debian's fonts-ocr-b. Thread: any. */
#pragma once
#include <glib.h>

#define OCRB_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
#define OCRB_INK_WIDTH 0.68 /* of a character in its cell, about */

enum {
	OCRB_GLYPHS = 37,
	OCRB_SIZES = 3,
	OCRB_CELL = 20,   /* columns: the pitch of 2.54 mm */
	OCRB_ROWS = 28,   /* capitals have 19 */
	OCRB_MIDDLE = 14, /* row of the middle of capitals */
};

typedef struct {
	struct {
		gint16 ink[OCRB_CELL * OCRB_ROWS]; /* its mean is 0 */
		double spread;                     /* square root of the sum of squares */
	} glyph[OCRB_GLYPHS];
} ocrb;

/* OCRB_SIZES of them, the first in size I; NULL with an error when the font is missing. Owned by the module. */
const ocrb *ocrb_get(GError **error);
