/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "core/crypto.h"
#include "core/json.h"
#include "ident/draw.h"
#include "ident/error.h"
#include "ident/limits.h"
#include "ident/sql.h"
#include <string.h>

enum { SEED_BYTES = 32 };

static char *commitment_of(const guint8 seed[SEED_BYTES])
{
	static const char domain[] = "jawort seed\n";
	guint8 message[sizeof(domain) - 1 + SEED_BYTES];
	memcpy(message, domain, sizeof(domain) - 1);
	memcpy(message + sizeof(domain) - 1, seed, SEED_BYTES);
	return crypto_sha256_hex(message, sizeof(message));
}

/* The stream of numbers that a draw uses up. */
typedef struct {
	const guint8 *seed;
	GByteArray *message; /* its last four bytes are the block's number */
	guint8 block[CRYPTO_HASH_BYTES];
	guint32 next_block;
	guint used;
} stream;

static guint32 next_word(stream *stream)
{
	if (stream->used == CRYPTO_HASH_BYTES) {
		guint32 number = GUINT32_TO_BE(stream->next_block);
		memcpy(stream->message->data + stream->message->len - sizeof(number), &number, sizeof(number));
		crypto_hmac_sha256(stream->seed, SEED_BYTES, stream->message->data, stream->message->len, stream->block);
		stream->next_block++;
		stream->used = 0;
	}
	guint32 word;
	memcpy(&word, stream->block + stream->used, sizeof(word));
	stream->used += sizeof(word);
	return GUINT32_FROM_BE(word);
}

static guint next_below(stream *stream, guint bound)
{
	const guint64 range = (guint64)1 << 32, fair = range - range % bound;
	guint32 word;
	do
		word = next_word(stream);
	while (word >= fair);
	return word % bound;
}

void draw_compute(const guint8 seed[32], const json_t *message, guint candidates, guint count, guint *chosen)
{
	g_autofree char *text = json_canonical(message, NULL);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_byte_array_append(bytes, (const guint8 *)text, strlen(text));
	g_byte_array_append(bytes, (const guint8 *)"\n\0\0\0\0", 5);
	stream stream = { .seed = seed, .message = bytes, .used = CRYPTO_HASH_BYTES };

	g_autofree guint *positions = g_new(guint, candidates);
	for (guint i = 0; i < candidates; i++)
		positions[i] = i;
	for (guint k = 0; k < count; k++) {
		guint other = k + next_below(&stream, candidates - k);
		chosen[k] = positions[other];
		positions[other] = positions[k];
	}
}

/* Make a new seed, commit it in the log and keep it. */
static gboolean commit_seed(db *db, const char *organisation, int64_t number, int64_t now_ms, GError **error)
{
	guint8 seed[SEED_BYTES];
	crypto_random(seed, sizeof(seed));
	g_autofree char *commitment = commitment_of(seed), *hex = crypto_hex(seed, sizeof(seed));
	g_autoptr(json_t) details = json_pack("{s:s, s:I}", "commitment", commitment, "number", (json_int_t)number);
	int64_t sequence = audit_append(db,
		&(audit_entry){ .organisation = organisation,
			.actor = "system",
			.action = "draw.committed",
			.subjects = { organisation },
			.details = details,
			.time_ms = now_ms },
		error);
	return sequence >= 0 &&
	       db_run(db, error, SQL_DRAW_SEED_ADD, DB_TEXT("organisation", organisation), DB_INT("number", number),
		       DB_TEXT("seed", hex), DB_TEXT("commitment", commitment), DB_INT("sequence", sequence)) == 1;
}

gboolean draw_prepare(db *db, const char *organisation, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_DRAW_SEED_UNUSED, DB_TEXT("organisation", organisation));
	if (rows == NULL)
		return FALSE;
	return db_next(rows) || commit_seed(db, organisation, 1, now_ms, error);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *text_list(const char *const *texts, gboolean is_sorted)
{
	guint count = texts != NULL ? g_strv_length((char **)texts) : 0;
	g_autofree const char **copy = g_new(const char *, count + 1);
	for (guint i = 0; i < count; i++)
		copy[i] = texts[i];
	if (is_sorted)
		qsort(copy, count, sizeof(*copy), compare_texts);
	json_t *list = json_array();
	for (guint i = 0; i < count; i++)
		json_array_append_new(list, json_string(copy[i]));
	return list;
}

static gboolean has_twice(const json_t *list)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < json_array_size(list); i++) {
		if (!g_hash_table_add(seen, (gpointer)json_string_value(json_array_get(list, i))))
			return TRUE;
	}
	return FALSE;
}

/* {"candidates","label","nonces"}, checked. */
static json_t *make_message(
	const char *label, const char *const *nonces, const char *const *candidates, guint count, GError **error)
{
	g_autoptr(json_t) message = json_pack(
		"{s:s, s:o, s:o}", "label", label, "nonces", text_list(nonces, TRUE), "candidates", text_list(candidates, FALSE));
	gsize size = json_array_size(json_object_get(message, "candidates"));
	if (message == NULL || size == 0 || size > IDENT_DRAW_CANDIDATES_MAX || count > size ||
		has_twice(json_object_get(message, "candidates")) ||
		json_array_size(json_object_get(message, "nonces")) > IDENT_DRAW_NONCES_MAX) {
		ident_fail(error, IDENT_ERROR_INVALID, "A draw needs 1 to %d different candidates and at most %d nonces.",
			IDENT_DRAW_CANDIDATES_MAX, IDENT_DRAW_NONCES_MAX);
		return NULL;
	}
	return g_steal_pointer(&message);
}

static json_t *draw(const guint8 seed[SEED_BYTES], const json_t *message, guint count)
{
	guint candidates = json_array_size(json_object_get(message, "candidates"));
	g_autofree guint *chosen = g_new(guint, count + 1);
	draw_compute(seed, message, candidates, count, chosen);
	json_t *list = json_array();
	for (guint i = 0; i < count; i++)
		json_array_append_new(list, json_integer(chosen[i]));
	return list;
}

gboolean draw_choose(db *db, const char *organisation, const char *label, const char *const *nonces,
	const char *const *candidates, guint count, int64_t now_ms, json_t **proof, GError **error)
{
	g_autoptr(json_t) made = make_message(label, nonces, candidates, count, error);
	if (made == NULL || !draw_prepare(db, organisation, now_ms, error))
		return FALSE;
	g_autoptr(db_rows) rows = db_select(db, error, SQL_DRAW_SEED_UNUSED, DB_TEXT("organisation", organisation));
	if (rows == NULL)
		return FALSE;
	db_next(rows);
	g_autoptr(GBytes) seed = crypto_hex_decode(db_text(rows, "seed"), error);
	if (seed == NULL)
		return FALSE;

	json_t *chosen = draw(g_bytes_get_data(seed, NULL), made, count);
	int64_t number = db_int(rows, "number");
	json_object_set_new(made, "chosen", chosen);
	json_object_set_new(made, "seed", json_string(db_text(rows, "seed")));
	json_object_set_new(made, "commitment", json_string(db_text(rows, "commitment")));
	json_object_set_new(made, "committed", json_integer(db_int(rows, "committed_sequence")));
	json_object_set_new(made, "number", json_integer(number));
	int64_t sequence = audit_append(db,
		&(audit_entry){ .organisation = organisation,
			.actor = "system",
			.action = "draw.made",
			.subjects = { organisation },
			.details = made,
			.time_ms = now_ms },
		error);
	if (sequence < 0)
		return FALSE;
	json_object_set_new(made, "made", json_integer(sequence));
	g_autofree char *text = json_compact(made);
	if (db_run(db, error, SQL_DRAW_ADD, DB_TEXT("organisation", organisation), DB_INT("number", number),
		    DB_TEXT("label", label), DB_TEXT("proof", text), DB_INT("now", now_ms)) < 0 ||
		!commit_seed(db, organisation, number + 1, now_ms, error))
		return FALSE;
	*proof = g_steal_pointer(&made);
	return TRUE;
}

guint draw_chosen(const json_t *proof, guint i)
{
	return json_integer_value(json_array_get(json_object_get(proof, "chosen"), i));
}

json_t *draw_list(db *db, const char *organisation, const char *prefix, GError **error)
{
	g_autofree char *after = g_strdup_printf("%s\x7f", prefix); /* labels are ASCII */
	g_autoptr(db_rows) rows = db_select(
		db, error, SQL_DRAW_LIST, DB_TEXT("organisation", organisation), DB_TEXT("from", prefix), DB_TEXT("to", after));
	if (rows == NULL)
		return NULL;
	json_t *list = json_array();
	while (db_next(rows))
		json_array_append_new(list, json_loads(db_text(rows, "proof"), 0, NULL));
	return list;
}

static gboolean is_text_list(const json_t *list)
{
	gboolean is_list = json_is_array(list);
	for (gsize i = 0; is_list && i < json_array_size(list); i++)
		is_list = json_is_string(json_array_get(list, i));
	return is_list;
}

gboolean draw_verify(const json_t *proof, const char **reason)
{
	const json_t *candidates = json_object_get(proof, "candidates"), *nonces = json_object_get(proof, "nonces");
	const json_t *chosen = json_object_get(proof, "chosen");
	const char *hex = json_text(proof, "seed"), *label = json_text(proof, "label");
	g_autoptr(GBytes) seed = hex != NULL ? crypto_hex_decode(hex, NULL) : NULL;
	*reason = "the proof has not the form of a draw";
	if (seed == NULL || g_bytes_get_size(seed) != SEED_BYTES || label == NULL || !is_text_list(candidates) ||
		!is_text_list(nonces) || !json_is_array(chosen) || json_array_size(candidates) == 0 ||
		json_array_size(candidates) > IDENT_DRAW_CANDIDATES_MAX || json_array_size(chosen) > json_array_size(candidates))
		return FALSE;

	g_autofree char *commitment = commitment_of(g_bytes_get_data(seed, NULL));
	*reason = "the seed is not the one that was committed";
	if (g_strcmp0(commitment, json_text(proof, "commitment")) != 0)
		return FALSE;
	*reason = "the seed was not committed before the draw";
	if (json_int(proof, "committed") >= json_int(proof, "made"))
		return FALSE;
	g_autoptr(json_t) message = json_pack("{s:s, s:O, s:O}", "label", label, "nonces", nonces, "candidates", candidates);
	g_autoptr(json_t) right = draw(g_bytes_get_data(seed, NULL), message, json_array_size(chosen));
	*reason = "the choice does not follow from the seed";
	if (!json_equal(right, chosen))
		return FALSE;
	*reason = NULL;
	return TRUE;
}
