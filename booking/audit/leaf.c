/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/leaf.h"
#include "core/crypto.h"
#include "core/json.h"
#include <string.h>

audit_leaf_fields audit_leaf_fields_of(const db_rows *row)
{
	return (audit_leaf_fields){ .organisation = db_text(row, "organisation"),
		.actor = db_text(row, "actor"),
		.action = db_text(row, "action"),
		.subjects = db_text(row, "subjects"),
		.digest = db_text(row, "digest"),
		.sequence = db_int(row, "sequence"),
		.time_ms = db_int(row, "time_ms") };
}

static void append_int(GString *text, int64_t number)
{
	char digits[24];
	g_string_append_len(text, digits, g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT, number));
}

GString *audit_leaf_text(const audit_leaf_fields *fields)
{
	GString *text = g_string_sized_new(512);
	g_string_append(text, "{\"action\":");
	json_canonical_string(text, fields->action);
	g_string_append(text, ",\"actor\":");
	json_canonical_string(text, fields->actor);
	g_string_append(text, ",\"details\":");
	if (fields->digest != NULL)
		json_canonical_string(text, fields->digest);
	else
		g_string_append(text, "null");
	g_string_append(text, ",\"organisation\":");
	json_canonical_string(text, fields->organisation);
	g_string_append(text, ",\"sequence\":");
	append_int(text, fields->sequence);
	g_string_append(text, ",\"subjects\":");
	g_string_append(text, fields->subjects);
	g_string_append(text, ",\"time_ms\":");
	append_int(text, fields->time_ms);
	g_string_append_c(text, '}');
	return text;
}

char *audit_digest(const char *salt_hex, const char *details)
{
	g_autoptr(GBytes) salt = crypto_hex_decode(salt_hex, NULL);
	if (salt == NULL)
		return NULL;
	g_autoptr(GByteArray) input = g_byte_array_sized_new(512);
	g_byte_array_append(input, g_bytes_get_data(salt, NULL), (guint)g_bytes_get_size(salt));
	g_byte_array_append(input, (const guint8 *)details, (guint)strlen(details));
	return crypto_sha256_hex(input->data, input->len);
}
