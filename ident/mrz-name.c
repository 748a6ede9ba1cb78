/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/mrz.h"
#include <string.h>

/* Letters that a machine-readable zone writes otherwise than their base letter (9303-3 section 6 A), with a second usual
 * spelling. */
static const struct {
	gunichar letter; /* upper case */
	const char *spellings[3];
} letters[] = {
	{ 0xC4, { "AE", "A" } },        /* Ä */
	{ 0xC5, { "AA", "A" } },        /* Å */
	{ 0xC6, { "AE" } },             /* Æ */
	{ 0xD0, { "D" } },              /* Ð */
	{ 0xD1, { "N", "NXX" } },       /* Ñ */
	{ 0xD6, { "OE", "O" } },        /* Ö */
	{ 0xD8, { "OE", "O" } },        /* Ø */
	{ 0xDC, { "UE", "U", "UXX" } }, /* Ü */
	{ 0xDE, { "TH" } },             /* Þ */
	{ 0x110, { "D" } },             /* Đ */
	{ 0x126, { "H" } },             /* Ħ */
	{ 0x131, { "I" } },             /* ı */
	{ 0x132, { "IJ" } },            /* Ĳ */
	{ 0x138, { "Q", "K" } },        /* ĸ */
	{ 0x141, { "L" } },             /* Ł */
	{ 0x14A, { "N" } },             /* Ŋ */
	{ 0x152, { "OE" } },            /* Œ */
	{ 0x166, { "T" } },             /* Ŧ */
	{ 0x18F, { "E" } },             /* Ə */
	{ 0x1E9E, { "SS" } },           /* ẞ */
};

/* The spellings of one character, the first being the rule's. A letter becomes letters, a separator one space, an apostrophe
 * nothing. `base` is room for a base letter. Returns their count. */
static guint spellings_of(gunichar character, const char *spellings[3], char base[2])
{
	gunichar upper = character == 0xDF ? 0x1E9E : g_unichar_toupper(character);
	for (guint i = 0; i < G_N_ELEMENTS(letters); i++) {
		if (letters[i].letter != upper)
			continue;
		guint count = 0;
		while (count < 3 && letters[i].spellings[count] != NULL) {
			spellings[count] = letters[i].spellings[count];
			count++;
		}
		return count;
	}
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	g_unichar_fully_decompose(upper, TRUE, parts, G_N_ELEMENTS(parts));
	base[1] = '\0';
	spellings[0] = base;
	if (parts[0] < 0x80 && g_ascii_isupper(parts[0]))
		base[0] = parts[0];
	else if (parts[0] == '\'' || parts[0] == '`' || (parts[0] >= 0x2B9 && parts[0] <= 0x2C8) || parts[0] == 0x2018 ||
		 parts[0] == 0x2019 || g_unichar_ismark(parts[0]))
		base[0] = '\0';
	else
		base[0] = ' ';
	return 1;
}

char *ident_mrz_transliterate(const char *name)
{
	g_autofree char *composed = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
	GString *out = g_string_new(NULL);
	for (const char *p = composed; p != NULL && *p != '\0'; p = g_utf8_next_char(p)) {
		const char *spellings[3];
		char base[2];
		spellings_of(g_utf8_get_char(p), spellings, base);
		if (*spellings[0] != ' ')
			g_string_append(out, spellings[0]);
		else if (out->len > 0 && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
	g_strchomp(out->str);
	return g_string_free(out, FALSE);
}

/* Can `name` (NFC) be spelled as `zone`, or, when that was cut off, as something that begins so? */
static gboolean matches(const char *name, const char *zone, gboolean is_truncated, gboolean after_space)
{
	if (*zone == '\0' && is_truncated)
		return TRUE;
	if (*name == '\0')
		return *zone == '\0';
	const char *spellings[3];
	char base[2];
	guint count = spellings_of(g_utf8_get_char(name), spellings, base);
	for (guint i = 0; i < count; i++) {
		const char *spelling = spellings[i];
		if (*spelling == ' ' && (after_space || *zone == '\0'))
			spelling = ""; /* blanks run together, and count for nothing at the ends */
		gsize length = strlen(spelling);
		gboolean is_cut = is_truncated && strlen(zone) < length;
		if (strncmp(spelling, zone, is_cut ? strlen(zone) : length) != 0)
			continue;
		gboolean is_space = length > 0 ? *spelling == ' ' : after_space;
		if (is_cut || matches(g_utf8_next_char(name), zone + length, is_truncated, is_space))
			return TRUE;
	}
	return FALSE;
}

static gboolean name_matches(const char *intake, const char *zone, gboolean is_truncated)
{
	g_autofree char *composed = g_utf8_normalize(intake, -1, G_NORMALIZE_NFC);
	return composed != NULL && matches(composed, zone, is_truncated, TRUE);
}

/* The zone has two digits of the year: people live to more than a hundred. */
static gboolean is_date(const char *date, const char *zone)
{
	return strlen(date) == 10 && strncmp(date + 2, zone, 2) == 0 && strncmp(date + 5, zone + 2, 2) == 0 &&
	       strncmp(date + 8, zone + 4, 2) == 0;
}

static void compare(json_t *comparisons, const char *field, const char *intake, const char *zone, gboolean is_equal)
{
	json_array_append_new(comparisons,
		json_pack("{s:s, s:s, s:s, s:b}", "field", field, "intake", intake, "mrz", zone, "is_equal", is_equal));
}

json_t *ident_mrz_compare(const ident_mrz *mrz, const ident_intake *intake, int64_t now_ms)
{
	json_t *comparisons = json_array();
	/* the given names are what is cut off; a surname only when nothing is left for them */
	gboolean surname_cut = mrz->is_name_truncated && *mrz->given_names == '\0';
	compare(comparisons, "family_name", intake->family_name, mrz->surname,
		name_matches(intake->family_name, mrz->surname, surname_cut));
	compare(comparisons, "given_names", intake->given_names, mrz->given_names,
		name_matches(intake->given_names, mrz->given_names, mrz->is_name_truncated));
	g_autofree char *birth = ident_mrz_birth_date(mrz, now_ms);
	const char *date = birth != NULL ? birth : mrz->birth_date;
	compare(comparisons, "birth_date", intake->birth_date, date, is_date(intake->birth_date, mrz->birth_date));
	const char *type = mrz->code[0] == 'P' ? "passport" : "id_card";
	compare(comparisons, "document_type", intake->document_type, type, strcmp(intake->document_type, type) == 0);
	return comparisons;
}
