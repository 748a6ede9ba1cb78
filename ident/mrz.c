/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include "ident/mrz-private.h"
#include <string.h>

/* clang-format off */
const mrz_layout mrz_layouts[] = {
	[IDENT_MRZ_TD1] = { 3, 30, {
		[MRZ_CODE] = { 0, 0, 2 }, [MRZ_ISSUER] = { 0, 2, 3 }, [MRZ_NUMBER] = { 0, 5, 9 }, [MRZ_NUMBER_CHECK] = { 0, 14, 1 },
		[MRZ_OPTIONAL_1] = { 0, 15, 15 }, [MRZ_BIRTH] = { 1, 0, 6 }, [MRZ_BIRTH_CHECK] = { 1, 6, 1 }, [MRZ_SEX] = { 1, 7, 1 },
		[MRZ_EXPIRY] = { 1, 8, 6 }, [MRZ_EXPIRY_CHECK] = { 1, 14, 1 }, [MRZ_NATIONALITY] = { 1, 15, 3 },
		[MRZ_OPTIONAL_2] = { 1, 18, 11 }, [MRZ_COMPOSITE] = { 1, 29, 1 }, [MRZ_NAME] = { 2, 0, 30 } },
		{ { 0, 5, 25 }, { 1, 0, 7 }, { 1, 8, 7 }, { 1, 18, 11 } } },
	[IDENT_MRZ_TD2] = { 2, 36, {
		[MRZ_CODE] = { 0, 0, 2 }, [MRZ_ISSUER] = { 0, 2, 3 }, [MRZ_NAME] = { 0, 5, 31 }, [MRZ_NUMBER] = { 1, 0, 9 },
		[MRZ_NUMBER_CHECK] = { 1, 9, 1 }, [MRZ_NATIONALITY] = { 1, 10, 3 }, [MRZ_BIRTH] = { 1, 13, 6 },
		[MRZ_BIRTH_CHECK] = { 1, 19, 1 }, [MRZ_SEX] = { 1, 20, 1 }, [MRZ_EXPIRY] = { 1, 21, 6 }, [MRZ_EXPIRY_CHECK] = { 1, 27, 1 },
		[MRZ_OPTIONAL_1] = { 1, 28, 7 }, [MRZ_COMPOSITE] = { 1, 35, 1 } },
		{ { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 14 } } },
	[IDENT_MRZ_TD3] = { 2, 44, {
		[MRZ_CODE] = { 0, 0, 2 }, [MRZ_ISSUER] = { 0, 2, 3 }, [MRZ_NAME] = { 0, 5, 39 }, [MRZ_NUMBER] = { 1, 0, 9 },
		[MRZ_NUMBER_CHECK] = { 1, 9, 1 }, [MRZ_NATIONALITY] = { 1, 10, 3 }, [MRZ_BIRTH] = { 1, 13, 6 },
		[MRZ_BIRTH_CHECK] = { 1, 19, 1 }, [MRZ_SEX] = { 1, 20, 1 }, [MRZ_EXPIRY] = { 1, 21, 6 }, [MRZ_EXPIRY_CHECK] = { 1, 27, 1 },
		[MRZ_OPTIONAL_1] = { 1, 28, 14 }, [MRZ_OPTIONAL_CHECK] = { 1, 42, 1 }, [MRZ_COMPOSITE] = { 1, 43, 1 } },
		{ { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 22 } } },
};

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
const mrz_kind mrz_kinds[MRZ_FIELDS] = {
	[MRZ_CODE] = { "document code", LETTERS "<" }, [MRZ_ISSUER] = { "issuer", LETTERS "<" },
	[MRZ_NAME] = { "name", LETTERS "<" }, [MRZ_NUMBER] = { "document number", LETTERS DIGITS "<" },
	[MRZ_NUMBER_CHECK] = { "check digit of the document number", DIGITS "<" }, [MRZ_NATIONALITY] = { "nationality", LETTERS "<" },
	[MRZ_BIRTH] = { "date of birth", DIGITS "<" }, [MRZ_BIRTH_CHECK] = { "check digit of the date of birth", DIGITS },
	[MRZ_SEX] = { "sex", "MF<" }, [MRZ_EXPIRY] = { "date of expiry", DIGITS "<" },
	[MRZ_EXPIRY_CHECK] = { "check digit of the date of expiry", DIGITS }, [MRZ_OPTIONAL_1] = { "optional data", LETTERS DIGITS "<" },
	[MRZ_OPTIONAL_CHECK] = { "check digit of the optional data", DIGITS "<" }, [MRZ_OPTIONAL_2] = { "optional data", LETTERS DIGITS "<" },
	[MRZ_COMPOSITE] = { "composite check digit", DIGITS },
};
/* clang-format on */

char ident_mrz_check_digit(const char *text, gsize length)
{
	static const guint weights[] = { 7, 3, 1 };
	guint sum = 0;
	for (gsize i = 0; i < length; i++) {
		guint value = g_ascii_isdigit(text[i]) ? text[i] - '0' : g_ascii_isupper(text[i]) ? text[i] - 'A' + 10 : 0;
		sum += value * weights[i % 3];
	}
	return '0' + sum % 10;
}

char *mrz_at(const ident_mrz *mrz, mrz_field field)
{
	const mrz_place *place = &mrz_layouts[mrz->format].places[field];
	return (char *)mrz->lines[place->line] + place->start;
}

guint mrz_length(const ident_mrz *mrz, mrz_field field)
{
	return mrz_layouts[mrz->format].places[field].length;
}

/* TD1 and TD2 numbers of more than nine characters go on in the optional data: rest, check digit, filler (9303-5 note j).
 * Fills `number` without fillers and returns its check digit; '\0' when the form is broken. */
static char number_and_check(const ident_mrz *mrz, char number[32])
{
	guint length = mrz_length(mrz, MRZ_NUMBER);
	memcpy(number, mrz_at(mrz, MRZ_NUMBER), length);
	number[length] = '\0';
	char check = *mrz_at(mrz, MRZ_NUMBER_CHECK);
	if (check != '<' || mrz->format == IDENT_MRZ_TD3)
		return check == '<' ? '\0' : check;

	const char *rest = mrz_at(mrz, MRZ_OPTIONAL_1);
	guint count = 0;
	while (count < mrz_length(mrz, MRZ_OPTIONAL_1) && rest[count] != '<')
		count++;
	if (count < 2)
		return '\0';
	memcpy(number + length, rest, count - 1);
	number[length + count - 1] = '\0';
	return rest[count - 1];
}

char mrz_composite(const ident_mrz *mrz)
{
	char all[100];
	gsize length = 0;
	for (guint i = 0; i < 4; i++) {
		const mrz_place *part = &mrz_layouts[mrz->format].composite[i];
		memcpy(all + length, mrz->lines[part->line] + part->start, part->length);
		length += part->length;
	}
	return ident_mrz_check_digit(all, length);
}

static gboolean check_holds(const ident_mrz *mrz, mrz_field field, mrz_field check)
{
	return ident_mrz_check_digit(mrz_at(mrz, field), mrz_length(mrz, field)) == *mrz_at(mrz, check);
}

gboolean mrz_holds(const ident_mrz *mrz, mrz_field check)
{
	char number[32];
	switch (check) {
	case MRZ_NUMBER_CHECK: {
		char digit = number_and_check(mrz, number);
		return digit != '\0' && ident_mrz_check_digit(number, strlen(number)) == digit;
	}
	case MRZ_BIRTH_CHECK:
		return check_holds(mrz, MRZ_BIRTH, MRZ_BIRTH_CHECK);
	case MRZ_EXPIRY_CHECK:
		return check_holds(mrz, MRZ_EXPIRY, MRZ_EXPIRY_CHECK);
	case MRZ_OPTIONAL_CHECK:
		if (mrz->format != IDENT_MRZ_TD3)
			return TRUE;
		/* an empty field may have a filler as its check digit (9303-4, 4.2.2.2) */
		return check_holds(mrz, MRZ_OPTIONAL_1, MRZ_OPTIONAL_CHECK) ||
		       (*mrz_at(mrz, MRZ_OPTIONAL_CHECK) == '<' && strspn(mrz_at(mrz, MRZ_OPTIONAL_1), "<") >= 14);
	case MRZ_COMPOSITE:
		return mrz_composite(mrz) == *mrz_at(mrz, MRZ_COMPOSITE);
	default:
		return TRUE;
	}
}

static gboolean check_form(const ident_mrz *mrz, GError **error)
{
	for (mrz_field field = 0; field < MRZ_FIELDS; field++) {
		if (strspn(mrz_at(mrz, field), mrz_kinds[field].characters) < mrz_length(mrz, field))
			return ident_fail(error, IDENT_ERROR_INVALID, "The %s has a character that cannot stand there.",
				mrz_kinds[field].name);
	}
	const char *code = mrz_at(mrz, MRZ_CODE);
	if (code[0] == 'V')
		return ident_fail(error, IDENT_ERROR_INVALID, "This is a %s, which identifies nobody here.", "visa");
	if (strncmp(code, "AC", 2) == 0)
		return ident_fail(
			error, IDENT_ERROR_INVALID, "This is a %s, which identifies nobody here.", "crew member certificate");
	if (*mrz_at(mrz, MRZ_NUMBER) == '<')
		return ident_fail(error, IDENT_ERROR_INVALID, "The %s is missing.", mrz_kinds[MRZ_NUMBER].name);
	if (strchr(mrz->format == IDENT_MRZ_TD3 ? "P" : "ACI", code[0]) == NULL)
		return ident_fail(
			error, IDENT_ERROR_INVALID, "The %s is of no identity card or passport.", mrz_kinds[MRZ_CODE].name);
	return TRUE;
}

/* A field without trailing fillers; single ones inside become spaces. */
static void copy_field(const ident_mrz *mrz, mrz_field field, char *out)
{
	guint length = mrz_length(mrz, field);
	memcpy(out, mrz_at(mrz, field), length);
	out[length] = '\0';
	g_strdelimit(out, "<", ' ');
	g_strchomp(out);
}

static void copy_words(const char *from, gsize length, char *out)
{
	gsize written = 0;
	for (gsize i = 0; i < length; i++) {
		if (from[i] != '<')
			out[written++] = from[i];
		else if (written > 0 && out[written - 1] != ' ')
			out[written++] = ' ';
	}
	out[written] = '\0';
	g_strchomp(out);
}

static void split_name(ident_mrz *mrz)
{
	const char *name = mrz_at(mrz, MRZ_NAME);
	gsize length = mrz_length(mrz, MRZ_NAME);
	const char *middle = g_strstr_len(name, length, "<<");
	gsize surname = middle != NULL ? (gsize)(middle - name) : length;
	copy_words(name, surname, mrz->surname);
	copy_words(name + surname, length - surname, mrz->given_names);
	mrz->is_name_truncated = name[length - 1] != '<';
}

gboolean mrz_finish(ident_mrz *mrz, GError **error)
{
	static const mrz_field checks[] = { MRZ_NUMBER_CHECK, MRZ_BIRTH_CHECK, MRZ_EXPIRY_CHECK, MRZ_OPTIONAL_CHECK,
		MRZ_COMPOSITE };
	if (!check_form(mrz, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (!mrz_holds(mrz, checks[i]))
			return ident_fail(error, IDENT_ERROR_INVALID, "The %s is wrong.", mrz_kinds[checks[i]].name);
	}
	copy_field(mrz, MRZ_CODE, mrz->code);
	copy_field(mrz, MRZ_ISSUER, mrz->issuer);
	copy_field(mrz, MRZ_NATIONALITY, mrz->nationality);
	memcpy(mrz->birth_date, mrz_at(mrz, MRZ_BIRTH), 6);
	memcpy(mrz->expiry_date, mrz_at(mrz, MRZ_EXPIRY), 6);
	mrz->sex = *mrz_at(mrz, MRZ_SEX);
	copy_field(mrz, MRZ_OPTIONAL_1, mrz->optional[0]);
	copy_field(mrz, MRZ_OPTIONAL_2, mrz->optional[1]);
	number_and_check(mrz, mrz->number);
	g_strdelimit(mrz->number, "<", ' ');
	g_strchomp(mrz->number);
	split_name(mrz);
	if (*mrz->surname == '\0')
		return ident_fail(error, IDENT_ERROR_INVALID, "The %s is missing.", mrz_kinds[MRZ_NAME].name);
	return TRUE;
}

gboolean ident_mrz_parse(const char *const *lines, ident_mrz *mrz, GError **error)
{
	guint count = g_strv_length((char **)lines);
	for (ident_mrz_format format = IDENT_MRZ_TD1; format <= IDENT_MRZ_TD3; format++) {
		const mrz_layout *layout = &mrz_layouts[format];
		guint fitting = 0;
		while (fitting < count && strlen(lines[fitting]) == layout->width)
			fitting++;
		if (count != layout->lines || fitting != count)
			continue;
		*mrz = (ident_mrz){ .format = format };
		for (guint i = 0; i < count; i++)
			memcpy(mrz->lines[i], lines[i], layout->width);
		return mrz_finish(mrz, error);
	}
	return ident_fail(error, IDENT_ERROR_INVALID, "%s", "lines of 3 x 30, 2 x 36 or 2 x 44 characters are expected");
}

static gboolean put(ident_mrz *mrz, mrz_field field, const char *text, GError **error)
{
	gsize length = strlen(text);
	if (length > mrz_length(mrz, field))
		return ident_fail(error, IDENT_ERROR_INVALID, "The %s is too long.", mrz_kinds[field].name);
	char *at = mrz_at(mrz, field);
	for (gsize i = 0; i < length; i++)
		at[i] = text[i] == ' ' ? '<' : text[i];
	return TRUE;
}

gboolean ident_mrz_write(ident_mrz *mrz, GError **error)
{
	const mrz_layout *layout = &mrz_layouts[mrz->format];
	memset(mrz->lines, 0, sizeof(mrz->lines));
	for (guint i = 0; i < layout->lines; i++)
		memset(mrz->lines[i], '<', layout->width);

	g_autofree char *name = g_strdup_printf("%s  %s", mrz->surname, mrz->given_names);
	if (strlen(name) > mrz_length(mrz, MRZ_NAME))
		name[mrz_length(mrz, MRZ_NAME)] = '\0';
	const char sex[2] = { mrz->sex, '\0' };
	if (!put(mrz, MRZ_CODE, mrz->code, error) || !put(mrz, MRZ_ISSUER, mrz->issuer, error) ||
		!put(mrz, MRZ_NAME, name, error) || !put(mrz, MRZ_NUMBER, mrz->number, error) ||
		!put(mrz, MRZ_NATIONALITY, mrz->nationality, error) || !put(mrz, MRZ_BIRTH, mrz->birth_date, error) ||
		!put(mrz, MRZ_SEX, sex, error) || !put(mrz, MRZ_EXPIRY, mrz->expiry_date, error) ||
		!put(mrz, MRZ_OPTIONAL_1, mrz->optional[0], error) || !put(mrz, MRZ_OPTIONAL_2, mrz->optional[1], error))
		return FALSE;

	static const mrz_field checked[][2] = { { MRZ_NUMBER, MRZ_NUMBER_CHECK }, { MRZ_BIRTH, MRZ_BIRTH_CHECK },
		{ MRZ_EXPIRY, MRZ_EXPIRY_CHECK }, { MRZ_OPTIONAL_1, MRZ_OPTIONAL_CHECK } };
	for (guint i = 0; i < G_N_ELEMENTS(checked); i++) {
		if (mrz_length(mrz, checked[i][1]) > 0)
			*mrz_at(mrz, checked[i][1]) =
				ident_mrz_check_digit(mrz_at(mrz, checked[i][0]), mrz_length(mrz, checked[i][0]));
	}
	*mrz_at(mrz, MRZ_COMPOSITE) = mrz_composite(mrz);
	return mrz_finish(mrz, error);
}

/* "YYYY-MM-DD" of six digits in the century that begins with `year_from`; NULL when it is no date. */
static char *full_date(const char *digits, guint year_from)
{
	if (strspn(digits, DIGITS) < 6)
		return NULL;
	guint two = (digits[0] - '0') * 10 + digits[1] - '0';
	guint year = year_from - year_from % 100 + two;
	if (year < year_from)
		year += 100;
	guint month = (digits[2] - '0') * 10 + digits[3] - '0', day = (digits[4] - '0') * 10 + digits[5] - '0';
	return g_date_valid_dmy(day, month, year) ? g_strdup_printf("%04u-%02u-%02u", year, month, day) : NULL;
}

static char *date_of_now(int64_t now_ms)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_ms / 1000);
	return g_date_time_format(now, "%Y-%m-%d");
}

char *ident_mrz_birth_date(const ident_mrz *mrz, int64_t now_ms)
{
	g_autofree char *today = date_of_now(now_ms);
	guint year = strtoul(today, NULL, 10);
	g_autofree char *date = full_date(mrz->birth_date, year - 99);
	/* the 99 years back and this one hold the same two digits twice at most: this year's is right unless it lies ahead */
	if (date != NULL && strcmp(date, today) <= 0)
		return g_steal_pointer(&date);
	return full_date(mrz->birth_date, year - 100);
}

char *ident_mrz_expiry_date(const ident_mrz *mrz, int64_t now_ms)
{
	g_autofree char *today = date_of_now(now_ms);
	return full_date(mrz->expiry_date, strtoul(today, NULL, 10) - 50);
}
