/* SPDX-License-Identifier: EUPL-1.2 */
/* The machine-readable zone of identity cards and passports (ICAO Doc 9303-3, -4, -5, -6): TD1 (3 lines of 30), TD2 (2 of 36)
 * and TD3 (2 of 44). Visas (V…) and crew member certificates (AC…) are refused: they identify nobody here.
 *
 * Check digits find most reading errors, but modulo 10 they cannot tell 6 from G, 1 from L or < from K: that is why the person
 * also says the number aloud (V-36) and the fields are compared with the intake (V-39).
 * All text is ASCII, upper case. Thread: any; nothing here keeps state. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

typedef enum { IDENT_MRZ_TD1 = 1, IDENT_MRZ_TD2, IDENT_MRZ_TD3 } ident_mrz_format;

typedef struct {
	ident_mrz_format format;
	char lines[3][45]; /* as checked, terminated; line 3 empty but for TD1 */
	char code[3];      /* "I", "ID", "P" … without fillers */
	char issuer[4];    /* "D", "UTO" */
	char nationality[4];
	char number[32];      /* document number, long ones joined (9303-5 note j) */
	char birth_date[9];   /* YYMMDD as printed; unknown parts stay "<<" */
	char sex;             /* 'F', 'M' or '<' */
	char expiry_date[9];  /* YYMMDD */
	char optional[2][20]; /* optional data without fillers */
	char surname[45];     /* words joined by one space */
	char given_names[45];
	gboolean is_name_truncated; /* the name fills its field to the last position (9303-3 section 4.6) */
} ident_mrz;

/* Parse exact lines: length, characters by position, every check digit, the composite included.
 * Returns FALSE with IDENT_ERROR_INVALID; the message names the field. */
gboolean ident_mrz_parse(const char *const *lines, ident_mrz *mrz, GError **error);

/* Parse lines as OCR read them (any count, blanks and noise around): finds the zone, mends fillers, line lengths and
 * characters that cannot stand at their position, and lets check digits decide between look-alikes
 * (0 O D Q, 1 I L, 2 Z, 5 S, 6 G, 8 B; < read as K, C, L, ( …). Never invents: a mended zone passes every check digit. */
gboolean ident_mrz_repair(const char *const *read, ident_mrz *mrz, GError **error);

/* The check digit '0' … '9' over `length` characters of A-Z 0-9 < (weights 7, 3, 1). */
char ident_mrz_check_digit(const char *text, gsize length);

/* Write the lines of a document with right check digits (specimens, tests). Of `mrz` the fields format, code, issuer,
 * nationality, number, birth_date, sex, expiry_date, optional, surname and given_names are used; `lines` is filled. */
gboolean ident_mrz_write(ident_mrz *mrz, GError **error);

/* A name in the spelling of a passport (9303-3 section 6): Ä Ö Ü ß to AE OE UE SS, Å to AA, Ø to OE, Æ to AE, Þ to TH, Đ to D,
 * Ł to L …, other Latin diacritics dropped, apostrophes dropped, everything else that is no letter a space. (transfer full) */
char *ident_mrz_transliterate(const char *name);

/* "YYYY-MM-DD" of a birth date (never after `now_ms`) or an expiry date (within 50 years around it). NULL when parts are
 * unknown or it is no date. (transfer full) */
char *ident_mrz_birth_date(const ident_mrz *mrz, int64_t now_ms);
char *ident_mrz_expiry_date(const ident_mrz *mrz, int64_t now_ms);

/* What the person entered at booking. */
typedef struct {
	const char *given_names;
	const char *family_name;
	const char *birth_date;    /* "YYYY-MM-DD" */
	const char *document_type; /* "id_card", "passport" */
} ident_intake;

/* Field by field: (transfer full) array of {"field","intake","mrz","is_equal"}; the fields are family_name, given_names,
 * birth_date and document_type. Names are compared in every spelling that transliteration allows (ü may be UE or U); one that
 * fills its field to the end is equal to a beginning. */
json_t *ident_mrz_compare(const ident_mrz *mrz, const ident_intake *intake, int64_t now_ms);
