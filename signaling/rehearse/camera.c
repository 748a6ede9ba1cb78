/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/camera.h"
#include <string.h>

typedef enum { SCENE_FACE, SCENE_FRONT, SCENE_BACK, SCENE_TILT, SCENE_FINGER } scene;

/* The steps' keys, by how they begin ("feature_2"); every other shows the face. */
static const struct {
	const char *step;
	scene scene;
} scenes[] = {
	{ "document_front", SCENE_FRONT },
	{ "document_back", SCENE_BACK },
	{ "mrz", SCENE_BACK },
	{ "feature", SCENE_TILT },
	{ "tilt", SCENE_TILT },
	{ "finger", SCENE_FINGER },
	{ "formal", SCENE_FRONT },
	{ "undamaged", SCENE_FRONT },
};

struct camera {
	const person_data *data;
	gint scene; /* atomic */
};

camera *camera_new(const person_data *data)
{
	camera *self = g_new0(camera, 1);
	self->data = data;
	return self;
}

void camera_free(camera *camera)
{
	g_free(camera);
}

void camera_show(camera *camera, const char *step)
{
	scene wanted = SCENE_FACE;
	for (gsize i = 0; i < G_N_ELEMENTS(scenes); i++)
		if (g_str_has_prefix(step, scenes[i].step))
			wanted = scenes[i].scene;
	g_atomic_int_set(&camera->scene, (gint)wanted);
}

void camera_draw(guint8 *pixels, guint width, guint height, guint64 number, gpointer data)
{
	camera *camera = data;
	memset(pixels, (int)((guint64)g_atomic_int_get(&camera->scene) * 40 + number % 40), (gsize)width * height * 4);
}
