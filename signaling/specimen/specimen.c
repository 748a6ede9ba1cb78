/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <string.h>
#include "signaling/specimen/card.h"

struct specimen {
	specimen_person person; /* its texts are owned */
	char *expiry_date;
	char *mrz[4];
	cairo_surface_t *front, *back;
};

static const char *const scene_words[SPECIMEN_SCENES] = { "face", "front", "back", "tilt", "finger" };

gboolean specimen_scene_parse(const char *word, specimen_scene *scene)
{
	for (guint i = 0; i < SPECIMEN_SCENES; i++) {
		if (g_strcmp0(word, scene_words[i]) != 0)
			continue;
		*scene = (specimen_scene)i;
		return TRUE;
	}
	return FALSE;
}

/* --- the machine-readable zone (ICAO 9303-5) --- */

/* A name in its 37 characters: ae for ä, < for what separates, nothing for apostrophes (ICAO 9303-3 section 6). */
static char *mrz_name(const char *name)
{
	static const char *const german[][2] = { { "Ä", "AE" }, { "Ö", "OE" }, { "Ü", "UE" }, { "ẞ", "SS" }, { "'", "" },
		{ "’", "" } };
	g_autofree char *upper = g_utf8_strup(name, -1);
	g_autoptr(GString) text = g_string_new(upper);
	for (guint i = 0; i < G_N_ELEMENTS(german); i++)
		g_string_replace(text, german[i][0], german[i][1], 0);
	char *ascii = g_str_to_ascii(text->str, "C");
	for (char *at = ascii; *at != '\0'; at++)
		*at = g_ascii_isalnum(*at) ? g_ascii_toupper(*at) : '<';
	return ascii;
}

/* ICAO 9303-3 section 4.9: weights 7, 3, 1 */
static char check_digit(const char *text)
{
	int sum = 0;
	for (int i = 0; text[i] != '\0'; i++) {
		int value = g_ascii_isdigit(text[i]) ? text[i] - '0' : g_ascii_isupper(text[i]) ? text[i] - 'A' + 10 : 0;
		sum += value * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
	}
	return (char)('0' + sum % 10);
}

/* "1983-08-12" as "830812" and its check digit */
static char *mrz_date(const char *date)
{
	char text[7] = { date[2], date[3], date[5], date[6], date[8], date[9], '\0' };
	return g_strdup_printf("%s%c", text, check_digit(text));
}

static char *filled(const char *text)
{
	char *line = g_strnfill(30, '<');
	memcpy(line, text, MIN(strlen(text), 30));
	return line;
}

static void make_mrz(specimen *specimen)
{
	const specimen_person *person = &specimen->person;
	g_autofree char *family = mrz_name(person->family_name), *given = mrz_name(person->given_names);
	g_autofree char *birth = mrz_date(person->birth_date), *expiry = mrz_date(specimen->expiry_date);
	g_autofree char *first = g_strdup_printf("IDD<<%s%c", person->document_number, check_digit(person->document_number));
	g_autofree char *names = g_strdup_printf("%s<<%s", family, given);
	g_autofree char *second = g_strdup_printf("%s<%sD<<2108<<<<<<<", birth, expiry);
	specimen->mrz[0] = filled(first);
	g_autofree char *composite = g_strdup_printf("%s%s%s%s", specimen->mrz[0] + 5, birth, expiry, second + 18);
	g_autofree char *closed = g_strdup_printf("%s%c", second, check_digit(composite));
	specimen->mrz[1] = filled(closed);
	specimen->mrz[2] = filled(names);
}

/* --- life --- */

/* Ten years less one day. */
static char *expiry_of(const char *issue_date)
{
	g_autoptr(GDateTime) issued = g_date_time_new_utc(atoi(issue_date), atoi(issue_date + 5), atoi(issue_date + 8), 0, 0, 0);
	g_autoptr(GDateTime) years = g_date_time_add_years(issued, 10);
	g_autoptr(GDateTime) expires = g_date_time_add_days(years, -1);
	return g_date_time_format(expires, "%Y-%m-%d");
}

static const char *owned(const char *text, const char *otherwise)
{
	return g_strdup(text != NULL ? text : otherwise);
}

specimen *specimen_new(const specimen_person *person)
{
	specimen *self = g_new0(specimen, 1);
	self->person = (specimen_person){
		.given_names = owned(person->given_names, "Erika"),
		.family_name = owned(person->family_name, "Mustermann"),
		.birth_date = owned(person->birth_date, "1983-08-12"),
		.birth_place = owned(person->birth_place, "Berlin"),
		.document_number = owned(person->document_number, "LZ6311T47"),
		.issue_date = owned(person->issue_date, "2021-11-01"),
		.address = owned(person->address, "51147 KÖLN\nHEIDESTRASSE 17"),
	};
	self->expiry_date = expiry_of(self->person.issue_date);
	make_mrz(self);
	self->front = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, CARD_WIDTH, CARD_HEIGHT);
	self->back = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, CARD_WIDTH, CARD_HEIGHT);
	cairo_t *front = cairo_create(self->front), *back = cairo_create(self->back);
	card_draw_front(front, &self->person, self->expiry_date);
	card_draw_back(back, &self->person, specimen_mrz(self));
	cairo_destroy(front);
	cairo_destroy(back);
	return self;
}

void specimen_free(specimen *specimen)
{
	if (specimen == NULL)
		return;
	const char *texts[] = { specimen->person.given_names, specimen->person.family_name, specimen->person.birth_date,
		specimen->person.birth_place, specimen->person.document_number, specimen->person.issue_date,
		specimen->person.address };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free((char *)texts[i]);
	for (guint i = 0; i < 3; i++)
		g_free(specimen->mrz[i]);
	g_free(specimen->expiry_date);
	cairo_surface_destroy(specimen->front);
	cairo_surface_destroy(specimen->back);
	g_free(specimen);
}

const char *const *specimen_mrz(const specimen *specimen)
{
	return (const char *const *)specimen->mrz;
}

/* --- scenes, in a picture of 1280 x 720 --- */

static void draw_room(cairo_t *cairo)
{
	cairo_pattern_t *wall = cairo_pattern_create_linear(0, 0, 1280, 720);
	cairo_pattern_add_color_stop_rgb(wall, 0, 0.80, 0.82, 0.80);
	cairo_pattern_add_color_stop_rgb(wall, 1, 0.62, 0.64, 0.66);
	cairo_set_source(cairo, wall);
	cairo_paint(cairo);
	cairo_pattern_destroy(wall);
	cairo_set_source_rgb(cairo, 0.45, 0.36, 0.28);
	cairo_rectangle(cairo, 930, 120, 260, 330);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0.70, 0.80, 0.86);
	cairo_rectangle(cairo, 948, 138, 224, 294);
	cairo_fill(cairo);
}

static void draw_person(cairo_t *cairo, const specimen *specimen, double seconds)
{
	const specimen_person *person = &specimen->person;
	double mouth = MAX(0, sin(seconds * 9) * sin(seconds * 2.3)), blink = fmod(seconds, 4.1) < 0.15 ? 0 : 1;
	cairo_save(cairo);
	cairo_translate(cairo, 290 + 9 * sin(seconds * 0.9), 30 + 5 * sin(seconds * 1.3));
	cairo_scale(cairo, 700, 700);
	face_draw(cairo, face_looks(person), mouth, blink);
	cairo_restore(cairo);
}

/* A fingertip that comes from (`x`, `y`), where it ends, at `angle`. */
static void draw_finger(cairo_t *cairo, guint looks, double x, double y, double angle, double length)
{
	cairo_save(cairo);
	cairo_translate(cairo, x, y);
	cairo_rotate(cairo, angle);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	for (int layer = 0; layer < 2; layer++) {
		cairo_set_line_width(cairo, layer == 0 ? 84 : 76);
		face_use_skin(cairo, looks, layer == 0 ? 0.70 : 0.96);
		cairo_move_to(cairo, 0, 0);
		cairo_line_to(cairo, 0, length);
		cairo_stroke(cairo);
	}
	face_use_skin(cairo, looks, 1.15);
	cairo_set_line_width(cairo, 40);
	cairo_move_to(cairo, 0, -8);
	cairo_line_to(cairo, 0, 10);
	cairo_stroke(cairo);
	cairo_restore(cairo);
}

typedef struct {
	gboolean is_back;
	double tilt; /* 0: flat to the camera */
	gboolean has_finger;
} pose;

static void draw_card(cairo_t *cairo, const specimen *specimen, pose pose, double seconds)
{
	const double scale = 0.86; /* the card takes 86 % of the picture's width */
	guint looks = face_looks(&specimen->person);
	cairo_save(cairo);
	cairo_translate(cairo, 640 + 3 * sin(seconds * 1.1), 360 + 2 * sin(seconds * 1.7));
	cairo_rotate(cairo, 0.008 * sin(seconds * 0.8));
	cairo_transform(cairo, &(cairo_matrix_t){ .xx = cos(pose.tilt), .yx = 0.12 * sin(pose.tilt), .yy = 1 });
	cairo_scale(cairo, scale * 1280 / CARD_WIDTH, scale * 1280 / CARD_WIDTH);
	cairo_translate(cairo, -CARD_WIDTH / 2.0, -CARD_HEIGHT / 2.0);
	cairo_set_source_surface(cairo, pose.is_back ? specimen->back : specimen->front, 0, 0);
	cairo_paint(cairo);
	if (!pose.is_back)
		card_draw_hologram(cairo, 0.5 + 0.5 * sin(pose.tilt));
	if (pose.has_finger)
		draw_finger(cairo, looks, 230 + 60 * sin(seconds), 420 + 30 * cos(seconds), 0.25, 600);
	cairo_restore(cairo);
	draw_finger(
		cairo, looks, 108, pose.is_back ? 150 : 560, -1.75, -400); /* the hand that holds it, beside what must be read */
}

void specimen_draw(
	specimen *specimen, specimen_scene scene, double seconds, guint8 *pixels, guint width, guint height, guint stride)
{
	cairo_surface_t *surface =
		cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, (int)width, (int)height, (int)stride);
	cairo_t *cairo = cairo_create(surface);
	cairo_scale(cairo, width / 1280.0, height / 720.0);
	draw_room(cairo);
	draw_person(cairo, specimen, seconds);
	if (scene != SPECIMEN_FACE)
		draw_card(cairo, specimen,
			(pose){ .is_back = scene == SPECIMEN_BACK,
				.tilt = scene == SPECIMEN_TILT ? 0.7 * sin(seconds * 1.5) : 0,
				.has_finger = scene == SPECIMEN_FINGER },
			seconds);
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
}
