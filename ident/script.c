/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/error.h"
#include "ident/script.h"
#include <string.h>

/* What may happen at a step of each kind; where it leads. Everything else is refused with the step's rule. */
typedef struct {
	gboolean is_allowed;
	ident_check_state to;
} move;

#define STAYS                                                                                                                    \
	{                                                                                                                        \
		TRUE, IDENT_CHECK_OPEN                                                                                           \
	}
#define ENDS_WELL                                                                                                                \
	{                                                                                                                        \
		TRUE, IDENT_CHECK_DONE                                                                                           \
	}
#define FAILS                                                                                                                    \
	{                                                                                                                        \
		TRUE, IDENT_CHECK_FAILED                                                                                         \
	}
#define BY_OFFICER [IDENT_EVENT_PASS] = ENDS_WELL, [IDENT_EVENT_FAIL] = FAILS, [IDENT_EVENT_REPEAT] = STAYS

static const move moves[IDENT_KIND_COUNT][IDENT_EVENT_COUNT] = {
	[IDENT_KIND_CONSENT] = { BY_OFFICER },
	[IDENT_KIND_CONFIRM] = { BY_OFFICER },
	[IDENT_KIND_CAPTURE] = { BY_OFFICER, [IDENT_EVENT_CAPTURE] = STAYS },
	[IDENT_KIND_RATE] = { BY_OFFICER, [IDENT_EVENT_CAPTURE] = STAYS },
	[IDENT_KIND_COMPARE] = { BY_OFFICER, [IDENT_EVENT_CAPTURE] = STAYS },
	[IDENT_KIND_ASK] = { BY_OFFICER },
	[IDENT_KIND_TAN] = { [IDENT_EVENT_FAIL] = FAILS,
		[IDENT_EVENT_TAN_SENT] = STAYS,
		[IDENT_EVENT_TAN_RIGHT] = ENDS_WELL,
		[IDENT_EVENT_TAN_WRONG] = STAYS },
};

ident_script_state ident_script_progress(const GPtrArray *checks)
{
	guint done = 0;
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		if (check->state == IDENT_CHECK_FAILED)
			return IDENT_SCRIPT_FAILED;
		done += check->state == IDENT_CHECK_DONE;
	}
	return done == checks->len ? IDENT_SCRIPT_COMPLETE : IDENT_SCRIPT_GOING;
}

ident_check *ident_script_due(const GPtrArray *checks)
{
	for (guint i = 0; i < checks->len; i++) {
		ident_check *check = checks->pdata[i];
		if (check->state != IDENT_CHECK_DONE)
			return check->state == IDENT_CHECK_OPEN ? check : NULL;
	}
	return NULL;
}

static ident_check *find(const GPtrArray *checks, const char *step)
{
	for (guint i = 0; i < checks->len; i++) {
		ident_check *check = checks->pdata[i];
		if (strcmp(check->step, step) == 0)
			return check;
	}
	return NULL;
}

/* The check at which something may happen now: the one that is due. */
static ident_check *due_check(const GPtrArray *checks, const char *step, GError **error)
{
	ident_check *check = find(checks, step), *due = ident_script_due(checks);
	if (check == NULL)
		ident_fail(error, IDENT_ERROR_NOT_FOUND, "The attempt has no step %s.", step);
	else if (check->state != IDENT_CHECK_OPEN)
		ident_refuse(error, IDENT_REFUSAL_STEP_DECIDED, check->rule->rule, step);
	else if (due == NULL)
		ident_refuse(error, IDENT_REFUSAL_STEP_FAILED, check->rule->rule, NULL);
	else if (check != due)
		ident_refuse(error, IDENT_REFUSAL_STEP_FIRST, due->rule->rule, due->step);
	else
		return check;
	return NULL;
}

ident_check *ident_script_move(const ident_procedure *procedure, const GPtrArray *checks, const char *step, ident_event event,
	ident_check_state *to, GError **error)
{
	ident_check *check = due_check(checks, step, error);
	if (check == NULL)
		return NULL;
	const ident_step *rule = check->rule;
	const move *move = &moves[rule->kind][event];
	if (!move->is_allowed || (event == IDENT_EVENT_CAPTURE && rule->subject == NULL)) {
		ident_refuse(error, IDENT_REFUSAL_STEP_OTHER, rule->rule, step);
		return NULL;
	}
	if (event == IDENT_EVENT_PASS && rule->needs_still && check->still == NULL) {
		ident_refuse(error, IDENT_REFUSAL_STILL_MISSING, rule->rule, step);
		return NULL;
	}
	if (event == IDENT_EVENT_CAPTURE && check->still != NULL && check->tries + 1 >= procedure->tries) {
		ident_refuse(error, IDENT_REFUSAL_TRIES_USED_UP, "V-41", step);
		return NULL;
	}
	*to = move->to;
	if (event == IDENT_EVENT_REPEAT && check->tries + 1 >= procedure->tries)
		*to = IDENT_CHECK_FAILED; /* V-41 */
	return check;
}

/* --- the plan --- */

typedef struct {
	const ident_procedure *procedure;
	const ident_document *document;
	ident_chooser choose;
	gpointer data;
	GPtrArray *checks;
} plan;

static void add_check(plan *plan, const ident_step *step, const char *choice, guint number)
{
	ident_check *check = g_new0(ident_check, 1);
	check->rule = step;
	check->step = number == 0 ? g_strdup(step->key) : g_strdup_printf("%s_%u", step->key, number);
	check->choice = g_strdup(choice);
	g_ptr_array_add(plan->checks, check);
}

/* Take the features in drawn order, leaving out one whose category is there already while another is still missing, or that would
 * leave too few places for optically variable ones. */
static gboolean take_features(plan *plan, const ident_step *step, const guint *order)
{
	const ident_procedure *procedure = plan->procedure;
	g_autoptr(GHashTable) categories = g_hash_table_new(g_str_hash, g_str_equal);
	guint taken = 0, variable = 0;
	for (guint i = 0; i < plan->document->feature_count && taken < procedure->feature_count; i++) {
		const ident_feature *feature = &plan->document->features[order[i]];
		guint missing_categories =
			MAX(procedure->feature_categories, g_hash_table_size(categories)) - g_hash_table_size(categories);
		guint missing_variable = MAX(procedure->feature_optically_variable, variable) - variable;
		guint places = procedure->feature_count - taken;
		if (g_hash_table_contains(categories, feature->category) && places <= missing_categories)
			continue;
		if (!feature->is_optically_variable && places <= missing_variable)
			continue;
		g_hash_table_add(categories, (gpointer)feature->category);
		variable += feature->is_optically_variable;
		add_check(plan, step, feature->key, ++taken);
	}
	return taken == procedure->feature_count;
}

static gboolean plan_features(plan *plan, const ident_step *step, GError **error)
{
	guint count = plan->document->feature_count;
	g_autofree guint *order = g_new0(guint, count);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < count; i++) {
		const ident_feature *feature = &plan->document->features[i];
		g_ptr_array_add(names,
			g_strdup_printf("%s/%s%s", feature->category, feature->key, feature->is_optically_variable ? "*" : ""));
	}
	g_ptr_array_add(names, NULL);
	if (!plan->choose(plan->data, "features", (const char *const *)names->pdata, count, order, error))
		return FALSE;
	if (!take_features(plan, step, order))
		return ident_refuse(error, IDENT_REFUSAL_FEATURES_TOO_FEW, step->rule, NULL);
	return TRUE;
}

static gboolean plan_choices(
	plan *plan, const ident_step *step, const char *purpose, GPtrArray *keys, guint count, GError **error)
{
	g_autofree guint *chosen = g_new0(guint, keys->len);
	g_ptr_array_add(keys, NULL);
	if (!plan->choose(plan->data, purpose, (const char *const *)keys->pdata, count, chosen, error))
		return FALSE;
	for (guint i = 0; i < count; i++)
		add_check(plan, step, keys->pdata[chosen[i]], i + 1);
	return TRUE;
}

static gboolean plan_step(plan *plan, const ident_step *step, GError **error)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	switch (step->each) {
	case IDENT_EACH_FEATURE:
		return plan_features(plan, step, error);
	case IDENT_EACH_SPOT:
		for (guint i = 0; i < plan->document->spot_count; i++)
			g_ptr_array_add(keys, (gpointer)plan->document->spots[i].key);
		return plan_choices(plan, step, "spots", keys, 1, error);
	case IDENT_EACH_QUESTION:
		for (gsize i = 0; i < json_array_size(plan->procedure->questions); i++)
			g_ptr_array_add(keys, (gpointer)json_text(json_array_get(plan->procedure->questions, i), "key"));
		return plan_choices(plan, step, "questions", keys, plan->procedure->question_count, error);
	default:
		add_check(plan, step, NULL, 0);
		return TRUE;
	}
}

/* Put the checks from `first` to before `end`, which are of one group, in drawn order. */
static gboolean shuffle(plan *plan, guint first, guint end, GError **error)
{
	ident_check **checks = (ident_check **)plan->checks->pdata + first;
	guint count = end - first;
	g_autofree char *purpose = g_strdup_printf("order/%s", checks[0]->rule->group);
	g_autofree const char **names = g_new0(const char *, count + 1);
	g_autofree guint *order = g_new0(guint, count);
	for (guint i = 0; i < count; i++)
		names[i] = checks[i]->step;
	if (!plan->choose(plan->data, purpose, names, count, order, error))
		return FALSE;
	g_autofree ident_check **old = g_memdup2(checks, count * sizeof(*checks));
	for (guint i = 0; i < count; i++)
		checks[i] = old[order[i]];
	return TRUE;
}

static const char *group_at(const plan *plan, guint i)
{
	return i < plan->checks->len ? ((ident_check *)plan->checks->pdata[i])->rule->group : NULL;
}

static gboolean shuffle_groups(plan *plan, GError **error)
{
	for (guint first = 0, end; first < plan->checks->len; first = end) {
		end = first + 1;
		while (group_at(plan, first) != NULL && g_strcmp0(group_at(plan, first), group_at(plan, end)) == 0)
			end++;
		if (end - first > 1 && !shuffle(plan, first, end, error))
			return FALSE;
	}
	return TRUE;
}

GPtrArray *ident_script_plan(
	const ident_procedure *procedure, const ident_document *document, ident_chooser choose, gpointer data, GError **error)
{
	g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
	plan plan = { procedure, document, choose, data, checks };
	for (guint i = 0; i < procedure->step_count; i++) {
		if (!plan_step(&plan, &procedure->steps[i], error))
			return NULL;
	}
	if (!shuffle_groups(&plan, error))
		return NULL;
	for (guint i = 0; i < checks->len; i++)
		((ident_check *)checks->pdata[i])->position = i;
	return g_steal_pointer(&checks);
}

/* --- texts --- */

static const json_t *choice_texts(const ident_procedure *procedure, const ident_document *document, const ident_check *check)
{
	switch (check->rule->each) {
	case IDENT_EACH_FEATURE:
		for (guint i = 0; i < document->feature_count; i++) {
			if (g_strcmp0(document->features[i].key, check->choice) == 0)
				return document->features[i].texts;
		}
		return NULL;
	case IDENT_EACH_SPOT:
		for (guint i = 0; i < document->spot_count; i++) {
			if (g_strcmp0(document->spots[i].key, check->choice) == 0)
				return document->spots[i].texts;
		}
		return NULL;
	case IDENT_EACH_QUESTION:
		for (gsize i = 0; i < json_array_size(procedure->questions); i++) {
			const json_t *question = json_array_get(procedure->questions, i);
			if (g_strcmp0(json_text(question, "key"), check->choice) == 0)
				return question;
		}
		return NULL;
	default:
		return NULL;
	}
}

json_t *ident_script_texts(const ident_procedure *procedure, const ident_document *document, const ident_check *check)
{
	static const char *const keys[] = { "title", "say", "look", "banner" };
	const json_t *drawn = choice_texts(procedure, document, check);
	json_t *texts = json_object();
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		json_t *text = json_object_get(drawn, keys[i]);
		json_object_set(texts, keys[i], text != NULL ? text : json_object_get(check->rule->texts, keys[i]));
	}
	return texts;
}
