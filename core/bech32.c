/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/bech32.h"
#include <string.h>

enum { CHECKSUM_LETTERS = 6 };

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static guint32 checksum_step(guint32 checksum, guint8 value)
{
	static const guint32 generator[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	guint32 top = checksum >> 25;
	checksum = (checksum & 0x1ffffff) << 5 ^ value;
	for (guint i = 0; i < 5; i++)
		if (top >> i & 1)
			checksum ^= generator[i];
	return checksum;
}

static guint32 checksum_of(const char *prefix, const guint8 *values, size_t count)
{
	guint32 checksum = 1;
	for (const char *c = prefix; *c != '\0'; c++)
		checksum = checksum_step(checksum, (guint8)*c >> 5);
	checksum = checksum_step(checksum, 0);
	for (const char *c = prefix; *c != '\0'; c++)
		checksum = checksum_step(checksum, (guint8)*c & 31);
	for (size_t i = 0; i < count; i++)
		checksum = checksum_step(checksum, values[i]);
	return checksum;
}

char *bech32_encode(const char *prefix, const void *data, size_t length)
{
	const guint8 *bytes = data;
	size_t count = (length * 8 + 4) / 5;
	g_autofree guint8 *values = g_malloc0(count + CHECKSUM_LETTERS);
	for (size_t bit = 0; bit < length * 8; bit++)
		if (bytes[bit / 8] >> (7 - bit % 8) & 1)
			values[bit / 5] |= (guint8)(16 >> bit % 5);
	guint32 checksum = checksum_of(prefix, values, count + CHECKSUM_LETTERS) ^ 1;
	for (guint i = 0; i < CHECKSUM_LETTERS; i++)
		values[count + i] = checksum >> 5 * (CHECKSUM_LETTERS - 1 - i) & 31;
	GString *text = g_string_new(prefix);
	g_string_append_c(text, '1');
	for (size_t i = 0; i < count + CHECKSUM_LETTERS; i++)
		g_string_append_c(text, alphabet[values[i]]);
	memset(values, 0, count);
	return g_string_free(text, FALSE);
}

static gboolean is_one_case(const char *text)
{
	gboolean has_lower = FALSE, has_upper = FALSE;
	for (; *text != '\0'; text++) {
		has_lower |= g_ascii_islower(*text);
		has_upper |= g_ascii_isupper(*text);
	}
	return !has_lower || !has_upper;
}

gboolean bech32_decode(const char *text, const char *prefix, void *data, size_t length)
{
	size_t prefix_length = strlen(prefix), count = (length * 8 + 4) / 5;
	if (!is_one_case(text) || strlen(text) != prefix_length + 1 + count + CHECKSUM_LETTERS ||
		g_ascii_strncasecmp(text, prefix, prefix_length) != 0 || text[prefix_length] != '1')
		return FALSE;
	g_autofree guint8 *values = g_malloc(count + CHECKSUM_LETTERS);
	for (size_t i = 0; i < count + CHECKSUM_LETTERS; i++) {
		const char *letter = strchr(alphabet, g_ascii_tolower(text[prefix_length + 1 + i]));
		if (letter == NULL || *letter == '\0')
			return FALSE;
		values[i] = (guint8)(letter - alphabet);
	}
	if (checksum_of(prefix, values, count + CHECKSUM_LETTERS) != 1)
		return FALSE;
	guint8 *bytes = data;
	memset(bytes, 0, length);
	gboolean is_padded = TRUE;
	for (size_t bit = 0; bit < count * 5; bit++) {
		gboolean is_set = values[bit / 5] >> (4 - bit % 5) & 1;
		if (bit >= length * 8)
			is_padded = is_padded && !is_set;
		else if (is_set)
			bytes[bit / 8] |= (guint8)(128 >> bit % 8);
	}
	memset(values, 0, count);
	return is_padded;
}
