/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/signer.h"
#include "booking/audit/checkpoint.h"
#include "core/error.h"
#include "core/json.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *folder;
	audit_signer *signer;
} fixture;

static void set_up(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	self->folder = g_dir_make_tmp("jawort-sign-XXXXXX", NULL);
	self->signer = audit_signer_new(self->folder, &error);
	g_assert_no_error(error);
}

static void tear_down(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	audit_signer_free(self->signer);
	g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(self->folder, name, NULL);
		g_unlink(path);
	}
	g_rmdir(self->folder);
	g_free(self->folder);
}

static void restart(fixture *self)
{
	g_autoptr(GError) error = NULL;
	audit_signer_free(self->signer);
	self->signer = audit_signer_new(self->folder, &error);
	g_assert_no_error(error);
}

static char *leaf_text(int64_t sequence, const char *actor)
{
	return g_strdup_printf(
		"{\"action\":\"a\",\"actor\":\"%s\",\"details\":null,\"organisation\":\"organisation_a\",\"sequence\":%d,"
		"\"subjects\":[],\"time_ms\":1}",
		actor, (int)sequence);
}

/* The root of `size` leaves, of which those from `changed` on are by another actor. */
static char *root_hex(int64_t size, int64_t changed)
{
	merkle_range range = { 0 };
	merkle_hash hash;
	for (int64_t i = 0; i < size; i++) {
		g_autofree char *leaf = leaf_text(i, i < changed ? "system" : "mallory");
		merkle_leaf(leaf, strlen(leaf), &hash);
		merkle_range_add(&range, &hash);
	}
	merkle_range_root(&range, &hash);
	return merkle_hex(&hash);
}

/* (transfer full) */
static json_t *extend(fixture *self, int64_t from, int64_t to, int64_t changed)
{
	g_autofree char *root = root_hex(to, changed);
	g_autoptr(json_t) request = json_pack("{sssssIsss[]}", "do", "extend", "organisation", "organisation_a", "from",
		(json_int_t)from, "root", root, "leaves");
	for (int64_t i = from; i < to; i++) {
		g_autofree char *leaf = leaf_text(i, i < changed ? "system" : "mallory");
		json_array_append_new(json_object_get(request, "leaves"), json_string(leaf));
	}
	return audit_signer_answer(self->signer, request);
}

static void assert_signed(json_t *answer, int64_t size)
{
	int64_t signed_size = -1;
	merkle_hash root;
	g_autofree char *wanted = root_hex(size, G_MAXINT64);
	g_assert_cmpstr(json_text(answer, "error"), ==, NULL);
	g_assert_true(
		audit_checkpoint_open(json_text(answer, "checkpoint"), json_text(answer, "key"), &signed_size, &root, NULL));
	g_assert_cmpint(signed_size, ==, size);
	g_autofree char *hex = merkle_hex(&root);
	g_assert_cmpstr(hex, ==, wanted);
	json_decref(answer);
}

static void assert_refused(json_t *answer, const char *code)
{
	g_assert_cmpstr(json_text(answer, "error"), ==, code);
	g_assert_null(json_object_get(answer, "checkpoint"));
	json_decref(answer);
}

static void test_grows(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	assert_signed(extend(self, 0, 5, G_MAXINT64), 5);
	assert_signed(extend(self, 5, 12, G_MAXINT64), 12);
	restart(self);
	assert_signed(extend(self, 12, 13, G_MAXINT64), 13);
	/* The answer was lost: the same tree is signed again, byte for byte. */
	json_t *first = extend(self, 13, 13, G_MAXINT64), *second = extend(self, 13, 13, G_MAXINT64);
	g_assert_true(json_equal(first, second));
	json_decref(first);
	assert_signed(second, 13);
}

static void test_refuses_another_past(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	assert_signed(extend(self, 0, 9, G_MAXINT64), 9);
	restart(self);
	/* Shorter: the database was restored to an older state. */
	assert_refused(extend(self, 5, 9, G_MAXINT64), "behind");
	assert_refused(extend(self, 0, 9, G_MAXINT64), "behind");
	assert_refused(extend(self, 0, 20, 4), "behind");
	/* Changed before what is given now. */
	assert_refused(extend(self, 9, 11, 4), "fork");
	/* A hole. */
	assert_refused(extend(self, 10, 11, G_MAXINT64), "request");
	/* None of these changed what is signed next. */
	assert_signed(extend(self, 9, 11, G_MAXINT64), 11);
}

static void test_refuses_malformed(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	static const char *const requests[] = {
		"{}",
		"{\"do\":\"state\"}",
		"{\"do\":\"state\",\"organisation\":\"../../etc/passwd\"}",
		"{\"do\":\"state\",\"organisation\":\"\"}",
		"{\"do\":\"explode\",\"organisation\":\"organisation_a\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":\"0\",\"leaves\":[],\"root\":\"\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":0,\"leaves\":[1],\"root\":\"\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":0,\"leaves\":[\"x\"],\"root\":\"\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":0,"
		"\"leaves\":[\"{\\\"organisation\\\":\\\"organisation_b\\\",\\\"sequence\\\":0}\"],\"root\":\"\"}",
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":0,"
		"\"leaves\":[\"{\\\"organisation\\\":\\\"organisation_a\\\",\\\"sequence\\\":1}\"],\"root\":\"\"}",
		"{\"do\":\"document\",\"organisation\":\"organisation_a\",\"domain\":\"jawort/audit/"
		"organisation_a\",\"digest\":\"\"}",
		"{\"do\":\"document\",\"organisation\":\"organisation_a\",\"domain\":\"jawort-report-1\",\"digest\":\"xy\"}",
	};
	for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
		g_autoptr(json_t) request = json_loads(requests[i], 0, NULL);
		assert_refused(audit_signer_answer(self->signer, request), "request");
	}
	g_autoptr(json_t) wrong_root = json_loads(
		"{\"do\":\"extend\",\"organisation\":\"organisation_a\",\"from\":0,\"leaves\":[],\"root\":\"00\"}", 0, NULL);
	assert_refused(audit_signer_answer(self->signer, wrong_root), "fork");
}

static void test_signs_documents(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *digest = crypto_sha256_hex("report", 6);
	g_autoptr(json_t) request = json_pack(
		"{ssssssss}", "do", "document", "organisation", "organisation_a", "domain", "jawort-report-1", "digest", digest);
	g_autoptr(json_t) answer = audit_signer_answer(self->signer, request);
	guint8 public_key[CRYPTO_KEY_BYTES];
	g_assert_true(audit_verifier_key_parse(json_text(answer, "key"), NULL, public_key, NULL));
	g_autoptr(GBytes) signature = crypto_base64_decode(json_text(answer, "signature"), NULL);
	g_autofree char *text = g_strdup_printf("jawort-report-1\n%s\n", digest);
	g_assert_true(crypto_verify(public_key, text, strlen(text), g_bytes_get_data(signature, NULL)));
}

static void test_one_signer_a_folder(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(audit_signer_new(self->folder, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_FILE);
	g_assert_nonnull(strstr(error->message, "Another signer"));
}

/* A key whose state is gone could sign history anew: it signs nothing. */
static void test_lost_state_is_refused(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *state = g_build_filename(self->folder, "organisation_a.state", NULL);
	g_autofree char *key = g_build_filename(self->folder, "organisation_a.key", NULL);
	assert_signed(extend(self, 0, 3, G_MAXINT64), 3);
	GStatBuf status;
	g_assert_cmpint(g_stat(key, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	g_unlink(state);
	restart(self);
	assert_refused(extend(self, 0, 3, G_MAXINT64), "file");
	g_assert_true(g_file_set_contents(state, "{\"peaks\":[],\"size\":3}", -1, NULL));
	restart(self);
	assert_refused(extend(self, 3, 4, G_MAXINT64), "file");
	/* Half made at a kill: the state is there, the key is not. */
	g_assert_true(g_file_set_contents(state, "{\"peaks\":[],\"size\":0}", -1, NULL));
	g_unlink(key);
	restart(self);
	assert_signed(extend(self, 0, 3, G_MAXINT64), 3);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/signer/grows", fixture, NULL, set_up, test_grows, tear_down);
	g_test_add("/signer/another-past", fixture, NULL, set_up, test_refuses_another_past, tear_down);
	g_test_add("/signer/malformed", fixture, NULL, set_up, test_refuses_malformed, tear_down);
	g_test_add("/signer/documents", fixture, NULL, set_up, test_signs_documents, tear_down);
	g_test_add("/signer/one-a-folder", fixture, NULL, set_up, test_one_signer_a_folder, tear_down);
	g_test_add("/signer/lost-state", fixture, NULL, set_up, test_lost_state_is_refused, tear_down);
	return g_test_run();
}
