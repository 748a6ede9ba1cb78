/* SPDX-License-Identifier: EUPL-1.2 */
/* Synthetic people for rehearsals, demonstrations and tests: a drawn person before a camera, and an identity card that they
 * hold up. The card is of a design of our own, says SPECIMEN and MUSTER all over, and copies no real document; only its
 * machine-readable zone follows the rules (ICAO 9303-5, OCR-B), so that it can be read and checked.
 *
 * Everything is drawn from the person's data and the time: same input, same picture.
 * Thread: an object belongs to one thread at a time. */
#pragma once
#include <glib.h>

/* UTF-8; dates "1983-08-12". What is NULL is taken from the German specimen of 2021 (Erika Mustermann). */
typedef struct {
	const char *given_names, *family_name;
	const char *birth_date, *birth_place;
	const char *document_number; /* 9 characters A-Z 0-9 */
	const char *issue_date;      /* it is valid for ten years less one day */
	const char *address;         /* lines separated by \n */
} specimen_person;

typedef enum {
	SPECIMEN_FACE,   /* looks, blinks, speaks */
	SPECIMEN_FRONT,  /* holds up the front: portrait and data */
	SPECIMEN_BACK,   /* the back: address and machine-readable zone */
	SPECIMEN_TILT,   /* tilts the front, so that the hologram changes colour */
	SPECIMEN_FINGER, /* moves a finger over the front's portrait */
	SPECIMEN_SCENES,
} specimen_scene;

/* "face", "front", "back", "tilt", "finger". FALSE for any other word. */
gboolean specimen_scene_parse(const char *word, specimen_scene *scene);

typedef struct specimen specimen;
/* Copies what it needs. */
specimen *specimen_new(const specimen_person *person);
void specimen_free(specimen *specimen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(specimen, specimen_free)

/* One picture at `seconds` of the scene into `pixels`: 32 bits each, in memory B, G, R, unused; `stride` bytes a row.
 * About 10 ms for 1280 x 720. */
void specimen_draw(
	specimen *specimen, specimen_scene scene, double seconds, guint8 *pixels, guint width, guint height, guint stride);
/* The three lines of the machine-readable zone on the back, 30 characters each, NULL ends. Owned by the specimen. */
const char *const *specimen_mrz(const specimen *specimen);
