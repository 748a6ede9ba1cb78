/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log-check.h"
#include "booking/audit/checkpoint.h"
#include "core/json.h"
#include <string.h>

enum { FINDINGS_TOLD_MAX = 1000, HEX_BYTES = 2 * CRYPTO_HASH_BYTES };

/* The root of a complete subtree: as computed from what is below, and as stored when that differs. Which of the two is right
 * shows at the next level up, so that one changed row is one finding and not one for each level. */
typedef struct {
	merkle_hash computed, stored;
	gboolean is_known, is_disputed;
} peak;

typedef struct {
	int64_t size;
	merkle_hash root;
} checkpoint;

typedef struct {
	int64_t sequence;
	char *subjects;
} missing_details;

struct log_check {
	char *organisation, *key;
	const audit_verifier *verifier;
	audit_figures *figures;
	int64_t findings;
	int64_t size; /* entries so far, missing ones included */
	peak peaks[MERKLE_LEVELS_MAX];
	guint peaks_count;
	GArray *checkpoints; /* of checkpoint, good signatures only */
	guint next_checkpoint;
	int64_t good_size;  /* of the last checkpoint that fits */
	GArray *missing;    /* of missing_details */
	GHashTable *erased; /* subject -> int64_t*, sequence of the last "details.erased" about it */
};

static void G_GNUC_PRINTF(2, 3) report(log_check *self, const char *format, ...)
{
	self->figures->findings++;
	if (self->findings++ >= FINDINGS_TOLD_MAX)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *line = g_strdup_printf("%s: %s", self->organisation, text);
	self->verifier->on_finding(self->verifier->data, line);
}

/* (transfer full) "entry 7" or "entries 7 to 9" */
static char *range_text(int64_t first, int64_t last)
{
	return first == last ? g_strdup_printf("entry %" G_GINT64_FORMAT, first)
			     : g_strdup_printf("entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, first, last);
}

/* --- keys and checkpoints --- */

static void check_key(log_check *self)
{
	g_autofree char *name = NULL;
	guint8 public_key[CRYPTO_KEY_BYTES];
	g_autofree char *origin = audit_origin(self->organisation);
	if (self->key == NULL)
		return;
	if (!audit_verifier_key_parse(self->key, &name, public_key, NULL) || !g_str_equal(name, origin))
		report(self, "the log's key is not one for this log");
	if (self->verifier->trusted_keys != NULL && !g_strv_contains(self->verifier->trusted_keys, self->key))
		report(self, "the log's key is not among the trusted keys");
}

log_check *log_check_new(const char *organisation, const char *key, const audit_verifier *verifier, audit_figures *figures)
{
	log_check *self = g_new0(log_check, 1);
	self->organisation = g_strdup(organisation);
	self->key = g_strdup(key);
	self->verifier = verifier;
	self->figures = figures;
	self->checkpoints = g_array_new(FALSE, FALSE, sizeof(checkpoint));
	self->missing = g_array_new(FALSE, FALSE, sizeof(missing_details));
	self->erased = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	figures->logs++;
	check_key(self);
	return self;
}

void log_check_checkpoint(log_check *self, const char *note, int64_t row_size)
{
	checkpoint opened;
	g_autoptr(GError) error = NULL;
	self->figures->checkpoints++;
	if (self->size > 0)
		report(self, "a checkpoint stands behind entries");
	else if (self->key == NULL)
		report(self, "there is a checkpoint, but no key to check it with");
	else if (!audit_checkpoint_open(note, self->key, &opened.size, &opened.root, &error))
		report(self, "the checkpoint filed for %" G_GINT64_FORMAT " entries is not genuine: %s", row_size,
			error->message);
	else if (row_size >= 0 && row_size != opened.size)
		report(self, "the checkpoint of %" G_GINT64_FORMAT " entries is filed for %" G_GINT64_FORMAT, opened.size,
			row_size);
	else if (self->checkpoints->len > 0 &&
		 g_array_index(self->checkpoints, checkpoint, self->checkpoints->len - 1).size >= opened.size)
		report(self, "the checkpoint of %" G_GINT64_FORMAT " entries is out of order", opened.size);
	else
		g_array_append_val(self->checkpoints, opened);
}

/* The root of all peaks; `is_stored` chooses which hash of disputed ones. FALSE when one is unknown. */
static gboolean root_of(const log_check *self, gboolean is_stored, merkle_hash *root)
{
	for (guint i = self->peaks_count; i-- > 0;) {
		const peak *peak = &self->peaks[i];
		const merkle_hash *hash = is_stored && peak->is_disputed ? &peak->stored : &peak->computed;
		if (!peak->is_known)
			return FALSE;
		if (i == self->peaks_count - 1)
			*root = *hash;
		else
			merkle_node(hash, root, root);
	}
	return self->peaks_count > 0;
}

static void check_root(log_check *self)
{
	while (self->next_checkpoint < self->checkpoints->len) {
		const checkpoint *next = &g_array_index(self->checkpoints, checkpoint, self->next_checkpoint);
		merkle_hash computed, stored;
		if (next->size > self->size)
			return;
		self->next_checkpoint++;
		if (next->size < self->size || next->size == 0)
			continue; /* within missing entries, which were reported */
		if (!root_of(self, FALSE, &computed) || !root_of(self, TRUE, &stored)) {
			report(self,
				"the checkpoint of %" G_GINT64_FORMAT " entries cannot be checked, because entries are missing",
				next->size);
		} else if (memcmp(&computed, &next->root, sizeof(computed)) == 0 ||
			   memcmp(&stored, &next->root, sizeof(stored)) == 0) {
			self->good_size = next->size;
		} else {
			g_autofree char *range = range_text(self->good_size, next->size - 1);
			report(self, "%s: at least one is not what was signed (checkpoint of %" G_GINT64_FORMAT " entries)",
				range, next->size);
		}
	}
}

/* --- the tree --- */

static gboolean fits(const peak *left, const peak *right, const merkle_hash *wanted)
{
	for (guint i = 0; i < 4; i++) {
		merkle_hash node;
		if (((i & 1) && !left->is_disputed) || ((i & 2) && !right->is_disputed))
			continue;
		merkle_node(i & 1 ? &left->stored : &left->computed, i & 2 ? &right->stored : &right->computed, &node);
		if (memcmp(&node, wanted, sizeof(node)) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Joins the last two peaks into one of 2^`level` leaves. `stored`: NULL when the row does not have it. */
static void join(log_check *self, guint level, const merkle_hash *stored)
{
	peak *left = &self->peaks[self->peaks_count - 2], *right = &self->peaks[self->peaks_count - 1];
	peak joined = { .is_known = left->is_known && right->is_known };
	if (joined.is_known) {
		merkle_node(left->is_disputed ? &left->stored : &left->computed,
			right->is_disputed ? &right->stored : &right->computed, &joined.computed);
	}
	if (stored != NULL && (!joined.is_known || fits(left, right, stored))) {
		joined = (peak){ .computed = *stored, .is_known = TRUE };
	} else if (stored != NULL) {
		g_autofree char *range = range_text(self->size - ((int64_t)1 << level), self->size - 1);
		report(self, "%s do not fit the hash over them: one was changed together with its own hash, or the hash was",
			range);
		joined.stored = *stored;
		joined.is_disputed = TRUE;
	}
	self->peaks_count--;
	*left = joined;
}

/* `hashes` as in the table, NULL for a missing row. */
static void add_leaf(log_check *self, const peak *leaf, const char *hashes)
{
	size_t length = hashes != NULL ? strlen(hashes) : 0;
	self->peaks[self->peaks_count++] = *leaf;
	self->size++;
	guint level = 1;
	for (int64_t before = self->size - 1; before & 1; before >>= 1, level++) {
		merkle_hash stored;
		gboolean has_stored =
			length >= (level + 1) * HEX_BYTES && merkle_parse(hashes + level * HEX_BYTES, HEX_BYTES, &stored);
		join(self, level, has_stored ? &stored : NULL);
	}
	if (hashes != NULL && length != level * HEX_BYTES)
		report(self, "entry %" G_GINT64_FORMAT ": its row holds %zu hashes instead of %u", self->size - 1,
			length / HEX_BYTES, level);
	check_root(self);
}

static void add_missing(log_check *self, int64_t until)
{
	g_autofree char *range = range_text(self->size, until - 1);
	report(self, "%s missing", range);
	const peak unknown = { .is_known = FALSE };
	while (self->size < until)
		add_leaf(self, &unknown, NULL);
}

/* --- details --- */

static void note_erased(log_check *self, const audit_leaf_fields *fields)
{
	g_autoptr(json_t) subjects = json_loads(fields->subjects, 0, NULL);
	for (size_t i = 0; i < json_array_size(subjects); i++) {
		const char *subject = json_string_value(json_array_get(subjects, i));
		if (subject != NULL)
			g_hash_table_insert(
				self->erased, g_strdup(subject), g_memdup2(&fields->sequence, sizeof(fields->sequence)));
	}
}

static void check_details(log_check *self, const audit_leaf_fields *fields, const char *salt, const char *details)
{
	if (details == NULL && fields->digest != NULL) {
		missing_details missing = { fields->sequence, g_strdup(fields->subjects) };
		g_array_append_val(self->missing, missing);
		return;
	}
	if (details == NULL)
		return;
	g_autofree char *digest = salt != NULL ? audit_digest(salt, details) : NULL;
	if (fields->digest == NULL || g_strcmp0(digest, fields->digest) != 0)
		report(self, "entry %" G_GINT64_FORMAT " (%s): its details were changed", fields->sequence, fields->action);
}

static gboolean is_erasure_logged(const log_check *self, const missing_details *missing)
{
	g_autoptr(json_t) subjects = json_loads(missing->subjects, 0, NULL);
	for (size_t i = 0; i < json_array_size(subjects); i++) {
		const char *subject = json_string_value(json_array_get(subjects, i));
		const int64_t *erased = subject != NULL ? g_hash_table_lookup(self->erased, subject) : NULL;
		if (erased != NULL && *erased > missing->sequence)
			return TRUE;
	}
	return FALSE;
}

static void check_missing_details(log_check *self)
{
	for (guint i = 0; i < self->missing->len; i++) {
		const missing_details *missing = &g_array_index(self->missing, missing_details, i);
		if (is_erasure_logged(self, missing))
			self->figures->erased_details++;
		else
			report(self,
				"entry %" G_GINT64_FORMAT ": its details are missing, and no entry says that they were erased",
				missing->sequence);
		g_free(missing->subjects);
	}
}

/* --- rows --- */

void log_check_entry(log_check *self, const audit_leaf_fields *fields, const char *hashes, const char *salt, const char *details)
{
	peak leaf = { .is_known = TRUE };
	self->figures->entries++;
	if (fields->sequence < self->size) {
		report(self, "entry %" G_GINT64_FORMAT " is out of order or there twice", fields->sequence);
		return;
	}
	if (fields->sequence > self->size)
		add_missing(self, fields->sequence);
	GString *text = audit_leaf_text(fields);
	merkle_leaf(text->str, text->len, &leaf.computed);
	g_string_free(text, TRUE);
	if (strlen(hashes) < HEX_BYTES || !merkle_parse(hashes, HEX_BYTES, &leaf.stored) ||
		memcmp(&leaf.computed, &leaf.stored, sizeof(leaf.stored)) != 0) {
		leaf.is_disputed = TRUE;
		report(self, "entry %" G_GINT64_FORMAT " (%s) does not fit its hash: it was changed, replaced or moved",
			fields->sequence, fields->action);
	}
	check_details(self, fields, salt, details);
	if (g_str_equal(fields->action, "details.erased"))
		note_erased(self, fields);
	add_leaf(self, &leaf, hashes);
}

void log_check_end(log_check *self, int64_t size)
{
	int64_t signed_size = 0;
	if (self->checkpoints->len > 0)
		signed_size = g_array_index(self->checkpoints, checkpoint, self->checkpoints->len - 1).size;
	int64_t wanted = MAX(size, signed_size);
	if (size > self->size || signed_size > self->size) {
		g_autofree char *range = range_text(self->size, wanted - 1);
		report(self, "%s missing at the end", range);
	}
	if (size != self->size && size <= self->size)
		report(self, "the log says that it has %" G_GINT64_FORMAT " entries, but there are %" G_GINT64_FORMAT, size,
			self->size);
	check_missing_details(self);
	self->figures->signed_entries += MIN(self->good_size, self->size);
	g_array_unref(self->checkpoints);
	g_array_unref(self->missing);
	g_hash_table_unref(self->erased);
	g_free(self->organisation);
	g_free(self->key);
	g_free(self);
}
