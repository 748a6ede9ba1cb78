/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/signer.h"
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { ORGANISATION_MAX = 64, DOMAIN_MAX = 40, STATE_MAX_BYTES = 16384 };

typedef struct {
	char *origin, *verifier_key, *state_path;
	crypto_keypair pair;
	merkle_range range;
} signed_log;

struct audit_signer {
	char *folder;
	int lock;
	GHashTable *logs; /* organisation -> signed_log */
};

static json_t *refuse(const char *code, const char *text)
{
	return json_pack("{ssss}", "error", code, "text", text);
}

/* --- one log's files --- */

static void signed_log_free(gpointer data)
{
	signed_log *self = data;
	crypto_wipe(&self->pair, sizeof(self->pair));
	g_free(self->origin);
	g_free(self->verifier_key);
	g_free(self->state_path);
	g_free(self);
}

static gboolean save_state(const signed_log *self, const merkle_range *range, GError **error)
{
	g_autoptr(json_t) state = json_pack("{sIs[]}", "size", (json_int_t)range->size, "peaks");
	for (guint i = 0; i < merkle_range_peaks(range); i++) {
		g_autofree char *hex = merkle_hex(&range->peaks[i]);
		json_array_append_new(json_object_get(state, "peaks"), json_string(hex));
	}
	g_autofree char *text = json_canonical(state, error);
	return text != NULL && file_replace(self->state_path, text, strlen(text), 0600, error);
}

static gboolean load_state(signed_log *self, GError **error)
{
	g_autoptr(json_t) state = json_read_file(self->state_path, STATE_MAX_BYTES, 2, error);
	if (state == NULL)
		return FALSE;
	const json_t *peaks = json_object_get(state, "peaks");
	self->range.size = json_int(state, "size");
	gboolean is_good = self->range.size >= 0 && json_array_size(peaks) == merkle_range_peaks(&self->range);
	for (size_t i = 0; is_good && i < json_array_size(peaks); i++) {
		const json_t *peak = json_array_get(peaks, i);
		is_good = merkle_parse(json_string_value(peak), json_string_length(peak), &self->range.peaks[i]);
	}
	if (!is_good)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FORMAT, "%s is damaged. Restore it from the backup.", self->state_path);
	return is_good;
}

static gboolean load_key(signed_log *self, const char *path, GError **error)
{
	size_t length;
	char *hex = file_read(path, 2 * CRYPTO_KEY_BYTES, &length, error);
	if (hex == NULL)
		return FALSE;
	merkle_hash seed;
	gboolean is_good = merkle_parse(hex, length, &seed);
	crypto_free_secret(hex);
	if (is_good)
		crypto_keypair_from_secret(&self->pair, seed.bytes);
	else
		g_set_error(error, CORE_ERROR, CORE_ERROR_FORMAT, "%s is damaged. Restore it from the backup.", path);
	crypto_wipe(&seed, sizeof(seed));
	return is_good;
}

/* The state comes first: a key without its state could sign history anew and is refused, a state without a key is only half made. */
static gboolean make_files(signed_log *self, const char *key_path, GError **error)
{
	if (!save_state(self, &self->range, error))
		return FALSE;
	crypto_keypair_new(&self->pair);
	char *hex = crypto_hex(self->pair.secret, sizeof(self->pair.secret));
	gboolean is_made = file_create(key_path, hex, strlen(hex), 0600, error);
	crypto_free_secret(hex);
	return is_made;
}

static signed_log *open_log(audit_signer *self, const char *organisation, GError **error)
{
	signed_log *log = g_hash_table_lookup(self->logs, organisation);
	if (log != NULL)
		return log;
	if (g_hash_table_size(self->logs) >= AUDIT_SIGNER_LOGS_MAX) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_LIMIT, "There are too many organisations.");
		return NULL;
	}
	g_autofree char *key_path = g_strdup_printf("%s/%s.key", self->folder, organisation);
	log = g_new0(signed_log, 1);
	log->origin = audit_origin(organisation);
	log->state_path = g_strdup_printf("%s/%s.state", self->folder, organisation);
	gboolean is_known = g_file_test(key_path, G_FILE_TEST_EXISTS);
	if (is_known ? load_key(log, key_path, error) && load_state(log, error) : make_files(log, key_path, error)) {
		log->verifier_key = audit_verifier_key(log->origin, log->pair.public);
		g_hash_table_insert(self->logs, g_strdup(organisation), log);
		return log;
	}
	signed_log_free(log);
	return NULL;
}

/* --- requests --- */

static json_t *answer_state(signed_log *log, G_GNUC_UNUSED const json_t *request)
{
	merkle_hash root;
	merkle_range_root(&log->range, &root);
	g_autofree char *hex = merkle_hex(&root);
	return json_pack("{sssssI}", "key", log->verifier_key, "root", hex, "size", (json_int_t)log->range.size);
}

/* Whether the leaf is what stands at this place of this log. */
static gboolean is_leaf_of(const char *leaf, const char *organisation, int64_t sequence)
{
	g_autoptr(json_t) parsed = json_read(leaf, strlen(leaf), AUDIT_LEAF_MAX_BYTES, 2, NULL);
	return parsed != NULL && g_strcmp0(json_text(parsed, "organisation"), organisation) == 0 &&
	       json_is_integer(json_object_get(parsed, "sequence")) && json_int(parsed, "sequence") == sequence;
}

static gboolean add_leaves(merkle_range *range, const json_t *request)
{
	const json_t *leaves = json_object_get(request, "leaves");
	for (size_t i = 0; i < json_array_size(leaves); i++) {
		const char *leaf = json_string_value(json_array_get(leaves, i));
		if (leaf == NULL || !is_leaf_of(leaf, json_text(request, "organisation"), range->size))
			return FALSE;
		merkle_hash hash;
		merkle_leaf(leaf, strlen(leaf), &hash);
		merkle_range_add(range, &hash);
	}
	return json_array_size(leaves) <= AUDIT_SIGNER_LEAVES_MAX;
}

static json_t *answer_extend(signed_log *log, const json_t *request)
{
	const json_t *from = json_object_get(request, "from");
	if (!json_is_integer(from) || json_integer_value(from) > log->range.size)
		return refuse("request", "The leaves do not begin where the last checkpoint ended.");
	if (json_integer_value(from) < log->range.size)
		return refuse("behind", "The log is shorter than the one that was signed last.");
	merkle_range grown = log->range;
	if (!add_leaves(&grown, request))
		return refuse("request", "A leaf does not belong at its place, or they are too many.");
	merkle_hash root;
	merkle_range_root(&grown, &root);
	g_autofree char *hex = merkle_hex(&root);
	if (g_strcmp0(hex, json_text(request, "root")) != 0)
		return refuse("fork", "The log's root is another than that of the entries that were signed and those given now.");
	g_autoptr(GError) error = NULL;
	if (grown.size > log->range.size && !save_state(log, &grown, &error))
		return refuse("file", error->message);
	log->range = grown;
	g_autofree char *text = audit_checkpoint_text(log->origin, grown.size, &root);
	g_autofree char *note = audit_note_sign(text, log->origin, &log->pair);
	return json_pack("{sssssI}", "checkpoint", note, "key", log->verifier_key, "size", (json_int_t)grown.size);
}

static gboolean is_domain(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	return text != NULL && g_str_has_prefix(text, "jawort-") && strlen(text) <= DOMAIN_MAX &&
	       strspn(text, letters) == strlen(text);
}

static json_t *answer_document(signed_log *log, const json_t *request)
{
	const char *domain = json_text(request, "domain"), *digest = json_text(request, "digest");
	merkle_hash hash;
	if (!is_domain(domain) || digest == NULL || !merkle_parse(digest, strlen(digest), &hash))
		return refuse("request", "A document needs a domain and a digest.");
	guint8 signature[CRYPTO_SIGNATURE_BYTES];
	g_autofree char *text = g_strdup_printf("%s\n%s\n", domain, digest);
	crypto_sign(&log->pair, text, strlen(text), signature);
	g_autofree char *base64 = crypto_base64(signature, sizeof(signature));
	return json_pack("{ssss}", "key", log->verifier_key, "signature", base64);
}

static const struct {
	const char *name;
	json_t *(*answer)(signed_log *log, const json_t *request);
} requests[] = {
	{ "state", answer_state },
	{ "extend", answer_extend },
	{ "document", answer_document },
};

/* It becomes the name of a file. */
static gboolean is_organisation(const char *text)
{
	return text != NULL && *text != '\0' && strlen(text) <= ORGANISATION_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

json_t *audit_signer_answer(audit_signer *self, const json_t *request)
{
	const char *organisation = json_text(request, "organisation");
	if (!is_organisation(organisation))
		return refuse("request", "The request names no organisation.");
	for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
		if (g_strcmp0(requests[i].name, json_text(request, "do")) != 0)
			continue;
		g_autoptr(GError) error = NULL;
		signed_log *log = open_log(self, organisation, &error);
		return log != NULL ? requests[i].answer(log, request) : refuse("file", error->message);
	}
	return refuse("request", "The request is unknown.");
}

/* --- life --- */

audit_signer *audit_signer_new(const char *folder, GError **error)
{
	g_autoptr(audit_signer) self = g_new0(audit_signer, 1);
	self->folder = g_strdup(folder);
	self->logs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, signed_log_free);
	g_autofree char *lock_path = g_build_filename(folder, "lock", NULL);
	self->lock = g_mkdir_with_parents(folder, 0700) == 0 ? open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (self->lock < 0)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
			"The signer's folder %s cannot be used: %s. Check its owner and mode.", folder, g_strerror(errno));
	else if (flock(self->lock, LOCK_EX | LOCK_NB) != 0)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "Another signer works in %s. End it first.", folder);
	else
		return g_steal_pointer(&self);
	return NULL;
}

void audit_signer_free(audit_signer *self)
{
	if (self == NULL)
		return;
	g_hash_table_unref(self->logs);
	if (self->lock >= 0)
		close(self->lock);
	g_free(self->folder);
	g_free(self);
}
