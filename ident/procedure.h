/* SPDX-License-Identifier: EUPL-1.2 */
/* A procedure: the steps by which a person is identified, as versioned data (the files in procedures, compiled in).
 *
 *   {"key":"bafin-3-2017", "version":1, "title":{"de","en"}, "source":"…", "tries":3,
 *    "features":{"count":3,"categories":3,"optically_variable":0},
 *    "questions":{"count":2,"pool":[{"key","say","look"},…]},
 *    "steps":[{"step","kind","rule", …}, …]}
 *
 * A step has
 *   step       its key: unique, [a-z0-9_]
 *   kind       consent | confirm | capture | rate | compare | ask | tan
 *   rule       the rule it satisfies, "V-nn"
 *   subject    what a still of this step shows: person, document_front, document_back, document_mrz (the side that
 *              bears the zone), document; absent: no still can be taken
 *   still      true: it cannot pass without one
 *   automatic  true: it passes by itself as soon as it can
 *   answer     what the officer types, and what is held against it before the step can pass:
 *              mrz              the lines of the zone, if no still of it could be read: all check digits
 *              difference       why a name differs from the intake; nothing else may differ
 *              document_number  as spoken: equal to the zone's
 *              issue_date       "YYYY-MM-DD": plausible for type, expiry and age
 *   group      steps of one group are put in random order among their places (V-28)
 *   each       features | spots | questions: stands for as many steps as are drawn, named STEP_1, STEP_2 …
 *   title, say, look, banner   texts by language: a name, the officer's words to the person, what to look at, the line on the person's page
 * A released version is never changed: a new one is a new file, so that old reports can be verified. Thread: any. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef enum {
	IDENT_KIND_CONSENT,
	IDENT_KIND_CONFIRM,
	IDENT_KIND_CAPTURE,
	IDENT_KIND_RATE,
	IDENT_KIND_COMPARE,
	IDENT_KIND_ASK,
	IDENT_KIND_TAN,
	IDENT_KIND_COUNT,
} ident_kind;

typedef enum { IDENT_EACH_ONCE, IDENT_EACH_FEATURE, IDENT_EACH_SPOT, IDENT_EACH_QUESTION } ident_each;
typedef enum {
	IDENT_ANSWER_NONE,
	IDENT_ANSWER_MRZ,
	IDENT_ANSWER_DIFFERENCE,
	IDENT_ANSWER_DOCUMENT_NUMBER,
	IDENT_ANSWER_ISSUE_DATE,
} ident_answer;

typedef struct {
	const char *key;
	ident_kind kind;
	const char *rule;
	const char *subject; /* NULL: no still */
	gboolean needs_still;
	gboolean is_automatic;
	ident_answer answer;
	const char *group; /* NULL: stays in place */
	ident_each each;
	const json_t *texts; /* the step's JSON: "say", "look", "banner" */
} ident_step;

typedef struct {
	json_t *json; /* what all texts below point into */
	const char *key;
	guint version;
	const char *sha256; /* of the file */
	const json_t *title;
	guint tries; /* at one step, then it has failed (V-41) */
	guint feature_count, feature_categories, feature_optically_variable;
	guint question_count;
	const json_t *questions;
	const ident_step *steps;
	guint step_count;
} ident_procedure;

/* The newest version (`version` 0) or an exact one; NULL when there is none. Static data. */
const ident_procedure *ident_procedure_get(const char *key, guint version);
/* (transfer full) Parse and validate; used for the files compiled in and by tests. */
ident_procedure *ident_procedure_parse(const char *json, gsize length, GError **error);
void ident_procedure_free(ident_procedure *procedure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ident_procedure, ident_procedure_free)

const ident_step *ident_procedure_step(const ident_procedure *procedure, const char *key);
/* The step that a check's key comes from: "feature_2" from "feature". */
const ident_step *ident_procedure_step_of(const ident_procedure *procedure, const char *check);
const char *ident_kind_name(ident_kind kind);
