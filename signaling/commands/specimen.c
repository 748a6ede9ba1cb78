/* SPDX-License-Identifier: EUPL-1.2 */
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "signaling/commands/commands.h"
#include "signaling/specimen/specimen.h"

enum { WIDTH = 1280, HEIGHT = 720, FRAMES_PER_SECOND = 10 };

/* BT.601 in integers, as YUV4MPEG2 readers expect. */
static void write_plane(FILE *out, const guint8 *pixels, const int weights[3], int offset, int step)
{
	for (int y = 0; y < HEIGHT; y += step) {
		guint8 row[WIDTH];
		for (int x = 0; x < WIDTH; x += step) {
			const guint8 *pixel = pixels + ((gsize)y * WIDTH + (gsize)x) * 4;
			row[x / step] =
				(guint8)(((weights[0] * pixel[2] + weights[1] * pixel[1] + weights[2] * pixel[0] + 128) >> 8) +
					 offset);
		}
		fwrite(row, 1, (size_t)(WIDTH / step), out);
	}
}

static void write_frame(FILE *out, const guint8 *pixels)
{
	fputs("FRAME\n", out);
	write_plane(out, pixels, (const int[]){ 66, 129, 25 }, 16, 1);
	write_plane(out, pixels, (const int[]){ -38, -74, 112 }, 128, 2);
	write_plane(out, pixels, (const int[]){ 112, -94, -18 }, 128, 2);
}

static gboolean write_video(specimen *person, const specimen_scene *scenes, guint scene_count, double seconds, const char *path)
{
	FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
	if (out == NULL)
		return FALSE;
	g_autofree guint8 *pixels = g_malloc0((gsize)WIDTH * HEIGHT * 4);
	fprintf(out, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", WIDTH, HEIGHT, FRAMES_PER_SECOND);
	for (guint i = 0; i < scene_count; i++) {
		for (int frame = 0; frame < seconds * FRAMES_PER_SECOND; frame++) {
			specimen_draw(person, scenes[i], (double)frame / FRAMES_PER_SECOND, pixels, WIDTH, HEIGHT, WIDTH * 4);
			write_frame(out, pixels);
		}
	}
	gboolean is_written = fflush(out) == 0 && !ferror(out);
	if (out != stdout)
		is_written = fclose(out) == 0 && is_written;
	return is_written;
}

static gboolean write_picture(specimen *person, specimen_scene scene, const char *path)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
	specimen_draw(person, scene, 1, cairo_image_surface_get_data(surface), WIDTH, HEIGHT,
		(guint)cairo_image_surface_get_stride(surface));
	cairo_surface_mark_dirty(surface);
	gboolean is_written = cairo_surface_write_to_png(surface, path) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	return is_written;
}

static gboolean parse_scenes(const char *text, GArray *scenes)
{
	g_auto(GStrv) words = g_strsplit(text, ",", SPECIMEN_SCENES * 4);
	for (guint i = 0; words[i] != NULL; i++) {
		specimen_scene scene;
		if (!specimen_scene_parse(words[i], &scene))
			return FALSE;
		g_array_append_val(scenes, scene);
	}
	return scenes->len > 0;
}

int command_specimen(int argc, char **argv)
{
	g_autofree char *scene_text = NULL, *out = NULL, *given = NULL, *family = NULL, *birth = NULL, *number = NULL,
			*issued = NULL;
	double seconds = 4;
	const GOptionEntry options[] = {
		{ "scene", 0, 0, G_OPTION_ARG_STRING, &scene_text, "face, front, back, tilt, finger; a video may have several",
			"WORD,…" },
		{ "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "a picture, or a video for anything but .png (- is standard output)",
			"FILE" },
		{ "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "length of each scene of a video", "4" },
		{ "given-names", 0, 0, G_OPTION_ARG_STRING, &given, "on the card", "Erika" },
		{ "family-name", 0, 0, G_OPTION_ARG_STRING, &family, "on the card", "Mustermann" },
		{ "birth-date", 0, 0, G_OPTION_ARG_STRING, &birth, "on the card", "1983-08-12" },
		{ "document-number", 0, 0, G_OPTION_ARG_STRING, &number, "on the card", "LZ6311T47" },
		{ "issue-date", 0, 0, G_OPTION_ARG_STRING, &issued, "on the card", "2021-11-01" },
		{ 0 },
	};
	g_autoptr(GOptionContext) context = g_option_context_new("- draw a synthetic person with a specimen card");
	g_autoptr(GArray) scenes = g_array_new(FALSE, FALSE, sizeof(specimen_scene));
	g_autoptr(GError) error = NULL;
	setlocale(LC_CTYPE, "C.UTF-8"); /* arguments are UTF-8, whatever the shell says */
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || out == NULL || scene_text == NULL ||
		!parse_scenes(scene_text, scenes)) {
		fprintf(stderr, "jawort specimen: %s\n",
			error != NULL ? error->message : "--scene and --out are needed; see --help");
		return 2;
	}
	const specimen_person data = {
		.given_names = given, .family_name = family, .birth_date = birth, .document_number = number, .issue_date = issued
	};
	g_autoptr(specimen) person = specimen_new(&data);
	const specimen_scene *list = (const specimen_scene *)(void *)scenes->data;
	gboolean is_written = g_str_has_suffix(out, ".png") ? write_picture(person, list[0], out)
							    : write_video(person, list, scenes->len, seconds, out);
	pango_cairo_font_map_set_default(NULL);
	FcFini();
	if (!is_written)
		fprintf(stderr, "jawort specimen: %s cannot be written\n", out);
	return is_written ? 0 : 1;
}
