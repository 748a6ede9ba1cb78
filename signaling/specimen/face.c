/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include "signaling/specimen/card.h"

typedef struct {
	double red, green, blue;
} colour;

static const colour skins[] = { { 0.96, 0.82, 0.71 }, { 0.87, 0.69, 0.54 }, { 0.66, 0.47, 0.35 }, { 0.45, 0.31, 0.24 } };
static const colour hairs[] = { { 0.18, 0.13, 0.10 }, { 0.45, 0.28, 0.14 }, { 0.80, 0.64, 0.36 }, { 0.55, 0.55, 0.57 } };
static const colour coats[] = { { 0.20, 0.33, 0.50 }, { 0.47, 0.17, 0.24 }, { 0.16, 0.40, 0.36 }, { 0.35, 0.33, 0.40 } };

static void use(cairo_t *cairo, colour colour, double light)
{
	cairo_set_source_rgb(cairo, colour.red * light, colour.green * light, colour.blue * light);
}

void face_use_skin(cairo_t *cairo, guint looks, double light)
{
	use(cairo, skins[looks % 4], light);
}

guint face_looks(const specimen_person *person)
{
	return g_str_hash(person->family_name) ^ g_str_hash(person->given_names);
}

static void ellipse(cairo_t *cairo, double x, double y, double width, double height)
{
	cairo_save(cairo);
	cairo_translate(cairo, x, y);
	cairo_scale(cairo, width / 2, height / 2);
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, 0, 0, 1, 0, 2 * G_PI);
	cairo_restore(cairo);
}

static void fill_ellipse(cairo_t *cairo, double x, double y, double width, double height)
{
	ellipse(cairo, x, y, width, height);
	cairo_fill(cairo);
}

static void draw_body(cairo_t *cairo, colour coat, colour skin)
{
	use(cairo, coat, 1);
	cairo_move_to(cairo, 0.06, 1.02);
	cairo_curve_to(cairo, 0.08, 0.80, 0.28, 0.79, 0.40, 0.74);
	cairo_line_to(cairo, 0.60, 0.74);
	cairo_curve_to(cairo, 0.72, 0.79, 0.92, 0.80, 0.94, 1.02);
	cairo_fill(cairo);
	use(cairo, skin, 0.90);
	cairo_move_to(cairo, 0.41, 0.60);
	cairo_line_to(cairo, 0.59, 0.60);
	cairo_line_to(cairo, 0.61, 0.76);
	cairo_line_to(cairo, 0.50, 0.86);
	cairo_line_to(cairo, 0.39, 0.76);
	cairo_fill(cairo);
}

static void draw_eye(cairo_t *cairo, double x, double open)
{
	double height = 0.005 + 0.035 * open;
	cairo_set_source_rgb(cairo, 0.97, 0.97, 0.95);
	fill_ellipse(cairo, x, 0.42, 0.075, height);
	cairo_save(cairo);
	ellipse(cairo, x, 0.42, 0.075, height);
	cairo_clip(cairo);
	cairo_set_source_rgb(cairo, 0.24, 0.36, 0.42);
	fill_ellipse(cairo, x, 0.42, 0.034, 0.034);
	cairo_set_source_rgb(cairo, 0.05, 0.05, 0.06);
	fill_ellipse(cairo, x, 0.42, 0.016, 0.016);
	cairo_restore(cairo);
	cairo_set_source_rgb(cairo, 0.25, 0.17, 0.14);
	cairo_set_line_width(cairo, 0.008);
	cairo_move_to(cairo, x - 0.045, 0.370);
	cairo_curve_to(cairo, x - 0.02, 0.352, x + 0.02, 0.352, x + 0.045, 0.370);
	cairo_stroke(cairo);
}

static void draw_features(cairo_t *cairo, colour skin, double mouth, double eyes)
{
	draw_eye(cairo, 0.41, eyes);
	draw_eye(cairo, 0.59, eyes);
	use(cairo, skin, 0.78);
	cairo_set_line_width(cairo, 0.010);
	cairo_move_to(cairo, 0.505, 0.43);
	cairo_curve_to(cairo, 0.515, 0.48, 0.535, 0.515, 0.50, 0.52);
	cairo_stroke(cairo);
	cairo_set_source_rgb(cairo, 0.62, 0.27, 0.27);
	fill_ellipse(cairo, 0.50, 0.588, 0.125, 0.016 + 0.055 * mouth);
	cairo_set_source_rgb(cairo, 0.25, 0.07, 0.08);
	fill_ellipse(cairo, 0.50, 0.588, 0.105, 0.003 + 0.040 * mouth);
}

void face_draw(cairo_t *cairo, guint looks, double mouth, double eyes)
{
	colour skin = skins[looks % 4], hair = hairs[looks / 4 % 4], coat = coats[looks / 16 % 4];
	gboolean is_long = looks / 64 % 2;
	use(cairo, hair, 1);
	fill_ellipse(cairo, 0.50, 0.39, 0.47, 0.56);
	if (is_long) {
		cairo_rectangle(cairo, 0.265, 0.39, 0.47, 0.38);
		cairo_fill(cairo);
	}
	draw_body(cairo, coat, skin);
	use(cairo, skin, 0.94);
	fill_ellipse(cairo, 0.325, 0.45, 0.06, 0.10);
	fill_ellipse(cairo, 0.675, 0.45, 0.06, 0.10);
	use(cairo, skin, 1);
	fill_ellipse(cairo, 0.50, 0.44, 0.36, 0.47);
	draw_features(cairo, skin, mouth, eyes);
	use(cairo, hair, 1);
	cairo_move_to(cairo, 0.30, 0.40);
	cairo_curve_to(cairo, 0.30, 0.10, 0.70, 0.10, 0.70, 0.40);
	cairo_curve_to(cairo, 0.66, 0.28, 0.52, 0.25, 0.44, 0.27);
	cairo_curve_to(cairo, 0.36, 0.29, 0.33, 0.33, 0.30, 0.40);
	cairo_fill(cairo);
}
