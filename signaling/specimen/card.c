/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>
#include "signaling/specimen/card.h"

static void draw_text(cairo_t *cairo, const char *font, double x, double y, const char *text)
{
	PangoLayout *layout = pango_cairo_create_layout(cairo);
	PangoFontDescription *description = pango_font_description_from_string(font);
	pango_layout_set_font_description(layout, description);
	pango_layout_set_text(layout, text, -1);
	cairo_move_to(cairo, x, y);
	pango_cairo_show_layout(cairo, layout);
	pango_font_description_free(description);
	g_object_unref(layout);
}

static void rounded(cairo_t *cairo, double x, double y, double width, double height, double radius)
{
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, x + width - radius, y + radius, radius, -G_PI / 2, 0);
	cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, G_PI / 2);
	cairo_arc(cairo, x + radius, y + height - radius, radius, G_PI / 2, G_PI);
	cairo_arc(cairo, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
	cairo_close_path(cairo);
}

/* Fine interlaced waves, as security printing has them. */
static void draw_guilloche(cairo_t *cairo, double phase)
{
	cairo_set_line_width(cairo, 1.0);
	for (int line = 0; line < 46; line++) {
		cairo_set_source_rgba(cairo, 0.25 + 0.010 * line, 0.50, 0.62 - 0.006 * line, 0.28);
		for (double x = 0; x <= CARD_WIDTH; x += 12) {
			double y = line * CARD_HEIGHT / 45.0 + 26 * sin(x / 87.0 + line * 0.55 + phase) +
				   9 * sin(x / 31.0 - line * 0.8);
			cairo_line_to(cairo, x, y);
		}
		cairo_stroke(cairo);
	}
}

static void draw_ground(cairo_t *cairo, double phase)
{
	rounded(cairo, 0, 0, CARD_WIDTH, CARD_HEIGHT, 48);
	cairo_clip(cairo);
	cairo_pattern_t *ground = cairo_pattern_create_linear(0, 0, CARD_WIDTH, CARD_HEIGHT);
	cairo_pattern_add_color_stop_rgb(ground, 0, 0.90, 0.95, 0.93);
	cairo_pattern_add_color_stop_rgb(ground, 0.5, 0.96, 0.94, 0.88);
	cairo_pattern_add_color_stop_rgb(ground, 1, 0.86, 0.91, 0.96);
	cairo_set_source(cairo, ground);
	cairo_paint(cairo);
	cairo_pattern_destroy(ground);
	draw_guilloche(cairo, phase);
}

/* Across the card, so that no picture of it can be taken for a document. */
static void draw_specimen_word(cairo_t *cairo, double x, double y)
{
	cairo_save(cairo);
	cairo_translate(cairo, x, y);
	cairo_rotate(cairo, -0.22);
	cairo_set_source_rgba(cairo, 0.75, 0.10, 0.15, 0.30);
	draw_text(cairo, "Noto Sans Bold 74", 0, 0, "SPECIMEN · MUSTER");
	cairo_restore(cairo);
}

static void draw_field(cairo_t *cairo, double x, double y, const char *label, const char *value)
{
	cairo_set_source_rgb(cairo, 0.28, 0.35, 0.42);
	draw_text(cairo, "Noto Sans 13", x, y, label);
	cairo_set_source_rgb(cairo, 0.06, 0.07, 0.10);
	draw_text(cairo, "Noto Sans Bold 25", x, y + 20, value);
}

/* "1983-08-12" as "12.08.1983" */
static char *german_date(const char *date)
{
	return g_strdup_printf("%.2s.%.2s.%.4s", date + 8, date + 5, date);
}

static void draw_portrait(cairo_t *cairo, const specimen_person *person, double x, double y, double size, double alpha)
{
	cairo_save(cairo);
	rounded(cairo, x, y, size * 0.8, size, 12);
	cairo_clip(cairo);
	cairo_push_group(cairo);
	cairo_set_source_rgb(cairo, 0.83, 0.87, 0.89);
	cairo_paint(cairo);
	cairo_translate(cairo, x - size * 0.1, y);
	cairo_scale(cairo, size, size);
	face_draw(cairo, face_looks(person), 0, 1);
	cairo_pop_group_to_source(cairo);
	cairo_paint_with_alpha(cairo, alpha);
	cairo_restore(cairo);
}

static void draw_microtext(cairo_t *cairo, double y)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 24; i++)
		g_string_append(text, "SPECIMENMUSTER");
	cairo_set_source_rgb(cairo, 0.30, 0.35, 0.45);
	draw_text(cairo, "Noto Sans 5", 44, y, text->str);
}

void card_draw_front(cairo_t *cairo, const specimen_person *person, const char *expiry_date)
{
	g_autofree char *birth = german_date(person->birth_date), *expiry = german_date(expiry_date);
	cairo_save(cairo);
	draw_ground(cairo, 0);
	cairo_set_source_rgba(cairo, 0.10, 0.25, 0.45, 0.92);
	cairo_rectangle(cairo, 0, 0, CARD_WIDTH, 104);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	draw_text(cairo, "Noto Sans Bold 30", 44, 12, "IDENTITÄTSKARTE · MUSTER");
	draw_text(cairo, "Noto Sans 16", 46, 66, "IDENTITY CARD · SPECIMEN   –   for rehearsals of Jawort, not a document");
	draw_portrait(cairo, person, 44, 140, 500, 1);
	draw_portrait(cairo, person, 1060, 560, 200, 0.35);
	draw_field(cairo, 480, 134, "Dokumentennummer / Document number", person->document_number);
	draw_field(cairo, 480, 224, "Name / Surname", person->family_name);
	draw_field(cairo, 480, 314, "Vornamen / Given names", person->given_names);
	draw_field(cairo, 480, 404, "Geburtstag / Date of birth", birth);
	draw_field(cairo, 790, 404, "Staatsangehörigkeit / Nationality", "DEUTSCH");
	draw_field(cairo, 480, 494, "Geburtsort / Place of birth", person->birth_place);
	draw_field(cairo, 480, 584, "Gültig bis / Date of expiry", expiry);
	draw_microtext(cairo, 700);
	cairo_set_source_rgb(cairo, 0.10, 0.12, 0.30);
	draw_text(cairo, "Noto Serif Italic 26", 480, 716, person->family_name);
	draw_specimen_word(cairo, 240, 640);
	cairo_restore(cairo);
}

void card_draw_hologram(cairo_t *cairo, double angle)
{
	cairo_save(cairo);
	cairo_translate(cairo, 1080, 250);
	for (int ring = 0; ring < 9; ring++) {
		double hue = angle * 2 * G_PI + ring * 0.7;
		cairo_set_source_rgba(cairo, 0.5 + 0.5 * sin(hue), 0.5 + 0.5 * sin(hue + 2.1), 0.5 + 0.5 * sin(hue + 4.2), 0.55);
		cairo_set_line_width(cairo, 7);
		for (int step = 0; step <= 72; step++) {
			double turn = step * G_PI / 36;
			double radius = (100 - ring * 10) * (1 + 0.12 * cos(6 * turn + angle * 9 + ring));
			cairo_line_to(cairo, radius * cos(turn), radius * sin(turn));
		}
		cairo_close_path(cairo);
		cairo_stroke(cairo);
	}
	cairo_restore(cairo);
}

/* OCR-B at its pitch: a cell of 2.54 mm, which is the font's advance (ICAO 9303-3). */
static void draw_mrz(cairo_t *cairo, const char *const *mrz)
{
	const double cell = 15 * 2.54, left = 15 * 4.0;
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_rectangle(cairo, 0, CARD_HEIGHT - 15 * 17.0, CARD_WIDTH, 15 * 17.0);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0.08, 0.08, 0.08);
	for (int line = 0; mrz[line] != NULL; line++) {
		for (int i = 0; mrz[line][i] != '\0'; i++) {
			const char text[] = { mrz[line][i], '\0' };
			draw_text(cairo, "OCR B 39.5", left + i * cell, CARD_HEIGHT - 15 * 15.9 + line * 15 * 4.6, text);
		}
	}
}

void card_draw_back(cairo_t *cairo, const specimen_person *person, const char *const *mrz)
{
	g_auto(GStrv) address = g_strsplit(person->address, "\n", 4);
	g_autofree char *issued = german_date(person->issue_date);
	cairo_save(cairo);
	draw_ground(cairo, 2);
	cairo_set_source_rgb(cairo, 0.28, 0.35, 0.42);
	draw_text(cairo, "Noto Sans 13", 60, 40, "Anschrift / Address");
	cairo_set_source_rgb(cairo, 0.06, 0.07, 0.10);
	for (guint i = 0; address[i] != NULL; i++)
		draw_text(cairo, "Noto Sans Bold 23", 60, 62 + i * 44, address[i]);
	draw_field(cairo, 60, 220, "Augenfarbe / Colour of eyes", "GRAU");
	draw_field(cairo, 420, 220, "Größe / Height", "160 cm");
	draw_field(cairo, 60, 310, "Ausstellungstag / Date of issue", issued);
	draw_field(cairo, 420, 310, "Behörde / Authority", "STADT MUSTERHAUSEN");
	draw_microtext(cairo, 524);
	draw_specimen_word(cairo, 240, 360);
	draw_mrz(cairo, mrz);
	cairo_restore(cairo);
}
