/* SPDX-License-Identifier: EUPL-1.2 */
/* What the camera of a synthetic partner sees: a drawn face, or the specimen identity card held up as a step asks.
 * Thread: camera_show() on main, camera_draw() on the camera's. */
#pragma once
#include "signaling/rehearse/person.h"

enum { CAMERA_WIDTH = 1280, CAMERA_HEIGHT = 720 };

typedef struct camera camera;
/* `data` outlives it. */
camera *camera_new(const person_data *data);
void camera_free(camera *camera);
/* Hold up what this step of the procedure wants to see. */
void camera_show(camera *camera, const char *step);
/* A peer_draw; `data` is the camera. */
void camera_draw(guint8 *pixels, guint width, guint height, guint64 number, gpointer data);
