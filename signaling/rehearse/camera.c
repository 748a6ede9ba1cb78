/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/camera.h"
#include "signaling/specimen/specimen.h"

/* The steps' keys, by how they begin ("feature_2"); every other shows the face. */
static const struct {
	const char *step;
	specimen_scene scene;
} scenes[] = {
	{ "document_front", SPECIMEN_FRONT },
	{ "document_back", SPECIMEN_BACK },
	{ "mrz", SPECIMEN_BACK },
	{ "feature", SPECIMEN_TILT },
	{ "tilt", SPECIMEN_TILT },
	{ "finger", SPECIMEN_FINGER },
	{ "formal", SPECIMEN_FRONT },
	{ "undamaged", SPECIMEN_FRONT },
};

struct camera {
	specimen *specimen;
	gint scene; /* atomic */
};

camera *camera_new(const person_data *data)
{
	camera *self = g_new0(camera, 1);
	self->specimen = specimen_new(&(specimen_person){
		.given_names = data->given_names,
		.family_name = data->family_name,
		.birth_date = data->birth_date,
		.document_number = data->document_number,
		.issue_date = data->issue_date,
	});
	return self;
}

void camera_free(camera *camera)
{
	if (camera == NULL)
		return;
	specimen_free(camera->specimen);
	g_free(camera);
}

void camera_show(camera *camera, const char *step)
{
	specimen_scene wanted = SPECIMEN_FACE;
	for (gsize i = 0; i < G_N_ELEMENTS(scenes); i++)
		if (g_str_has_prefix(step, scenes[i].step))
			wanted = scenes[i].scene;
	g_atomic_int_set(&camera->scene, (gint)wanted);
}

void camera_draw(guint8 *pixels, guint width, guint height, guint64 number, gpointer data)
{
	camera *camera = data;
	specimen_draw(camera->specimen, (specimen_scene)g_atomic_int_get(&camera->scene), (double)number / PEER_FRAMES_PER_SECOND,
		pixels, width, height, width * 4);
}
