/* SPDX-License-Identifier: EUPL-1.2 */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <math.h>
#include "media/record/ocrb.h"
#include "media/record/record.h"

static const char font_path[] = "/usr/share/fonts/opentype/ocr-b/OCRB.otf";

/* A camera blurs: so does this, by 1 2 1 in both directions. */
static int blurred(const guint8 *ink, int row, int column)
{
	static const int weights[3] = { 1, 2, 1 };
	int sum = 0;
	for (int y = -1; y <= 1; y++) {
		for (int x = -1; x <= 1; x++) {
			int at_row = row + y, at_column = column + x;
			if (at_row >= 0 && at_row < OCRB_ROWS && at_column >= 0 && at_column < OCRB_CELL)
				sum += weights[y + 1] * weights[x + 1] * ink[at_row * OCRB_CELL + at_column];
		}
	}
	return sum / 16;
}

static void finish(ocrb *glyphs, int index, const guint8 *ink)
{
	enum { COUNT = OCRB_CELL * OCRB_ROWS };
	int values[COUNT], sum = 0;
	double squares = 0;
	for (int i = 0; i < COUNT; i++)
		sum += values[i] = blurred(ink, i / OCRB_CELL, i % OCRB_CELL);
	for (int i = 0; i < COUNT; i++) {
		glyphs->glyph[index].ink[i] = (gint16)((values[i] - sum / COUNT) / 2);
		squares += glyphs->glyph[index].ink[i] * glyphs->glyph[index].ink[i];
	}
	glyphs->glyph[index].spread = sqrt(squares);
}

/* Draw one glyph into its cell, its baseline where that of all capitals is. */
static gboolean draw(FT_Face face, char character, int baseline, guint8 *ink)
{
	if (FT_Load_Char(face, (FT_ULong)character, FT_LOAD_RENDER | FT_LOAD_NO_HINTING) != 0)
		return FALSE;
	const FT_GlyphSlot slot = face->glyph;
	int left = slot->bitmap_left + (int)lround((OCRB_CELL - (double)slot->advance.x / 64) / 2);
	for (unsigned y = 0; y < slot->bitmap.rows; y++) {
		for (unsigned x = 0; x < slot->bitmap.width; x++) {
			int row = baseline - slot->bitmap_top + (int)y, column = left + (int)x;
			if (row >= 0 && row < OCRB_ROWS && column >= 0 && column < OCRB_CELL)
				ink[row * OCRB_CELL + column] = slot->bitmap.buffer[(int)y * slot->bitmap.pitch + (int)x];
		}
	}
	return TRUE;
}

static gboolean draw_all(FT_Face face, double size, ocrb *glyphs)
{
	FT_Load_Char(face, 'H', FT_LOAD_NO_SCALE); /* in size I its advance is the pitch */
	double em = size * OCRB_CELL * face->units_per_EM / (double)MAX(face->glyph->metrics.horiAdvance, 1);
	FT_Set_Char_Size(face, (FT_F26Dot6)(64 * em), 0, 72, 72);
	if (FT_Load_Char(face, 'H', FT_LOAD_NO_HINTING) != 0)
		return FALSE;
	int baseline = OCRB_MIDDLE + (int)lround((double)face->glyph->metrics.height / 64 / 2);
	for (int i = 0; i < OCRB_GLYPHS; i++) {
		guint8 ink[OCRB_CELL * OCRB_ROWS] = { 0 };
		if (!draw(face, OCRB_CHARACTERS[i], baseline, ink))
			return FALSE;
		finish(glyphs, i, ink);
	}
	return TRUE;
}

const ocrb *ocrb_get(GError **error)
{
	static const double sizes[OCRB_SIZES] = { 1, 0.93, 0.86 };
	static ocrb glyphs[OCRB_SIZES];
	static gsize state; /* 0 not tried, 1 there, 2 not there */
	if (g_once_init_enter(&state)) {
		FT_Library library = NULL;
		FT_Face face = NULL;
		gboolean is_there = FT_Init_FreeType(&library) == 0 && FT_New_Face(library, font_path, 0, &face) == 0;
		for (int i = 0; is_there && i < OCRB_SIZES; i++)
			is_there = draw_all(face, sizes[i], &glyphs[i]);
		FT_Done_Face(face);
		FT_Done_FreeType(library);
		g_once_init_leave(&state, is_there ? 1 : 2);
	}
	if (state == 1)
		return glyphs;
	g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "The font %s is missing (Debian: fonts-ocr-b).", font_path);
	return NULL;
}
