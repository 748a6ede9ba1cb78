/* SPDX-License-Identifier: EUPL-1.2 */
/* How a specimen's card and face are drawn; parts of specimen.h. */
#pragma once
#include <cairo.h>
#include "signaling/specimen/specimen.h"

enum { CARD_WIDTH = 1284, CARD_HEIGHT = 810 }; /* 15 units a millimetre of ID-1 (ISO/IEC 7810) */

/* All fields set. */
void card_draw_front(cairo_t *cairo, const specimen_person *person, const char *expiry_date);
void card_draw_back(cairo_t *cairo, const specimen_person *person, const char *const *mrz);
/* What changes with the angle, 0 to 1; over the front. */
void card_draw_hologram(cairo_t *cairo, double angle);

/* A head and shoulders in a box of 1 x 1. `looks` chooses hair, skin and clothes; `mouth` 0 (shut) to 1, `eyes` 0 (shut) to 1. */
void face_draw(cairo_t *cairo, guint looks, double mouth, double eyes);
/* The skin of `looks` as the colour to draw with; `light` 1 is that of the face. */
void face_use_skin(cairo_t *cairo, guint looks, double light);
/* What `looks` a person has. */
guint face_looks(const specimen_person *person);
