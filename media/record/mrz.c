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
	STROKE = 15,      /* pixels there: wider than a stroke */
	DEPTH_LEAST = 12, /* grey values that a stroke is darker */
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
#define LIKENESS_CLOSE 0.15 /* behind the best by less: a pixel's shift may change the order */

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

/* (transfer full) Where it is darker than close by: strokes of text, not shadows, cards or clothes. */
static PIX *dark_strokes(PIX *small)
{
	PIX *depth = pixTophat(small, STROKE, STROKE, L_TOPHAT_BLACK);
	l_uint32 deepest = 0;
	pixGetRankValue(depth, 1, 0.98f, &deepest);
	PIX *shallow = pixThresholdToBinary(depth, MAX((int)deepest * 2 / 5, DEPTH_LEAST));
	PIX *strokes = pixInvert(NULL, shallow);
	pixDestroy(&shallow);
	pixDestroy(&depth);
	return strokes;
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
	PIX *small = pixScale(even, (float)scale, (float)scale);
	PIX *binary = dark_strokes(small);
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

typedef struct {
	double likeness[OCRB_GLYPHS]; /* up to 1; the best of all places that were looked at */
	int x, y, glyph;              /* the place and glyph that are most like */
} finding;

/* Compare the cell at (`x`, `y`) with the glyphs from `least` likeness on. */
static void compare(const ocrb *glyphs, const text_strip *strip, int x, int y, double least, finding *found)
{
	enum { COUNT = OCRB_CELL * OCRB_ROWS };
	gint16 cell[COUNT];
	gint32 sum = 0, squares = 0;
	for (int row = 0; row < OCRB_ROWS; row++) {
		for (int column = 0; column < OCRB_CELL; column++) {
			gint16 ink = strip->ink[y + row][x + column];
			cell[row * OCRB_CELL + column] = ink;
			sum += ink;
			squares += ink * ink;
		}
	}
	double spread = sqrt(MAX((double)squares - (double)sum * sum / COUNT, 1));
	for (int i = 0; i < OCRB_GLYPHS; i++) {
		if (found->likeness[i] < least)
			continue;
		gint32 product = 0; /* the glyph's mean is 0, so the cell's does not matter */
		for (int j = 0; j < COUNT; j++)
			product += glyphs->glyph[i].ink[j] * cell[j];
		double likeness = product / (glyphs->glyph[i].spread * spread);
		found->likeness[i] = MAX(found->likeness[i], likeness);
		if (likeness < found->likeness[found->glyph])
			continue;
		found->glyph = i;
		found->x = x;
		found->y = y;
	}
}

/* Look at all places around (`x`, `y`). */
static void search(const ocrb *glyphs, const text_strip *strip, int x, int y, int reach, int step, double least, finding *found)
{
	for (int dy = -reach; dy <= reach; dy += step) {
		for (int dx = -reach; dx <= reach; dx += step)
			compare(glyphs, strip, x + dx, CLAMP(y + dy, 0, 2 * PAD), least, found);
	}
}

static finding search_coarsely(const ocrb *glyphs, const text_strip *strip, int x, int y, int reach)
{
	finding found = { .x = x, .y = y };
	search(glyphs, strip, x, y, reach, 2, -1, &found);
	return found;
}

/* Coarse, on some characters: is it a line of that length? */
static double likeness_of(const ocrb *glyphs, const text_strip *strip, int length)
{
	double sum = 0;
	int count = 0;
	for (int i = 0; i < length; i += 3, count++) {
		finding found = search_coarsely(glyphs, strip, (MARGIN + i) * OCRB_CELL, PAD, 4);
		sum += found.likeness[found.glyph];
	}
	return sum / count;
}

/* Where the characters stand beside their places: a straight line. */
typedef struct {
	double x, y; /* of the first */
	double step; /* further in x for each */
} placing;

/* Through what a coarse search finds, good finds first. */
static placing fit_places(const ocrb *glyphs, const text_strip *strip, int length)
{
	double n = 1e-9, si = 0, sii = 0, sx = 0, sxi = 0, sy = 0;
	for (int i = 0; i < length; i += 2) {
		int place = (MARGIN + i) * OCRB_CELL;
		finding found = search_coarsely(glyphs, strip, place, PAD, 6);
		double weight = pow(found.likeness[found.glyph], 8);
		n += weight;
		si += weight * i;
		sii += weight * i * i;
		sx += weight * (found.x - place);
		sxi += weight * (found.x - place) * i;
		sy += weight * (found.y - PAD);
	}
	double step = (n * sxi - si * sx) / MAX(n * sii - si * si, 1e-9);
	return (placing){ .x = (sx - step * si) / n, .y = sy / n, .step = step };
}

/* Character by character; each begins beside its place as the last ones were found, for perspective bends the line. */
static reading read_strip(const ocrb *glyphs, const text_strip *strip, int length, placing at)
{
	reading result = { .length = length };
	double sum = 0;
	for (int i = 0; i < length; i++, at.x += at.step) {
		int place = (MARGIN + i) * OCRB_CELL, x = place + (int)lround(at.x), y = PAD + (int)lround(at.y);
		x = CLAMP(x, SHIFT, (length + 2 * MARGIN - 1) * OCRB_CELL - SHIFT);
		finding found = search_coarsely(glyphs, strip, x, y, SHIFT - 1);
		double likeness = found.likeness[found.glyph];
		search(glyphs, strip, found.x, found.y, 1, 1, likeness - LIKENESS_CLOSE, &found);
		likeness = found.likeness[found.glyph];
		sum += likeness;
		at.x += likeness * (found.x - place - at.x) * 0.2;
		at.y += likeness * (found.y - PAD - at.y) * 0.2;
		result.text[i] = OCRB_CHARACTERS[found.glyph];
	}
	result.likeness = sum / length;
	return result;
}

static reading read_line(const ocrb *glyphs, PIX *even, const text_line *line)
{
	g_autofree text_strip *strip = g_new0(text_strip, 1);
	int length = 0;
	double likeness = LIKENESS_COARSE;
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		stretch(even, line, lengths[i], strip);
		double seen = likeness_of(glyphs, strip, lengths[i]);
		if (seen > likeness) {
			likeness = seen;
			length = lengths[i];
		}
	}
	reading best = { 0 };
	if (length == 0)
		return best;
	stretch(even, line, length, strip);
	placing at = fit_places(glyphs, strip, length);
	for (int size = 0; size < OCRB_SIZES; size++) {
		reading one = read_strip(&glyphs[size], strip, length, at);
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
