/* SPDX-License-Identifier: EUPL-1.2 */
#include <leptonica/allheaders.h>
#include <math.h>
#include "media/record/mrz.h"
#include "media/record/ocrb.h"

/* Three steps: find long lines of text in a small binary picture; stretch each, level, so that a character has a cell of
 * OCRB_CELL; compare each cell with all glyphs. The zone has one typeface and one pitch, so this knows more than a
 * general reader: README.md has the comparison. */
enum {
	FIND_WIDTH = 640, /* of the small picture: a character of the zone has 8 to 20 pixels there */
	LINES_MAX = 8,    /* tried, from below */
	MARGIN = 2,       /* cells around the text, to shift it */
	PAD = 5,          /* rows above and below, to shift it */
	ROWS = OCRB_ROWS + 2 * PAD,
	LENGTH_MOST = 44,
	STRIDE = (LENGTH_MOST + 2 * MARGIN) * OCRB_CELL,
	SHIFT = 3, /* a character may stand this much beside its place */
};

static const int lengths[] = { 30, 36, 44 }; /* TD1, TD2, TD3 */
/* Means of a line; what is no OCR-B stays below. A coarse search finds less. */
#define LIKENESS_LEAST 0.62
#define LIKENESS_COARSE 0.45

/* One line of text, in the full picture: straight through its middle. */
typedef struct {
	double left, right;   /* x of its ends */
	double slope, middle; /* y of its middle at (left + right) / 2 */
	double height;
} text_line;

typedef struct {
	guint8 ink[ROWS][STRIDE]; /* 0 is paper */
} text_strip;

typedef struct {
	char text[LENGTH_MOST + 1];
	int length;
	double likeness;
} reading;

/* --- find --- */

/* (transfer full) Black on white, even where the light is uneven. */
static PIX *even_light(PIX *grey)
{
	PIX *even = pixBackgroundNormSimple(grey, NULL, NULL);
	return even != NULL ? even : pixCopy(NULL, grey);
}

/* Fit a line through the black pixels of a component. */
static text_line fit(PIX *component, BOX *box, double scale)
{
	int width = pixGetWidth(component), height = pixGetHeight(component), words = pixGetWpl(component);
	double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
	for (int y = 0; y < height; y++) {
		l_uint32 *row = pixGetData(component) + (gsize)y * (gsize)words;
		for (int x = 0; x < width; x++) {
			if (!GET_DATA_BIT(row, x))
				continue;
			n += 1;
			sx += x;
			sy += y;
			sxx += (double)x * x;
			sxy += (double)x * y;
		}
	}
	double slope = (n * sxy - sx * sy) / MAX(n * sxx - sx * sx, 1);
	int left, top, box_width, box_height;
	boxGetGeometry(box, &left, &top, &box_width, &box_height);
	return (text_line){ .left = left / scale,
		.right = (left + box_width) / scale,
		.slope = slope,
		.middle = (top + sy / n + slope * (width / 2.0 - sx / n)) / scale,
		.height = n / width / scale };
}

static gint by_middle(gconstpointer a, gconstpointer b)
{
	const text_line *first = a, *second = b;
	return first->middle < second->middle ? 1 : first->middle > second->middle ? -1 : 0;
}

/* (transfer full) Long lines of text, from below: candidates for the zone. */
static GArray *find_lines(PIX *even)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(text_line));
	double scale = (double)FIND_WIDTH / MAX(pixGetWidth(even), pixGetHeight(even));
	PIX *small = pixScale(even, (float)scale, (float)scale), *binary = NULL;
	pixOtsuAdaptiveThreshold(small, 4000, 4000, 0, 0, 0.1f, NULL, &binary);
	PIX *joined = pixCloseBrick(NULL, binary, 23, 3); /* over the widest space between two characters */
	PIX *cleaned = pixOpenBrick(NULL, joined, 15, 3);
	PIXA *components = NULL;
	BOXA *boxes = pixConnComp(cleaned, &components, 8);
	for (int i = 0; i < boxaGetCount(boxes); i++) {
		BOX *box = boxaGetBox(boxes, i, L_CLONE);
		PIX *component = pixaGetPix(components, i, L_CLONE);
		text_line line = fit(component, box, scale);
		double length = line.right - line.left;
		if (length > 0.35 * pixGetWidth(even) && line.height < length / 15 && line.height > length / 80 &&
			fabs(line.slope) < 0.25)
			g_array_append_val(lines, line);
		pixDestroy(&component);
		boxDestroy(&box);
	}
	g_array_sort(lines, by_middle);
	boxaDestroy(&boxes);
	pixaDestroy(&components);
	pixDestroy(&cleaned);
	pixDestroy(&joined);
	pixDestroy(&binary);
	pixDestroy(&small);
	return lines;
}

/* --- stretch --- */

static double pixel(PIX *grey, int x, int y)
{
	if (x < 0 || y < 0 || x >= pixGetWidth(grey) || y >= pixGetHeight(grey))
		return 255;
	return GET_DATA_BYTE(pixGetData(grey) + (gsize)y * (gsize)pixGetWpl(grey), x);
}

static double between(PIX *grey, double x, double y)
{
	int left = (int)floor(x), top = (int)floor(y);
	double right = x - left, below = y - top;
	return (1 - below) * ((1 - right) * pixel(grey, left, top) + right * pixel(grey, left + 1, top)) +
	       below * ((1 - right) * pixel(grey, left, top + 1) + right * pixel(grey, left + 1, top + 1));
}

/* The line as if it had `length` characters: each takes OCRB_CELL columns. */
static void stretch(PIX *even, const text_line *line, int length, text_strip *strip)
{
	/* from the first character's left edge to the last one's right edge: the ink of a character has 2/3 of its cell */
	double pitch = (line->right - line->left) / (length - 1 + OCRB_INK_WIDTH), step = pitch / OCRB_CELL;
	double begin = line->left - pitch * ((1 - OCRB_INK_WIDTH) / 2 + MARGIN), centre = (line->left + line->right) / 2;
	for (int row = 0; row < ROWS; row++) {
		double across = (row + 0.5 - PAD - OCRB_MIDDLE) * step;
		for (int column = 0; column < (length + 2 * MARGIN) * OCRB_CELL; column++) {
			double x = begin + (column + 0.5) * step;
			double y = line->middle + line->slope * (x - centre) + across;
			strip->ink[row][column] = (guint8)(255 - between(even, x - line->slope * across, y));
		}
	}
}

/* --- compare --- */

/* How like are the cell at (`x`, `y`) and its most like glyph, up to 1? */
static double compare(const ocrb *glyphs, const text_strip *strip, int x, int y, int *glyph)
{
	enum { COUNT = OCRB_CELL * OCRB_ROWS };
	gint16 cell[COUNT];
	gint64 sum = 0, squares = 0;
	double best = -1;
	for (int row = 0; row < OCRB_ROWS; row++) {
		for (int column = 0; column < OCRB_CELL; column++) {
			gint16 ink = strip->ink[y + row][x + column];
			cell[row * OCRB_CELL + column] = ink;
			sum += ink;
			squares += ink * ink;
		}
	}
	double spread = sqrt((double)squares - (double)sum * (double)sum / COUNT);
	for (int i = 0; i < OCRB_GLYPHS; i++) {
		gint32 product = 0; /* the glyph's mean is 0, so the cell's does not matter */
		for (int j = 0; j < COUNT; j++)
			product += glyphs->glyph[i].ink[j] * cell[j];
		double likeness = product / (glyphs->glyph[i].spread * MAX(spread, 1));
		if (likeness > best) {
			best = likeness;
			*glyph = i;
		}
	}
	return best;
}

/* The best of the places around (`x`, `y`), which moves there. */
static double search(const ocrb *glyphs, const text_strip *strip, int *x, int *y, int reach, int step, int *glyph)
{
	double best = -1;
	int from_x = *x, from_y = *y;
	for (int dy = -reach; dy <= reach; dy += step) {
		for (int dx = -reach; dx <= reach; dx += step) {
			int seen, row = CLAMP(from_y + dy, 0, 2 * PAD);
			double likeness = compare(glyphs, strip, from_x + dx, row, &seen);
			if (likeness > best) {
				best = likeness;
				*x = from_x + dx;
				*y = row;
				*glyph = seen;
			}
		}
	}
	return best;
}

/* Coarse, on some characters: is it a line of that length? */
static double likeness_of(const ocrb *glyphs, const text_strip *strip, int length)
{
	double sum = 0;
	int count = 0;
	for (int i = 0; i < length; i += 3, count++) {
		int x = (MARGIN + i) * OCRB_CELL, y = PAD, glyph;
		sum += search(glyphs, strip, &x, &y, 4, 2, &glyph);
	}
	return sum / count;
}

/* Where the characters stand beside their places: a straight line through what a coarse search finds, good finds first. */
static void fit_places(const ocrb *glyphs, const text_strip *strip, int length, double *begin_x, double *begin_y, double *step_x)
{
	double n = 0, si = 0, sii = 0, sx = 0, sxi = 0, sy = 0;
	for (int i = 0; i < length; i++) {
		int from_x = (MARGIN + i) * OCRB_CELL, x = from_x, y = PAD, glyph;
		double weight = pow(MAX(search(glyphs, strip, &x, &y, 6, 2, &glyph), 0), 8);
		n += weight;
		si += weight * i;
		sii += weight * i * i;
		sx += weight * (x - from_x);
		sxi += weight * (x - from_x) * i;
		sy += weight * (y - PAD);
	}
	*step_x = (n * sxi - si * sx) / MAX(n * sii - si * si, 1e-9);
	*begin_x = (sx - *step_x * si) / MAX(n, 1e-9);
	*begin_y = sy / MAX(n, 1e-9);
}

/* Character by character; each begins beside its place as the last ones were found, for perspective bends the line. */
static reading read_strip(const ocrb *glyphs, const text_strip *strip, int length)
{
	reading result = { .length = length };
	double sum = 0, drift_x, drift_y, step_x;
	fit_places(glyphs, strip, length, &drift_x, &drift_y, &step_x);
	for (int i = 0; i < length; i++, drift_x += step_x) {
		int from_x = (MARGIN + i) * OCRB_CELL, x = from_x + (int)lround(drift_x), y = PAD + (int)lround(drift_y),
		    glyph = 0;
		x = CLAMP(x, SHIFT, (length + 2 * MARGIN - 1) * OCRB_CELL - SHIFT);
		double likeness = search(glyphs, strip, &x, &y, SHIFT, 1, &glyph);
		sum += likeness;
		drift_x += likeness * (x - from_x - drift_x) * 0.2;
		drift_y += likeness * (y - PAD - drift_y) * 0.2;
		result.text[i] = OCRB_CHARACTERS[glyph];
	}
	result.likeness = sum / length;
	return result;
}

static reading read_line(const ocrb *glyphs, PIX *even, const text_line *line)
{
	g_autofree text_strip *strip = g_new0(text_strip, 1);
	int length = 0;
	double likeness = -1;
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		stretch(even, line, lengths[i], strip);
		double seen = likeness_of(glyphs, strip, lengths[i]);
		if (seen > likeness) {
			likeness = seen;
			length = lengths[i];
		}
	}
	stretch(even, line, length, strip);
	reading best = { 0 };
	for (int size = 0; size < OCRB_SIZES && likeness > LIKENESS_COARSE; size++) {
		reading one = read_strip(&glyphs[size], strip, length);
		if (one.likeness > best.likeness)
			best = one;
	}
	return best;
}

/* --- choose --- */

/* (transfer full) The lowest lines of `length` characters, as many as such a zone has; `likeness` gets their sum. */
static char **zone_of(const reading *readings, guint count, int length, double *likeness)
{
	const guint lines = length == 30 ? 3 : 2;
	GPtrArray *texts = g_ptr_array_new();
	*likeness = 0;
	for (guint i = 0; i < count && texts->len < lines; i++) {
		if (readings[i].length != length || readings[i].likeness < LIKENESS_LEAST)
			continue;
		*likeness += readings[i].likeness;
		g_ptr_array_insert(texts, 0, g_strdup(readings[i].text));
	}
	g_ptr_array_add(texts, NULL);
	return (char **)g_ptr_array_free(texts, FALSE);
}

char **record_mrz_read(struct Pix *grey)
{
	reading readings[LINES_MAX];
	guint count = 0;
	const ocrb *glyphs = ocrb_get(NULL);
	PIX *even = even_light(grey);
	g_autoptr(GArray) lines = find_lines(even);
	for (; glyphs != NULL && count < MIN(lines->len, LINES_MAX); count++)
		readings[count] = read_line(glyphs, even, &g_array_index(lines, text_line, count));
	pixDestroy(&even);
	char **best = g_new0(char *, 1);
	double best_likeness = 0;
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		double likeness;
		g_auto(GStrv) zone = zone_of(readings, count, lengths[i], &likeness);
		if (likeness <= best_likeness)
			continue;
		best_likeness = likeness;
		g_strfreev(best);
		best = g_steal_pointer(&zone);
	}
	return best;
}
