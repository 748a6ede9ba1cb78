/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/crypto.h"
#include "core/json.h"
#include "ident/data.h"
#include "ident/error.h"
#include "ident/procedure.h"
#include <string.h>

enum { PROCEDURE_MAX_BYTES = 256 * 1024, STEPS_MAX = 100 };

static const char *const kinds[] = { "consent", "confirm", "capture", "rate", "compare", "ask", "tan", NULL };
static const char *const eaches[] = { "once", "features", "spots", "questions", NULL };
static const char *const answers[] = { "none", "mrz", "difference", "document_number", "issue_date", NULL };
static const char *const subjects[] = { "person", "document_front", "document_back", "document_mrz", "document", NULL };

static gboolean read_word(const json_t *json, const char *key, const char *const *words, int *value)
{
	const char *word = json_text(json, key);
	for (*value = 0; word != NULL && words[*value] != NULL; ++*value) {
		if (strcmp(words[*value], word) == 0)
			return TRUE;
	}
	*value = 0;
	return json_object_get(json, key) == NULL;
}

static gboolean is_rule(const char *rule)
{
	return rule != NULL && strlen(rule) == 4 && strncmp(rule, "V-", 2) == 0 && g_ascii_isdigit(rule[2]) &&
	       g_ascii_isdigit(rule[3]);
}

static gboolean has_texts(const json_t *json)
{
	static const char *const keys[] = { "title", "say", "look", "banner" }, *const languages[] = { "de", "en" };
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(languages); j++) {
			if (json_text(json_object_get(json, keys[i]), languages[j]) == NULL)
				return FALSE;
		}
	}
	return TRUE;
}

static gboolean read_step(const json_t *json, ident_step *step, GError **error)
{
	int kind, each, answer, subject;
	step->key = json_text(json, "step");
	if (step->key == NULL || strspn(step->key, "abcdefghijklmnopqrstuvwxyz_") != strlen(step->key))
		return ident_fail(error, IDENT_ERROR_INVALID, "A step has no key of small letters.");
	if (json_object_get(json, "kind") == NULL || !read_word(json, "kind", kinds, &kind))
		return ident_fail(error, IDENT_ERROR_INVALID, "Step %s: kind is not known.", step->key);
	if (!read_word(json, "each", eaches, &each) || !read_word(json, "answer", answers, &answer) ||
		!read_word(json, "subject", subjects, &subject))
		return ident_fail(error, IDENT_ERROR_INVALID, "Step %s: each, answer or subject is not known.", step->key);
	step->kind = kind;
	step->each = each;
	step->answer = answer;
	step->subject = json_text(json, "subject");
	step->rule = json_text(json, "rule");
	step->group = json_text(json, "group");
	step->needs_still = json_bool(json, "still");
	step->is_automatic = json_bool(json, "automatic");
	step->texts = json;
	if (!is_rule(step->rule))
		return ident_fail(error, IDENT_ERROR_INVALID, "Step %s: rule is not V-nn.", step->key);
	if (!has_texts(json))
		return ident_fail(error, IDENT_ERROR_INVALID, "Step %s: title, say, look or banner lacks a language.", step->key);
	if ((step->needs_still || step->kind == IDENT_KIND_CAPTURE) && step->subject == NULL)
		return ident_fail(error, IDENT_ERROR_INVALID, "Step %s: a still of what.", step->key);
	return TRUE;
}

/* Steps of one group stand together, keys are unique, and consent comes first. */
static gboolean check_steps(const ident_procedure *procedure, GError **error)
{
	for (guint i = 0; i < procedure->step_count; i++) {
		const ident_step *step = &procedure->steps[i];
		if ((i == 0) != (step->kind == IDENT_KIND_CONSENT))
			return ident_fail(
				error, IDENT_ERROR_INVALID, "Step %s: consent is the first step and only that.", step->key);
		for (guint j = 0; j < i; j++) {
			const ident_step *earlier = &procedure->steps[j];
			if (strcmp(earlier->key, step->key) == 0)
				return ident_fail(error, IDENT_ERROR_INVALID, "Step %s stands twice.", step->key);
			if (step->group != NULL && g_strcmp0(earlier->group, step->group) == 0 &&
				g_strcmp0(procedure->steps[i - 1].group, step->group) != 0)
				return ident_fail(error, IDENT_ERROR_INVALID, "Step %s is apart from its group.", step->key);
		}
	}
	return TRUE;
}

static gboolean read_procedure(ident_procedure *procedure, GError **error)
{
	const json_t *json = procedure->json, *features = json_object_get(json, "features");
	const json_t *questions = json_object_get(json, "questions"), *steps = json_object_get(json, "steps");
	procedure->key = json_text(json, "key");
	procedure->version = json_int(json, "version");
	procedure->title = json_object_get(json, "title");
	procedure->tries = json_int(json, "tries");
	procedure->feature_count = json_int(features, "count");
	procedure->feature_categories = json_int(features, "categories");
	procedure->feature_optically_variable = json_int(features, "optically_variable");
	procedure->question_count = json_int(questions, "count");
	procedure->questions = json_object_get(questions, "pool");
	procedure->step_count = json_array_size(steps);
	if (procedure->key == NULL || procedure->version < 1 || procedure->tries < 1)
		return ident_fail(error, IDENT_ERROR_INVALID, "Key, version or tries is missing.");
	if (procedure->question_count > json_array_size(procedure->questions) || procedure->step_count > STEPS_MAX)
		return ident_fail(error, IDENT_ERROR_INVALID, "Too few questions in the pool, or too many steps.");

	ident_step *list = g_new0(ident_step, procedure->step_count);
	procedure->steps = list;
	for (guint i = 0; i < procedure->step_count; i++) {
		if (!read_step(json_array_get(steps, i), &list[i], error))
			return FALSE;
	}
	return check_steps(procedure, error);
}

ident_procedure *ident_procedure_parse(const char *json, gsize length, GError **error)
{
	g_autoptr(ident_procedure) procedure = g_new0(ident_procedure, 1);
	procedure->json = json_read(json, length, PROCEDURE_MAX_BYTES, 8, error);
	procedure->sha256 = crypto_sha256_hex(json, length);
	if (procedure->json == NULL || !read_procedure(procedure, error))
		return NULL;
	return g_steal_pointer(&procedure);
}

void ident_procedure_free(ident_procedure *procedure)
{
	if (procedure == NULL)
		return;
	json_decref(procedure->json);
	g_free((char *)procedure->sha256);
	g_free((ident_step *)procedure->steps);
	g_free(procedure);
}

static GPtrArray *load_all(void)
{
	GPtrArray *all = g_ptr_array_new();
	g_auto(GStrv) names = ident_data_names("procedures");
	for (guint i = 0; names[i] != NULL; i++) {
		g_autofree char *name = g_strconcat("procedures/", names[i], NULL);
		g_autoptr(GBytes) bytes = ident_data_bytes(name);
		g_autoptr(GError) error = NULL;
		ident_procedure *procedure =
			ident_procedure_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
		if (procedure == NULL)
			g_error("%s: %s", name, error->message);
		g_ptr_array_add(all, procedure);
	}
	return all;
}

const ident_procedure *ident_procedure_get(const char *key, guint version)
{
	static GPtrArray *all;
	if (g_once_init_enter(&all))
		g_once_init_leave(&all, load_all());
	const ident_procedure *found = NULL;
	for (guint i = 0; i < all->len; i++) {
		const ident_procedure *procedure = all->pdata[i];
		if (g_strcmp0(procedure->key, key) != 0 || (version != 0 && procedure->version != version))
			continue;
		if (found == NULL || procedure->version > found->version)
			found = procedure;
	}
	return found;
}

const ident_step *ident_procedure_step(const ident_procedure *procedure, const char *key)
{
	for (guint i = 0; i < procedure->step_count; i++) {
		if (strcmp(procedure->steps[i].key, key) == 0)
			return &procedure->steps[i];
	}
	return NULL;
}

const ident_step *ident_procedure_step_of(const ident_procedure *procedure, const char *check)
{
	const ident_step *step = ident_procedure_step(procedure, check);
	const char *number = strrchr(check, '_');
	if (step != NULL || number == NULL)
		return step;
	g_autofree char *key = g_strndup(check, number - check);
	return ident_procedure_step(procedure, key);
}

const char *ident_kind_name(ident_kind kind)
{
	return kinds[kind];
}
