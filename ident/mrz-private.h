/* SPDX-License-Identifier: EUPL-1.2 */
/* Where the fields of a machine-readable zone stand: for parsing (mrz.c) and mending (mrz-repair.c). */
#pragma once
#include "ident/mrz.h"

typedef enum {
	MRZ_CODE,
	MRZ_ISSUER,
	MRZ_NAME,
	MRZ_NUMBER,
	MRZ_NUMBER_CHECK,
	MRZ_NATIONALITY,
	MRZ_BIRTH,
	MRZ_BIRTH_CHECK,
	MRZ_SEX,
	MRZ_EXPIRY,
	MRZ_EXPIRY_CHECK,
	MRZ_OPTIONAL_1,
	MRZ_OPTIONAL_CHECK, /* TD3 */
	MRZ_OPTIONAL_2,     /* TD1 */
	MRZ_COMPOSITE,
	MRZ_FIELDS,
} mrz_field;

typedef struct {
	guint8 line, start, length; /* length 0: the format has no such field */
} mrz_place;

typedef struct {
	guint lines, width;
	mrz_place places[MRZ_FIELDS];
	mrz_place composite[4]; /* what the composite check digit runs over */
} mrz_layout;

typedef struct {
	const char *name;
	const char *characters; /* that may stand in the field */
} mrz_kind;

extern const mrz_layout mrz_layouts[]; /* by ident_mrz_format */
extern const mrz_kind mrz_kinds[MRZ_FIELDS];

char *mrz_at(const ident_mrz *mrz, mrz_field field);
guint mrz_length(const ident_mrz *mrz, mrz_field field);
/* Does a check digit hold? TRUE when the format has none there. */
gboolean mrz_holds(const ident_mrz *mrz, mrz_field check);
/* What the composite check digit has to be. */
char mrz_composite(const ident_mrz *mrz);
/* Check everything and fill the fields from format and lines. */
gboolean mrz_finish(ident_mrz *mrz, GError **error);
