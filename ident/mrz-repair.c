/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include "ident/limits.h"
#include "ident/mrz-private.h"
#include <string.h>

/* How OCR reads the filler, when it does not. */
#define FILLER_LIKE "KCL"

/* Changed characters and ranks of fits together: beyond that, what passes the check digits may do so by chance. */
enum { COST_MAX = 4 };

/* What a character that cannot stand at its position must have been. */
static const char to_letter[][2] = { { '0', 'O' }, { '1', 'I' }, { '2', 'Z' }, { '5', 'S' }, { '6', 'G' }, { '8', 'B' } };
static const char to_digit[][2] = { { 'O', '0' }, { 'D', '0' }, { 'Q', '0' }, { 'I', '1' }, { 'L', '1' }, { 'Z', '2' },
	{ 'A', '4' }, { 'S', '5' }, { 'G', '6' }, { 'T', '7' }, { 'B', '8' } };

/* What a character that can stand there may have been too. Look-alikes that a check digit cannot tell apart (6 G, 1 L) are left
 * as they were read. */
static const struct {
	char read;
	const char *others;
} look_alikes[] = { { '0', "ODQ" }, { 'O', "0DQ" }, { 'D', "0O" }, { 'Q', "0O" }, { '1', "I" }, { 'I', "1" }, { 'L', "I" },
	{ '2', "Z" }, { 'Z', "2" }, { '5', "S" }, { 'S', "5" }, { '8', "B" }, { 'B', "8" } };

/* German document numbers use no vowels and nothing that looks like a digit. */
#define GERMAN_NUMBER "CFGHJKLMNPRTVWXYZ0123456789<"

static char *clean(const char *read)
{
	GString *out = g_string_new(NULL);
	g_autofree char *text = g_utf8_make_valid(read, MIN(strlen(read), IDENT_MRZ_READ_MAX));
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar character = g_unichar_toupper(g_utf8_get_char(p));
		if (character < 0x80 && (g_ascii_isalnum(character) || character == '<'))
			g_string_append_c(out, character);
		else if (character == 0xAB) /* « is two fillers */
			g_string_append(out, "<<");
		else if (!g_unichar_isspace(character) && character != '.' && character != ',' && character != '\'')
			g_string_append_c(out, '<');
	}
	return g_string_free(out, FALSE);
}

static gboolean is_filler_like(char character)
{
	return character == '<' || strchr(FILLER_LIKE, character) != NULL;
}

typedef struct run {
	gsize start, length;
} run;

/* Runs of two fillers or more, letters misread among them included, longest first. Letters at the ends of a run belong to what stands
 * there, unless the line ends. */
static GArray *find_runs(const char *line)
{
	GArray *runs = g_array_new(FALSE, FALSE, sizeof(run));
	gsize length = strlen(line);
	for (gsize start = 0, end; start < length; start = end) {
		end = start + 1;
		if (line[start] != '<')
			continue;
		for (gsize i = end; i < length && is_filler_like(line[i]); i++) {
			if (line[i] == '<' || i + 1 == length)
				end = i + 1;
		}
		guint place = 0;
		while (place < runs->len && g_array_index(runs, run, place).length >= end - start)
			place++;
		const run found = { start, end - start };
		if (found.length >= 2)
			g_array_insert_val(runs, place, found);
	}
	return runs;
}

/* OCR miscounts runs of fillers: every way to bring a line to `width` by lengthening or shortening one run, likeliest first, or by
 * cutting what was read beyond an end. */
static GPtrArray *fit(const char *line, gsize width)
{
	GPtrArray *fits = g_ptr_array_new_with_free_func(g_free);
	gsize length = strlen(line);
	if (length == width) {
		g_ptr_array_add(fits, g_strdup(line));
		return fits;
	}
	if (length + width / 3 < width || length > width + width / 3)
		return fits;
	g_autoptr(GArray) runs = find_runs(line);
	for (guint i = 0; i < runs->len; i++) {
		const run *run = &g_array_index(runs, struct run, i);
		if (run->length + width <= length)
			continue;
		g_autofree char *filler = g_strnfill(run->length + width - length, '<');
		g_ptr_array_add(
			fits, g_strdup_printf("%.*s%s%s", (int)run->start, line, filler, line + run->start + run->length));
	}
	if (length > width) {
		g_ptr_array_add(fits, g_strndup(line, width));
		g_ptr_array_add(fits, g_strdup(line + length - width));
	} else {
		g_autofree char *filler = g_strnfill(width - length, '<');
		g_ptr_array_add(fits, g_strconcat(line, filler, NULL));
	}
	return fits;
}

/* Letters K, C, L after a filler and before another or the end are fillers. */
static void mend_fillers(char *field, gsize length)
{
	for (gsize i = 1; i < length; i++) {
		if (field[i - 1] != '<' || field[i] == '<')
			continue;
		gsize end = i;
		while (end < length && strchr(FILLER_LIKE, field[end]) != NULL)
			end++;
		if (end > i && (end == length || field[end] == '<'))
			memset(field + i, '<', end - i);
	}
}

/* Surname and given names must be parted by two fillers; one of them may have been read as a letter. */
static void mend_separator(char *name, gsize length)
{
	const char *middle = g_strstr_len(name, length, "<<");
	if (middle != NULL && middle > name && middle + 2 < name + length && middle[2] != '<')
		return;
	for (gsize i = 1; i + 2 < length; i++) {
		gboolean is_pair = (name[i] == '<' && strchr(FILLER_LIKE, name[i + 1]) != NULL) ||
				   (name[i + 1] == '<' && strchr(FILLER_LIKE, name[i]) != NULL);
		if (is_pair && g_ascii_isupper(name[i - 1]) && g_ascii_isupper(name[i + 2])) {
			name[i] = name[i + 1] = '<';
			return;
		}
	}
}

static void force(char *field, gsize length, const char *allowed, const char pairs[][2], gsize count)
{
	for (gsize i = 0; i < length; i++) {
		for (gsize j = 0; strchr(allowed, field[i]) == NULL && j < count; j++) {
			if (pairs[j][0] == field[i])
				field[i] = pairs[j][1];
		}
	}
}

static gboolean is_german(const ident_mrz *mrz)
{
	return strncmp(mrz_at(mrz, MRZ_ISSUER), "D<<", 3) == 0;
}

static void mend_state(char *state)
{
	if (state[0] == 'D' && is_filler_like(state[1]) && is_filler_like(state[2]))
		memcpy(state, "D<<", 3);
}

/* Everything that position alone decides. */
static void mend_by_position(ident_mrz *mrz)
{
	for (mrz_field field = 0; field < MRZ_FIELDS; field++) {
		const char *allowed = mrz_kinds[field].characters;
		char *at = mrz_at(mrz, field);
		gsize length = mrz_length(mrz, field);
		if (strchr(allowed, 'A') == NULL)
			force(at, length, allowed, to_digit, G_N_ELEMENTS(to_digit));
		else if (strchr(allowed, '0') == NULL)
			force(at, length, allowed, to_letter, G_N_ELEMENTS(to_letter));
		mend_fillers(at, length);
	}
	char *code = mrz_at(mrz, MRZ_CODE), *sex = mrz_at(mrz, MRZ_SEX);
	if (strchr("PI", code[0]) != NULL && is_filler_like(code[1]))
		code[1] = '<';
	if (is_filler_like(*sex))
		*sex = '<';
	mend_state(mrz_at(mrz, MRZ_ISSUER));
	mend_state(mrz_at(mrz, MRZ_NATIONALITY));
	mend_separator(mrz_at(mrz, MRZ_NAME), mrz_length(mrz, MRZ_NAME));
	mend_fillers(mrz_at(mrz, MRZ_NAME), mrz_length(mrz, MRZ_NAME));
	if (is_german(mrz))
		force(mrz_at(mrz, MRZ_NUMBER), mrz_length(mrz, MRZ_NUMBER), GERMAN_NUMBER, to_digit, G_N_ELEMENTS(to_digit));
	if (mrz_length(mrz, MRZ_OPTIONAL_CHECK) > 0 && is_filler_like(*mrz_at(mrz, MRZ_OPTIONAL_CHECK)))
		*mrz_at(mrz, MRZ_OPTIONAL_CHECK) = '<';
}

typedef struct {
	ident_mrz *mrz;
	char *places[60]; /* of doubtful characters */
	const char *others[60];
	const char *allowed[60];
	guint count;
	guint found; /* ways with exactly the changes tried */
	ident_mrz first;
} search;

static void collect(search *search, mrz_field field)
{
	const char *allowed = field == MRZ_NUMBER && is_german(search->mrz) ? GERMAN_NUMBER : mrz_kinds[field].characters;
	char *at = mrz_at(search->mrz, field);
	for (gsize i = 0; i < mrz_length(search->mrz, field); i++) {
		for (gsize j = 0; j < G_N_ELEMENTS(look_alikes); j++) {
			if (look_alikes[j].read != at[i])
				continue;
			search->places[search->count] = at + i;
			search->allowed[search->count] = allowed;
			search->others[search->count++] = look_alikes[j].others;
		}
	}
}

/* Try all ways to change exactly `changes` doubtful characters from the `from`-th on. */
static void try_changes(search *search, guint from, guint changes)
{
	if (changes == 0) {
		ident_mrz copy = *search->mrz;
		if (mrz_holds(&copy, MRZ_NUMBER_CHECK) && mrz_holds(&copy, MRZ_COMPOSITE) && mrz_finish(&copy, NULL) &&
			search->found++ == 0)
			search->first = copy;
		return;
	}
	for (guint i = from; i < search->count; i++) {
		char read = *search->places[i];
		for (const char *other = search->others[i]; *other != '\0'; other++) {
			if (strchr(search->allowed[i], *other) == NULL)
				continue;
			*search->places[i] = *other;
			try_changes(search, i + 1, changes - 1);
		}
		*search->places[i] = read;
	}
}

/* What was found so far, over all ways to fit the lines. */
typedef struct best {
	guint cost; /* changed characters, and how unlikely the fit is */
	gboolean is_doubtful;
	ident_mrz mrz;
} best;

static void keep(best *best, const ident_mrz *mrz, guint cost, gboolean is_doubtful)
{
	if (cost > best->cost)
		return;
	gboolean is_other = cost == best->cost && memcmp(best->mrz.lines, mrz->lines, sizeof(mrz->lines)) != 0;
	*best = (struct best){ cost, is_doubtful || is_other, *mrz };
}

/* The fewest changes that satisfy all check digits. */
static void mend(const ident_mrz *fitted, guint cost, best *best)
{
	ident_mrz mrz = *fitted;
	mend_by_position(&mrz);
	if (!mrz_holds(&mrz, MRZ_BIRTH_CHECK) || !mrz_holds(&mrz, MRZ_EXPIRY_CHECK))
		return;
	search search = { .mrz = &mrz };
	collect(&search, MRZ_NUMBER);
	collect(&search, MRZ_OPTIONAL_1);
	collect(&search, MRZ_OPTIONAL_2);
	for (guint changes = 0; changes <= IDENT_MRZ_CHANGES_MAX && cost + changes <= best->cost && search.found == 0;
		changes++) {
		try_changes(&search, 0, changes);
		if (search.found > 0)
			keep(best, &search.first, cost + changes, search.found > 1);
	}
}

/* Try each way to fit each line, line by line. */
static void mend_lines(char **lines, const mrz_layout *layout, guint line, ident_mrz *mrz, guint cost, best *best)
{
	if (line == layout->lines) {
		mend(mrz, cost, best);
		return;
	}
	g_autoptr(GPtrArray) fits = fit(lines[line], layout->width);
	for (guint i = 0; i < fits->len; i++) {
		memcpy(mrz->lines[line], fits->pdata[i], layout->width);
		mend_lines(lines, layout, line + 1, mrz, cost + i, best);
	}
}

gboolean ident_mrz_repair(const char *const *read, ident_mrz *mrz, GError **error)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; read[i] != NULL && lines->len < IDENT_MRZ_LINES_READ_MAX; i++) {
		char *line = clean(read[i]);
		if (strlen(line) >= 20)
			g_ptr_array_add(lines, line);
		else
			g_free(line);
	}
	best best = { .cost = COST_MAX + 1 };
	for (ident_mrz_format format = IDENT_MRZ_TD1; format <= IDENT_MRZ_TD3; format++) {
		const mrz_layout *layout = &mrz_layouts[format];
		for (guint first = 0; first + layout->lines <= lines->len; first++) {
			*mrz = (ident_mrz){ .format = format };
			mend_lines((char **)lines->pdata + first, layout, 0, mrz, 0, &best);
		}
	}
	*mrz = best.mrz;
	return (best.cost <= COST_MAX && !best.is_doubtful) ||
	       ident_fail(error, IDENT_ERROR_INVALID, "No machine-readable zone could be read without doubt.");
}
