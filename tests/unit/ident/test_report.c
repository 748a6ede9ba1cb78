/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/proof.h"
#include "fixture.h"
#include "ident/report.h"
#include "ident/verdict.h"

static const char *const no_reasons[] = { NULL }, *const failed[] = { "feature_failed", NULL };

static void test_verdicts(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	static const char *const unknown[] = { "bad_hair", NULL };
	for (guint i = 0; i < 23; i++) { /* never while a step is open, and the refusal names its rule */
		g_autofree char *due = due_step(&meeting, id);
		if (due == NULL)
			break;
		g_assert_null(ident_verdict_give(&meeting.officer, id, "identified", no_reasons, NULL, &error));
		g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
		g_clear_error(&error);
		g_assert_null(ident_verdict_give(&meeting.officer, id, "not_identified", failed, NULL, &error));
		g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
		g_clear_error(&error);
		do_step(&meeting, id, due);
	}
	g_assert_null(ident_verdict_give(&meeting.officer, id, "not_identified", no_reasons, NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(ident_verdict_give(&meeting.officer, id, "not_identified", unknown, NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(ident_verdict_give(&meeting.officer, id, "perhaps", no_reasons, NULL, &error));
	assert_rule(error, "V-42");
	g_autofree char *report = ident_verdict_give(&meeting.officer, id, "identified", no_reasons, NULL, &error);
	g_assert_no_error(error);
	g_assert_null(ident_verdict_give(&meeting.officer, id, "not_identified", failed, NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE); /* given once, for good */
	g_clear_error(&error);
	g_assert_null(try_start(&meeting, meeting.erika, TRUE, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE); /* who is identified is not identified again */
}

static void test_failed(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	play_until(&meeting, id, "purpose");
	g_assert_true(ident_check_record(&meeting.officer, id, "purpose", "fail", NULL, &error));
	g_assert_null(ident_verdict_give(&meeting.officer, id, "identified", no_reasons, NULL, &error));
	assert_rule(error, "V-42");
	g_autofree char *report = ident_verdict_give(&meeting.officer, id, "not_identified", failed, NULL, &error);
	g_assert_no_error(error);
	g_assert_nonnull(report);
}

/* --- sealed reports; the signer's part is played here --- */

typedef struct {
	crypto_keypair pair;
	char *name, *verifier_key;
} signer;

static void make_signer(signer *signer)
{
	crypto_keypair_new(&signer->pair);
	signer->name = audit_origin(fixed.town);
	signer->verifier_key = audit_verifier_key(signer->name, signer->pair.public);
}

static void clear_signer(signer *signer)
{
	g_free(signer->name);
	g_free(signer->verifier_key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(signer, clear_signer)

static void sign_checkpoint(const signer *signer, const booking_context *context)
{
	g_autoptr(GError) error = NULL;
	merkle_hash root;
	int64_t size = audit_size(context->db, fixed.town, &error);
	audit_root(context->db, fixed.town, size, &root, &error);
	g_assert_no_error(error);
	g_autofree char *text = audit_checkpoint_text(signer->name, size, &root);
	g_autofree char *note = audit_note_sign(text, signer->name, &signer->pair);
	audit_checkpoint_store(context->db, fixed.town, size, note, signer->verifier_key, context->now_ms, &error);
	g_assert_no_error(error);
}

static char *sign_body(const signer *signer, const char *body)
{
	guint8 signature[CRYPTO_SIGNATURE_BYTES];
	g_autofree char *sha256 = crypto_sha256_hex(body, strlen(body));
	g_autofree char *text = g_strdup_printf("jawort-report-1\n%s\n", sha256);
	crypto_sign(&signer->pair, text, strlen(text), signature);
	return crypto_base64(signature, sizeof(signature));
}

static char *sealed_report(const signer *signer, meeting *meeting, const char *verdict, const char *const *reasons)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = started(meeting);
	if (*reasons == NULL) {
		play_until(meeting, id, NULL);
	} else {
		play_until(meeting, id, "intake");
		ident_check_record(&meeting->officer, id, "intake", "fail", NULL, &error);
	}
	g_autoptr(json_t) recording = json_pack("{s:s, s:s}", "id", "recording_1", "chain", "00ff");
	g_autofree char *report_id = ident_verdict_give(&meeting->officer, id, verdict, reasons, recording, &error);
	g_assert_no_error(error);
	g_autoptr(ident_report) report = ident_report_load(meeting->officer.db, report_id, &error);
	g_assert_null(report->sealed);
	g_autofree char *signature = sign_body(signer, report->body);
	g_assert_false(ident_report_seal(&meeting->officer, report_id, signature, signer->verifier_key, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE); /* no checkpoint yet */
	g_clear_error(&error);
	sign_checkpoint(signer, &meeting->officer);
	ident_report_seal(&meeting->officer, report_id, signature, signer->verifier_key, &error);
	g_assert_no_error(error);
	g_assert_true(ident_report_seal(&meeting->officer, report_id, "again", "no", &error));
	g_autoptr(ident_report) sealed = ident_report_load(meeting->officer.db, report_id, &error);
	return g_steal_pointer(&sealed->sealed);
}

static void keep_line(gpointer data, gboolean is_good, const char *text)
{
	g_string_append_printf(data, "%s %s\n", is_good ? "right" : "WRONG", text);
}

/* (transfer full) The lines of a verification, after "good" or "bad". */
static char *verified(const char *report, const char *key)
{
	GString *lines = g_string_new(NULL);
	gboolean is_good = ident_report_verify(report, strlen(report), key, keep_line, lines);
	g_string_prepend(lines, is_good ? "good\n" : "bad\n");
	g_test_message("%s", lines->str);
	return g_string_free(lines, FALSE);
}

static void test_good(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_auto(signer) signer = { 0 };
	meet(&meeting, context);
	make_signer(&signer);
	g_autofree char *report = sealed_report(&signer, &meeting, "identified", no_reasons);
	g_autofree char *lines = verified(report, signer.verifier_key);
	g_assert_true(g_str_has_prefix(lines, "good\n"));
	g_assert_nonnull(strstr(lines, "Erika Zoë Dvořák-Groß"));
	g_assert_nonnull(strstr(lines, "23 of 23 steps done"));
	g_autofree char *without_key = verified(report, NULL);
	g_assert_true(g_str_has_prefix(without_key, "good\n"));
	g_assert_nonnull(strstr(without_key, "compare it with the one the authority publishes"));
}

static void test_good_not_identified(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_auto(signer) signer = { 0 };
	meet(&meeting, context);
	make_signer(&signer);
	g_autofree char *report = sealed_report(&signer, &meeting, "not_identified", failed);
	g_autofree char *lines = verified(report, signer.verifier_key);
	g_assert_true(g_str_has_prefix(lines, "good\n"));
}

/* Change one member, at a path like "body/person/family_name" or "body/checks/3/result". */
static char *changed(const char *report, const char *path, json_t *value)
{
	g_autoptr(json_t) file = json_loads(report, 0, NULL);
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	json_t *at = file;
	for (guint i = 0; parts[i + 1] != NULL; i++)
		at = json_is_array(at) ? json_array_get(at, strtoul(parts[i], NULL, 10)) : json_object_get(at, parts[i]);
	const char *last = parts[g_strv_length(parts) - 1];
	g_assert_nonnull(at);
	if (json_is_array(at))
		json_array_set_new(at, strtoul(last, NULL, 10), value);
	else
		json_object_set_new(at, last, value);
	return json_compact(file);
}

/* The same, signed anew by the authority itself: what the signature alone does not find, log, draws and procedure find. */
static char *signed_anew(const signer *signer, const char *report)
{
	g_autoptr(json_t) file = json_loads(report, 0, NULL);
	g_autofree char *body = json_canonical(json_object_get(file, "body"), NULL);
	g_autofree char *signature = sign_body(signer, body);
	json_object_set_new(json_object_get(file, "signature"), "value", json_string(signature));
	return json_compact(file);
}

static void test_tampering(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_auto(signer) signer = { 0 }, other = { 0 };
	meet(&meeting, context);
	make_signer(&signer);
	make_signer(&other);
	g_autofree char *report = sealed_report(&signer, &meeting, "identified", no_reasons);
	struct {
		const char *path;
		json_t *value;
		const char *found; /* in the lines, even when it was signed anew */
	} changes[] = {
		{ "format", json_string("jawort-report-2"), "WRONG This is no Jawort report" },
		{ "body/person/family_name", json_string("Meier"), "WRONG The entry is about something else" },
		{ "body/verdict", json_string("not_identified"), "WRONG The entry is about something else" },
		{ "body/checks/3/result", json_string("fail"), "WRONG Step 4, person" },
		{ "body/checks/3/state", json_string("open"), "WRONG Step 4, person (V-25), is not done" },
		{ "body/checks/3/still", json_null(), "WRONG Step 4, person (V-25), has no still" },
		{ "body/checks/4/decided_ms", json_integer(1), "WRONG Step 5, document_front" },
		{ "body/checks/1/step", json_string("quality"), "WRONG Step 2, purpose" },
		{ "body/checks", json_array(), "WRONG The report has 0 steps, the procedure 23" },
		{ "body/draws/0/chosen/0", json_integer(9), "WRONG The draw \"features\" is wrong" },
		{ "body/draws", json_array(), "WRONG The draws do not give the steps" },
		{ "body/procedure/version", json_integer(2), "WRONG This program does not know the procedure" },
		{ "body/organisation/id", json_string("organisation_other"),
			"WRONG The key is not the one of organisation_other" },
		{ "audit/leaf/time_ms", json_integer(1), "WRONG The proof does not show" },
		{ "audit/leaf/action", json_string("attempt.aborted"), "WRONG The proof does not show" },
		{ "audit/inclusion", json_array(), "WRONG The proof does not show" },
		{ "audit/opening/details/verdict", json_string("not_identified"), "WRONG The entry is about something else" },
		{ "audit/checkpoint", json_string("x"), "WRONG The checkpoint" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *bad = changed(report, changes[i].path, changes[i].value);
		g_autofree char *lines = verified(bad, signer.verifier_key);
		g_assert_true(g_str_has_prefix(lines, "bad\n"));
		if (g_str_has_prefix(changes[i].path, "body/") && strstr(changes[i].found, "The key") == NULL)
			g_assert_nonnull(strstr(lines, "WRONG The signature is wrong"));
		g_autofree char *anew = signed_anew(&signer, bad);
		g_autofree char *again = verified(anew, signer.verifier_key);
		g_assert_true(g_str_has_prefix(again, "bad\n"));
		g_assert_nonnull(strstr(again, changes[i].found));
	}
	g_autofree char *stranger = verified(report, other.verifier_key);
	g_assert_nonnull(strstr(stranger, "WRONG The signature is wrong"));
	g_assert_nonnull(strstr(stranger, "WRONG The checkpoint"));
	g_autofree char *nothing = verified("", NULL), *list = verified("[]", NULL), *empty = verified("{}", NULL);
	g_assert_true(g_str_has_prefix(nothing, "bad\n") && g_str_has_prefix(list, "bad\n") && g_str_has_prefix(empty, "bad\n"));
}

static void test_pdf(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_auto(signer) signer = { 0 };
	meet(&meeting, context);
	make_signer(&signer);
	g_autofree char *report = sealed_report(&signer, &meeting, "identified", no_reasons);
	g_autoptr(GError) error = NULL;
	static const char *const languages[] = { "de", "en" };
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GBytes) pdf = ident_report_pdf(report, languages[i], &error);
		g_assert_no_error(error);
		gsize length;
		const char *bytes = g_bytes_get_data(pdf, &length);
		g_autofree char *attached = ident_report_extract(bytes, length);
		g_assert_cmpstr(attached, ==, report);
		/* other programs read it too */
		g_autofree char *path = g_build_filename(fixed.folder, "report.pdf", NULL), *text = NULL, *list = NULL;
		g_file_set_contents(path, bytes, length, &error);
		const char *const to_text[] = { "pdftotext", "-layout", path, "-", NULL }, *const detach[] = { "pdfdetach",
			"-list", path, NULL };
		g_assert_true(
			g_spawn_sync(NULL, (char **)to_text, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, &error));
		g_assert_true(
			g_spawn_sync(NULL, (char **)detach, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &list, NULL, NULL, &error));
		g_assert_nonnull(strstr(text, "Erika Zoë Dvořák-Groß"));
		g_assert_nonnull(strstr(text, i == 0 ? "Identität festgestellt" : "Identified"));
		g_assert_nonnull(strstr(list, "report.json"));
		if (g_getenv("KEEP_REPORT") != NULL) /* a folder, to look at it */
			g_spawn_sync(NULL, (char *[]){ "cp", path, (char *)g_getenv("KEEP_REPORT"), NULL }, NULL,
				G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
	}
	g_assert_null(ident_report_pdf("{}", "de", &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_assert_null(ident_report_extract("%PDF-1.5 nothing", 16));
}

/* fontconfig keeps its configuration to the end of the process, out of the leak checker's sight. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/ident/report/verdicts", test_verdicts);
	ADD_TEST("/ident/report/failed", test_failed);
	ADD_TEST("/ident/report/good", test_good);
	ADD_TEST("/ident/report/good_not_identified", test_good_not_identified);
	ADD_TEST("/ident/report/tampering", test_tampering);
	ADD_TEST("/ident/report/pdf", test_pdf);
	return run_ident_tests();
}
