/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/draw.h"
#include "ident/report.h"
#include "ident/script.h"
#include <string.h>

enum { REPORT_MAX_BYTES = 4 * 1024 * 1024, REPORT_MAX_DEPTH = 12 };

typedef struct {
	const json_t *file, *body, *audit, *leaf;
	const char *verifier_key;
	char *body_sha256;
	merkle_hash root;
	int64_t size;
	ident_report_line line;
	gpointer data;
	gboolean is_good;
} verification;

static gboolean G_GNUC_PRINTF(3, 4) say(verification *v, gboolean is_good, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	v->line(v->data, is_good, text);
	v->is_good &= is_good;
	return is_good;
}

static void check_form(verification *v)
{
	const json_t *person = json_object_get(v->body, "person");
	g_autofree char *when = clock_text(json_int(v->body, "ended_ms"));
	say(v, TRUE, "The report is about %s %s, born %s; verdict: %s, given %s at %s.", json_text(person, "given_names"),
		json_text(person, "family_name"), json_text(person, "birth_date"), json_text(v->body, "verdict"), when,
		json_text(json_object_get(v->body, "organisation"), "name"));
}

/* The key must be the one of the organisation that the report names. */
static gboolean check_key(verification *v, const char *trusted, guint8 public_key[CRYPTO_KEY_BYTES])
{
	g_autofree char *name = NULL;
	const char *organisation = json_text(json_object_get(v->body, "organisation"), "id");
	g_autofree char *origin = audit_origin(organisation);
	v->verifier_key = trusted != NULL ? trusted : json_text(json_object_get(v->file, "signature"), "verifier_key");
	if (v->verifier_key == NULL || !audit_verifier_key_parse(v->verifier_key, &name, public_key, NULL))
		return say(v, FALSE, "The key has not the form NAME+ID+KEY.");
	if (strcmp(name, origin) != 0)
		return say(v, FALSE, "The key is not the one of %s.", organisation);
	if (trusted != NULL)
		return say(v, TRUE, "The key is the one you gave.");
	return say(v, TRUE, "No key was given, so the report's own was used; compare it with the one the authority publishes: %s",
		v->verifier_key);
}

static void check_signature(verification *v, const guint8 public_key[CRYPTO_KEY_BYTES])
{
	const char *value = json_text(json_object_get(v->file, "signature"), "value");
	g_autoptr(GBytes) signature = value != NULL ? crypto_base64_decode(value, NULL) : NULL;
	g_autofree char *signed_text = g_strdup_printf(IDENT_REPORT_DOMAIN "\n%s\n", v->body_sha256);
	gboolean is_right = signature != NULL && g_bytes_get_size(signature) == CRYPTO_SIGNATURE_BYTES &&
			    crypto_verify(public_key, signed_text, strlen(signed_text), g_bytes_get_data(signature, NULL));
	say(v, is_right,
		is_right ? "The signature is right: the report is as the authority signed it."
			 : "The signature is wrong: the report was changed, or signed by somebody else.");
}

static gboolean check_checkpoint(verification *v)
{
	const char *note = json_text(v->audit, "checkpoint");
	g_autoptr(GError) error = NULL;
	if (note == NULL || !audit_checkpoint_open(note, v->verifier_key, &v->size, &v->root, &error))
		return say(v, FALSE, "The checkpoint of the audit log is not signed by this key.");
	return say(v, TRUE,
		"The checkpoint of the audit log is signed by the same key; the log had %" G_GINT64_FORMAT " entries.", v->size);
}

static void check_inclusion(verification *v)
{
	const json_t *hashes = json_object_get(v->audit, "inclusion");
	g_autofree char *leaf_text = json_canonical(v->leaf, NULL);
	gsize count = json_array_size(hashes);
	merkle_hash leaf, proof[MERKLE_LEVELS_MAX];
	gboolean is_right = leaf_text != NULL && count <= MERKLE_LEVELS_MAX;
	for (gsize i = 0; is_right && i < count; i++) {
		const char *hex = json_string_value(json_array_get(hashes, i));
		is_right = hex != NULL && merkle_parse(hex, strlen(hex), &proof[i]);
	}
	if (is_right) {
		merkle_leaf(leaf_text, strlen(leaf_text), &leaf);
		is_right = merkle_verify_inclusion(json_int(v->leaf, "sequence"), v->size, &leaf, proof, count, &v->root);
	}
	say(v, is_right,
		is_right ? "The verdict stands in that log, as entry %" G_GINT64_FORMAT "."
			 : "The proof does not show that the verdict stands in that log as entry %" G_GINT64_FORMAT ".",
		(gint64)json_int(v->leaf, "sequence"));
}

static gboolean has_subject(const json_t *leaf, const char *subject)
{
	const json_t *subjects = json_object_get(leaf, "subjects");
	for (gsize i = 0; i < json_array_size(subjects); i++) {
		if (g_strcmp0(json_string_value(json_array_get(subjects, i)), subject) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The entry speaks of this report and no other. */
static void check_entry(verification *v)
{
	const json_t *opening = json_object_get(v->audit, "opening"), *details = json_object_get(opening, "details");
	const char *salt = json_text(opening, "salt");
	g_autofree char *text = details != NULL ? json_canonical(details, NULL) : NULL;
	g_autofree char *digest = salt != NULL && text != NULL ? audit_digest(salt, text) : NULL;
	gboolean is_right =
		digest != NULL && g_strcmp0(digest, json_text(v->leaf, "details")) == 0 &&
		g_strcmp0(json_text(v->leaf, "action"), "attempt.closed") == 0 &&
		g_strcmp0(json_text(v->leaf, "organisation"), json_text(json_object_get(v->body, "organisation"), "id")) == 0 &&
		has_subject(v->leaf, json_text(v->body, "attempt")) &&
		g_strcmp0(json_text(details, "report_sha256"), v->body_sha256) == 0 &&
		g_strcmp0(json_text(details, "report"), json_text(v->body, "report")) == 0 &&
		g_strcmp0(json_text(details, "verdict"), json_text(v->body, "verdict")) == 0;
	say(v, is_right, is_right ? "The entry names this report and its hash." : "The entry is about something else.");
}

static char *draw_label(const json_t *body, const char *purpose)
{
	return attempt_draw_label(json_text(json_object_get(body, "person"), "id"), json_int(body, "number"), purpose);
}

static void check_draws(verification *v)
{
	const json_t *draws = json_object_get(v->body, "draws");
	g_autofree char *prefix = draw_label(v->body, "");
	for (gsize i = 0; i < json_array_size(draws); i++) {
		const json_t *draw = json_array_get(draws, i);
		const char *label = json_text(draw, "label"), *reason = NULL;
		if (label == NULL || !g_str_has_prefix(label, prefix))
			reason = "it belongs to another attempt";
		else if (json_int(draw, "made") >= json_int(v->leaf, "sequence"))
			reason = "it was made after the verdict";
		else
			draw_verify(draw, &reason);
		const char *name = label != NULL && strrchr(label, '/') != NULL ? strrchr(label, '/') + 1 : "?";
		if (reason != NULL)
			say(v, FALSE, "The draw \"%s\" is wrong: %s.", name, reason);
		else
			say(v, TRUE,
				"The draw \"%s\" was recomputed: its seed was committed in entry %" G_GINT64_FORMAT
				", before it was used in entry %" G_GINT64_FORMAT ".",
				name, (gint64)json_int(draw, "committed"), (gint64)json_int(draw, "made"));
	}
}

/* Answers a plan's draws from the report's proofs. */
static gboolean choose_again(
	gpointer data, const char *purpose, const char *const *candidates, guint count, guint *chosen, GError **error)
{
	(void)error;
	const json_t *draws = json_object_get(data, "draws");
	g_autofree char *label = draw_label(data, purpose);
	g_autoptr(json_t) list = json_array();
	for (guint i = 0; candidates[i] != NULL; i++)
		json_array_append_new(list, json_string(candidates[i]));
	for (gsize i = 0; i < json_array_size(draws); i++) {
		const json_t *draw = json_array_get(draws, i);
		if (g_strcmp0(json_text(draw, "label"), label) != 0)
			continue;
		gboolean is_same = json_equal(json_object_get(draw, "candidates"), list) &&
				   json_array_size(json_object_get(draw, "chosen")) == count;
		for (guint j = 0; is_same && j < count; j++) {
			chosen[j] = draw_chosen(draw, j);
			is_same = chosen[j] < json_array_size(list);
		}
		return is_same;
	}
	return FALSE;
}

/* Does the report's check stand where the plan has it, and was it decided after the one before? */
static gboolean is_as_planned(const json_t *check, const ident_check *planned, int64_t before_ms)
{
	return g_strcmp0(json_text(check, "step"), planned->step) == 0 &&
	       g_strcmp0(json_text(check, "rule"), planned->rule->rule) == 0 &&
	       g_strcmp0(json_text(check, "choice"), planned->choice) == 0 &&
	       (g_strcmp0(json_text(check, "state"), "done") != 0 || json_int(check, "decided_ms") >= before_ms) &&
	       (g_strcmp0(json_text(check, "state"), "done") != 0 || g_strcmp0(json_text(check, "result"), "pass") == 0);
}

static gboolean check_steps(verification *v, const GPtrArray *plan)
{
	const json_t *checks = json_object_get(v->body, "checks");
	if (json_array_size(checks) != plan->len)
		return say(v, FALSE, "The report has %zu steps, the procedure %u.", json_array_size(checks), plan->len);
	gboolean is_identified = g_strcmp0(json_text(v->body, "verdict"), "identified") == 0;
	int64_t before_ms = json_int(v->body, "started_ms");
	guint done = 0;
	for (guint i = 0; i < plan->len; i++) {
		const json_t *check = json_array_get(checks, i);
		const ident_check *planned = plan->pdata[i];
		if (!is_as_planned(check, planned, before_ms))
			return say(v, FALSE, "Step %u, %s, is not the one the procedure and its draws demand.", i + 1,
				planned->step);
		gboolean is_done = g_strcmp0(json_text(check, "state"), "done") == 0;
		if (is_identified && !is_done)
			return say(v, FALSE, "Step %u, %s (%s), is not done.", i + 1, planned->step, planned->rule->rule);
		if (is_identified && planned->rule->needs_still && json_text(check, "still") == NULL)
			return say(v, FALSE, "Step %u, %s (%s), has no still.", i + 1, planned->step, planned->rule->rule);
		done += is_done;
		before_ms = is_done ? json_int(check, "decided_ms") : before_ms;
	}
	return say(v, TRUE, "The procedure was followed: %u of %u steps done, each in its drawn place and in order of time.",
		done, plan->len);
}

static gboolean check_procedure(verification *v)
{
	const json_t *part = json_object_get(v->body, "procedure");
	const ident_procedure *procedure = ident_procedure_get(json_text(part, "key"), json_int(part, "version"));
	const ident_document *document = ident_document_get(json_text(json_object_get(v->body, "document"), "type"));
	if (procedure == NULL || document == NULL || g_strcmp0(procedure->sha256, json_text(part, "sha256")) != 0)
		return say(v, FALSE, "This program does not know the procedure %s, version %d, as the report has it.",
			json_text(part, "key"), (int)json_int(part, "version"));
	g_autoptr(GPtrArray) plan = ident_script_plan(procedure, document, choose_again, (gpointer)v->body, NULL);
	if (plan == NULL)
		return say(v, FALSE, "The draws do not give the steps that the procedure %s demands.", procedure->key);
	say(v, TRUE, "The procedure is %s, version %u.", procedure->key, procedure->version);
	return check_steps(v, plan);
}

gboolean ident_report_verify(const char *text, gsize length, const char *verifier_key, ident_report_line line, gpointer data)
{
	verification v = { .line = line, .data = data, .is_good = TRUE };
	g_autoptr(json_t) file = json_read(text, length, REPORT_MAX_BYTES, REPORT_MAX_DEPTH, NULL);
	v.file = file;
	v.body = json_object_get(file, "body");
	v.audit = json_object_get(file, "audit");
	v.leaf = json_object_get(v.audit, "leaf");
	const json_t *person = json_object_get(v.body, "person");
	if (g_strcmp0(json_text(file, "format"), IDENT_REPORT_DOMAIN) != 0 || json_text(v.body, "attempt") == NULL ||
		json_text(v.body, "verdict") == NULL || json_text(person, "given_names") == NULL ||
		json_text(person, "family_name") == NULL || json_text(person, "birth_date") == NULL ||
		json_text(json_object_get(v.body, "organisation"), "id") == NULL ||
		json_text(json_object_get(v.body, "organisation"), "name") == NULL || !json_is_object(v.leaf))
		return say(&v, FALSE, "This is no Jawort report.");
	g_autofree char *body = json_canonical(v.body, NULL);
	if (body == NULL)
		return say(&v, FALSE, "This is no Jawort report.");
	g_autofree char *sha256 = crypto_sha256_hex(body, strlen(body));
	v.body_sha256 = sha256;
	check_form(&v);
	guint8 public_key[CRYPTO_KEY_BYTES];
	if (check_key(&v, verifier_key, public_key)) {
		check_signature(&v, public_key);
		if (check_checkpoint(&v))
			check_inclusion(&v);
	}
	check_entry(&v);
	check_draws(&v);
	check_procedure(&v);
	return v.is_good;
}
