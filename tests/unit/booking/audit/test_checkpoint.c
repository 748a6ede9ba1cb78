/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/checkpoint.h"
#include "core/error.h"
#include <string.h>

/* tests/vectors/signed-note.txt */
static const char VECTOR_KEY[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char VECTOR_NOTE[] =
	"This is an example message.\n\n"
	"— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

static void test_vector(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *file = NULL;
	g_assert_true(g_file_get_contents(TESTS_FOLDER "/vectors/signed-note.txt", &file, NULL, NULL));
	g_assert_nonnull(strstr(file, VECTOR_KEY));
	g_autofree char *text = audit_note_open(VECTOR_NOTE, VECTOR_KEY, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, "This is an example message.\n");
}

static void test_every_changed_byte_is_refused(void)
{
	for (size_t i = 0; i < strlen(VECTOR_NOTE); i++) {
		g_autofree char *changed = g_strdup(VECTOR_NOTE);
		changed[i] ^= 1;
		g_autoptr(GError) error = NULL;
		g_assert_null(audit_note_open(changed, VECTOR_KEY, &error));
		g_assert_true(error->domain == CORE_ERROR);
	}
	for (size_t i = 0; i < strlen(VECTOR_KEY); i++) {
		g_autofree char *changed = g_strdup(VECTOR_KEY);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		g_assert_null(audit_note_open(VECTOR_NOTE, changed, NULL));
	}
}

static void test_checkpoint(void)
{
	g_autoptr(GError) error = NULL;
	crypto_keypair pair;
	merkle_hash root, opened_root;
	int64_t size = 0;
	crypto_keypair_new(&pair);
	merkle_leaf("x", 1, &root);
	g_autofree char *origin = audit_origin("organisation_a");
	g_autofree char *key = audit_verifier_key(origin, pair.public);
	g_autofree char *text = audit_checkpoint_text(origin, 1234567, &root);
	g_autofree char *note = audit_note_sign(text, origin, &pair);
	g_assert_true(audit_checkpoint_open(note, key, &size, &opened_root, &error));
	g_assert_no_error(error);
	g_assert_cmpint(size, ==, 1234567);
	g_assert_cmpmem(&root, sizeof(root), &opened_root, sizeof(opened_root));

	/* A witness's line beside ours is passed over. */
	crypto_keypair witness;
	crypto_keypair_new(&witness);
	g_autofree char *witnessed = audit_note_sign(text, "witness.example", &witness);
	g_autofree char *both = g_strconcat(note, strstr(witnessed, "\n\n") + 2, NULL);
	g_assert_true(audit_checkpoint_open(both, key, &size, &opened_root, NULL));

	/* Signed well, but by another log's name, or written in another form. */
	const char *const wrong[] = { "jawort/audit/organisation_b\n7\n", "jawort/audit/organisation_a\n07\n",
		"jawort/audit/organisation_a\n-7\n", "jawort/audit/organisation_a\n" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *wrong_text = g_strconcat(wrong[i], strchr(strchr(text, '\n') + 1, '\n') + 1, NULL);
		g_autofree char *wrong_note = audit_note_sign(wrong_text, origin, &pair);
		g_assert_false(audit_checkpoint_open(wrong_note, key, &size, &opened_root, NULL));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/checkpoint/vector", test_vector);
	g_test_add_func("/checkpoint/changed-bytes", test_every_changed_byte_is_refused);
	g_test_add_func("/checkpoint/checkpoint", test_checkpoint);
	return g_test_run();
}
