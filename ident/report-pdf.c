/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/data.h"
#include "ident/document.h"
#include "ident/error.h"
#include "ident/pdf-attachment.h"
#include "ident/report.h"
#include "ident/script.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

/* A4 in points */
enum { WIDTH = 595, HEIGHT = 842, MARGIN = 56, FOOT = 790, LABEL_WIDTH = 120 };

typedef struct {
	cairo_t *cairo;
	const json_t *words, *body;
	const char *language;
	GTimeZone *zone;
	double y;
	guint page, pages; /* pages 0: the first pass only counts them */
} sheet;

static const char *word(const sheet *sheet, const char *key)
{
	const char *text = json_text(sheet->words, key);
	return text != NULL ? text : key;
}

static char *fill(const char *text, const char *name, int64_t number)
{
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
	g_autoptr(GString) out = g_string_new(text);
	g_string_replace(out, name, digits, 0);
	return g_strdup(out->str);
}

/* "YYYY-MM-DD" as people of the language write it. (transfer full) NULL for NULL. */
static char *date_text(const sheet *sheet, const char *date)
{
	if (date == NULL)
		return NULL;
	g_autofree char *instant = g_strconcat(date, "T00:00:00Z", NULL);
	g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(instant, NULL);
	return day != NULL ? g_date_time_format(day, word(sheet, "date")) : g_strdup(date);
}

static char *time_text(const sheet *sheet, int64_t instant_ms, const char *format)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant_ms / 1000);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, sheet->zone);
	return g_date_time_format(local, format);
}

/* Draw text in a box of `width`; returns its height. */
static double text_at(sheet *sheet, double x, double y, double width, const char *font, double grey, const char *text)
{
	g_autoptr(PangoLayout) layout = pango_cairo_create_layout(sheet->cairo);
	PangoFontDescription *description = pango_font_description_from_string(font);
	pango_layout_set_font_description(layout, description);
	pango_font_description_free(description);
	pango_layout_set_width(layout, width * PANGO_SCALE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, text, -1);
	cairo_set_source_rgb(sheet->cairo, grey, grey, grey);
	cairo_move_to(sheet->cairo, x, y);
	pango_cairo_show_layout(sheet->cairo, layout);
	int height;
	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void rule_at(sheet *sheet, double y, double grey)
{
	cairo_set_source_rgb(sheet->cairo, grey, grey, grey);
	cairo_set_line_width(sheet->cairo, 0.5);
	cairo_move_to(sheet->cairo, MARGIN, y);
	cairo_line_to(sheet->cairo, WIDTH - MARGIN, y);
	cairo_stroke(sheet->cairo);
}

static void end_page(sheet *sheet)
{
	g_autofree char *part = fill(word(sheet, "page"), "{page}", sheet->page);
	g_autofree char *page = fill(part, "{pages}", sheet->pages);
	rule_at(sheet, FOOT + 4, 0.8);
	text_at(sheet, MARGIN, FOOT + 10, 380, "Noto Sans 7", 0.45, json_text(sheet->body, "report"));
	text_at(sheet, WIDTH - MARGIN - 60, FOOT + 10, 90, "Noto Sans 7", 0.45, page);
	cairo_show_page(sheet->cairo);
}

/* Begin a new page when `height` does not fit. */
static void need(sheet *sheet, double height)
{
	if (sheet->y + height <= FOOT)
		return;
	end_page(sheet);
	sheet->page++;
	sheet->y = MARGIN;
}

static void heading(sheet *sheet, const char *text)
{
	need(sheet, 60);
	sheet->y += 16;
	sheet->y += text_at(sheet, MARGIN, sheet->y, WIDTH - 2 * MARGIN, "Noto Sans Bold 11", 0.1, text) + 3;
	rule_at(sheet, sheet->y, 0.6);
	sheet->y += 5;
}

static void pair(sheet *sheet, const char *label, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	need(sheet, 16);
	text_at(sheet, MARGIN, sheet->y, LABEL_WIDTH, "Noto Sans 9", 0.4, label);
	double height =
		text_at(sheet, MARGIN + LABEL_WIDTH, sheet->y, WIDTH - 2 * MARGIN - LABEL_WIDTH, "Noto Sans 9", 0.1, value);
	sheet->y += MAX(height, 12) + 2;
}

/* --- the parts --- */

static void head(sheet *sheet)
{
	const json_t *person = json_object_get(sheet->body, "person");
	const char *verdict = json_text(sheet->body, "verdict");
	gboolean is_good = g_strcmp0(verdict, "identified") == 0;
	sheet->y += text_at(sheet, MARGIN, sheet->y, WIDTH - 2 * MARGIN, "Noto Sans 9", 0.35,
			    json_text(json_object_get(sheet->body, "organisation"), "name")) +
		    4;
	sheet->y += text_at(sheet, MARGIN, sheet->y, WIDTH - 2 * MARGIN, "Noto Sans Bold 17", 0.1, word(sheet, "title")) + 12;

	cairo_set_source_rgb(sheet->cairo, is_good ? 0.90 : 0.98, is_good ? 0.96 : 0.91, is_good ? 0.91 : 0.89);
	cairo_rectangle(sheet->cairo, MARGIN, sheet->y, WIDTH - 2 * MARGIN, 56);
	cairo_fill(sheet->cairo);
	cairo_set_source_rgb(sheet->cairo, is_good ? 0.13 : 0.70, is_good ? 0.50 : 0.15, is_good ? 0.25 : 0.10);
	cairo_rectangle(sheet->cairo, MARGIN, sheet->y, 4, 56);
	cairo_fill(sheet->cairo);
	g_autofree char *name = g_strdup_printf("%s %s", json_text(person, "given_names"), json_text(person, "family_name"));
	text_at(sheet, MARGIN + 16, sheet->y + 8, 440, "Noto Sans 10", 0.25, word(sheet, verdict));
	text_at(sheet, MARGIN + 16, sheet->y + 24, 440, "Noto Sans Bold 14", 0.1, name);
	sheet->y += 60;
}

static void facts(sheet *sheet)
{
	const json_t *person = json_object_get(sheet->body, "person"), *document = json_object_get(sheet->body, "document");
	const json_t *service = json_object_get(sheet->body, "service");
	heading(sheet, word(sheet, "person"));
	pair(sheet, word(sheet, "birth_name"), json_text(person, "birth_name"));
	g_autofree char *birth = date_text(sheet, json_text(person, "birth_date"));
	g_autofree char *expiry = date_text(sheet, json_text(document, "expiry_date"));
	pair(sheet, word(sheet, "birth_date"), birth);
	GString *paper = g_string_new(word(sheet, json_text(document, "type")));
	if (json_text(document, "number") != NULL)
		g_string_append_printf(paper, " %s %s", json_text(document, "issuer"), json_text(document, "number"));
	if (expiry != NULL)
		g_string_append_printf(paper, ", %s %s", word(sheet, "valid_until"), expiry);
	pair(sheet, word(sheet, "document"), paper->str);
	g_string_free(paper, TRUE);

	heading(sheet, word(sheet, "service"));
	pair(sheet, word(sheet, "service"), ident_data_text(json_object_get(service, "name"), sheet->language));
	pair(sheet, word(sheet, "office"), json_text(service, "office"));
	g_autofree char *examiner = g_strdup_printf("%s (%s)",
		json_text(json_object_get(sheet->body, "officer_organisation"), "name"), json_text(sheet->body, "officer"));
	pair(sheet, word(sheet, "examiner"), examiner);
	g_autofree char *day = time_text(sheet, json_int(sheet->body, "started_ms"), word(sheet, "date"));
	g_autofree char *from = time_text(sheet, json_int(sheet->body, "started_ms"), "%H:%M:%S");
	g_autofree char *to = time_text(sheet, json_int(sheet->body, "ended_ms"), "%H:%M:%S %Z");
	g_autofree char *time = g_strdup_printf("%s, %s – %s", day, from, to);
	pair(sheet, word(sheet, "time"), time);
	pair(sheet, word(sheet, "procedure"),
		ident_data_text(json_object_get(json_object_get(sheet->body, "procedure"), "title"), sheet->language));
	const json_t *reasons = json_object_get(sheet->body, "reasons");
	for (gsize i = 0; i < json_array_size(reasons); i++)
		pair(sheet, word(sheet, "reasons"), json_string_value(json_array_get(reasons, i)));
}

static char *step_title(const sheet *sheet, const json_t *check)
{
	if (json_text(check, "step") == NULL)
		return g_strdup("");
	const json_t *part = json_object_get(sheet->body, "procedure");
	const ident_procedure *procedure = ident_procedure_get(json_text(part, "key"), json_int(part, "version"));
	const ident_document *document = ident_document_get(json_text(json_object_get(sheet->body, "document"), "type"));
	const ident_step *rule = procedure != NULL ? ident_procedure_step_of(procedure, json_text(check, "step")) : NULL;
	if (rule == NULL || document == NULL)
		return g_strdup(json_text(check, "step"));
	const ident_check of = { .rule = rule, .choice = (char *)json_text(check, "choice") };
	g_autoptr(json_t) texts = ident_script_texts(procedure, document, &of);
	return g_strdup(ident_data_text(json_object_get(texts, "title"), sheet->language));
}

static const json_t *check_of(const sheet *sheet, const char *step)
{
	const json_t *checks = json_object_get(sheet->body, "checks");
	for (gsize i = 0; i < json_array_size(checks); i++) {
		if (g_strcmp0(json_text(json_array_get(checks, i), "step"), step) == 0)
			return json_array_get(checks, i);
	}
	return NULL;
}

static void check_row(sheet *sheet, const json_t *check)
{
	need(sheet, 15);
	g_autofree char *title = step_title(sheet, check);
	g_autofree char *time =
		json_int(check, "decided_ms") > 0 ? time_text(sheet, json_int(check, "decided_ms"), "%H:%M:%S") : g_strdup("");
	text_at(sheet, MARGIN, sheet->y, 60, "Noto Sans 9", 0.4, time);
	text_at(sheet, MARGIN + 60, sheet->y, 280, "Noto Sans 9", 0.1, title);
	text_at(sheet, MARGIN + 350, sheet->y, 40, "Noto Sans 8", 0.5, json_text(check, "rule"));
	text_at(sheet, MARGIN + 400, sheet->y, 90, "Noto Sans 9", 0.1, word(sheet, json_text(check, "state")));
	sheet->y += 14.5;
}

static void evidence_row(sheet *sheet, const json_t *evidence)
{
	g_autofree char *time = time_text(sheet, json_int(evidence, "taken_ms"), "%H:%M:%S");
	g_autofree char *step = step_title(sheet, check_of(sheet, json_text(evidence, "step")));
	g_autofree char *name = g_strdup_printf("%s: %s", word(sheet, json_text(evidence, "kind")), step);
	need(sheet, 24);
	text_at(sheet, MARGIN, sheet->y, 60, "Noto Sans 9", 0.4, time);
	sheet->y += text_at(sheet, MARGIN + 60, sheet->y, 420, "Noto Sans 9", 0.1, name);
	sheet->y += text_at(sheet, MARGIN + 60, sheet->y, 430, "Noto Sans Mono 7", 0.45, json_text(evidence, "sha256")) + 2;
}

static void proof(sheet *sheet, const json_t *file)
{
	const json_t *audit = json_object_get(file, "audit");
	g_autofree char *one = fill(word(sheet, "proof_text"), "{entry}", json_int(json_object_get(audit, "leaf"), "sequence"));
	g_autofree char *two = fill(one, "{size}", json_int(audit, "size"));
	g_autofree char *text = fill(two, "{draws}", (int64_t)json_array_size(json_object_get(sheet->body, "draws")));
	const char *key = json_text(json_object_get(file, "signature"), "verifier_key");
	heading(sheet, word(sheet, "proof"));
	need(sheet, 80);
	sheet->y += text_at(sheet, MARGIN, sheet->y, WIDTH - 2 * MARGIN, "Noto Sans 9", 0.1, text) + 4;
	sheet->y += text_at(sheet, MARGIN, sheet->y, WIDTH - 2 * MARGIN, "Noto Sans Mono 7", 0.45, key);
}

static void draw_sheets(sheet *sheet, const json_t *file)
{
	const json_t *checks = json_object_get(sheet->body, "checks"), *evidence = json_object_get(sheet->body, "evidence");
	sheet->y = MARGIN;
	sheet->page = 1;
	head(sheet);
	facts(sheet);
	heading(sheet, word(sheet, "checks"));
	for (gsize i = 0; i < json_array_size(checks); i++)
		check_row(sheet, json_array_get(checks, i));
	if (json_array_size(evidence) > 0)
		heading(sheet, word(sheet, "evidence"));
	for (gsize i = 0; i < json_array_size(evidence); i++)
		evidence_row(sheet, json_array_get(evidence, i));
	proof(sheet, file);
	end_page(sheet);
	sheet->pages = sheet->page;
}

static cairo_status_t append(void *data, const unsigned char *bytes, unsigned int length)
{
	g_byte_array_append(data, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* One pass over all sheets. FALSE when cairo failed. */
static gboolean render(sheet *sheet, const json_t *file, GByteArray *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, WIDTH, HEIGHT);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, word(sheet, "title"));
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_AUTHOR, json_text(json_object_get(sheet->body, "organisation"), "name"));
	sheet->cairo = cairo_create(surface);
	draw_sheets(sheet, file);
	cairo_destroy(sheet->cairo);
	cairo_surface_finish(surface);
	gboolean is_done = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	return is_done;
}

GBytes *ident_report_pdf(const char *sealed, const char *language, GError **error)
{
	g_autoptr(json_t) file = json_loads(sealed, JSON_REJECT_DUPLICATES, NULL);
	g_autoptr(json_t) words = ident_data("data/report.json");
	const json_t *body = json_object_get(file, "body"), *own = json_object_get(words, language);
	const char *zone = json_text(json_object_get(body, "service"), "time_zone");
	g_autoptr(GTimeZone) time_zone = zone != NULL ? g_time_zone_new_identifier(zone) : NULL;
	if (time_zone == NULL) {
		ident_fail(error, IDENT_ERROR_INVALID, "This is no report.");
		return NULL;
	}
	sheet sheet = { .words = own != NULL ? own : json_object_get(words, "en"),
		.body = body,
		.language = own != NULL ? language : "en",
		.zone = time_zone };
	g_autoptr(GByteArray) counted = g_byte_array_new(), pdf = g_byte_array_new();
	if (!render(&sheet, file, counted) || !render(&sheet, file, pdf) ||
		!pdf_attach(pdf, "report.json", "application/json", sealed, strlen(sealed))) {
		ident_fail(error, IDENT_ERROR_INVALID, "The report could not be typeset.");
		return NULL;
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&pdf));
}
