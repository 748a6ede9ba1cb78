/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/verify.h"

/* A recording as the recorder leaves it, made with stock tools: three seconds of one person; $2 are further options of ffmpeg. */
static const char make_recording[] =
	"set -e; cd \"$1\"; age-keygen -o ours.txt 2>/dev/null; age-keygen -o k 2>/dev/null; mkdir session;"
	"age -e -r $(age-keygen -y ours.txt) -o session/key.age k;"
	"ffmpeg -v error -f lavfi -i testsrc=d=3:r=10:s=64x48 -f lavfi -i sine=d=3 $2 -c:v libvpx -c:a libopus -f webm - |"
	"  age -e -r $(age-keygen -y k) -o session/001-partner_1.webm.age; rm k";

typedef struct {
	char *folder, *session, *identity;
} fixture;

static void shell(const char *script, const char *first, const char *second)
{
	g_autoptr(GError) error = NULL;
	int status = -1;
	const char *const arguments[] = { "sh", "-c", script, "test", first, second, NULL };
	g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
}

static void set_up(fixture *fixture, gconstpointer streams)
{
	fixture->folder = g_dir_make_tmp("jawort-verify-XXXXXX", NULL);
	fixture->session = g_build_filename(fixture->folder, "session", NULL);
	fixture->identity = g_build_filename(fixture->folder, "ours.txt", NULL);
	shell(make_recording, fixture->folder, streams);
}

static void tear_down(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	shell("rm -r \"$1\"", fixture->folder, NULL);
	g_free(fixture->folder);
	g_free(fixture->session);
	g_free(fixture->identity);
}

static void test_whole(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	guint people = 0;
	g_assert_true(verify_recording(fixture->session, fixture->identity, 3, &people, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(people, ==, 1);
}

static void refuse(fixture *fixture, double expected_s, const char *said)
{
	g_autoptr(GError) error = NULL;
	guint people = 0;
	g_assert_false(verify_recording(fixture->session, fixture->identity, expected_s, &people, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, said));
}

static void test_too_short(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	refuse(fixture, 4.5, "lasts");
}

static void test_without_sound(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	refuse(fixture, 3, "has sound");
}

static void test_cut_off(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	shell("truncate -s -100 \"$1\"/session/001-*", fixture->folder, NULL);
	refuse(fixture, 3, "cannot be opened");
}

static void test_other_key(fixture *fixture, gconstpointer streams G_GNUC_UNUSED)
{
	shell("rm \"$1\"/ours.txt; age-keygen -o \"$1\"/ours.txt 2>/dev/null", fixture->folder, NULL);
	refuse(fixture, 3, "cannot be opened");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/rehearse/verify/whole", fixture, "", set_up, test_whole, tear_down);
	g_test_add("/rehearse/verify/too-short", fixture, "", set_up, test_too_short, tear_down);
	g_test_add("/rehearse/verify/without-sound", fixture, "-an", set_up, test_without_sound, tear_down);
	g_test_add("/rehearse/verify/cut-off", fixture, "", set_up, test_cut_off, tear_down);
	g_test_add("/rehearse/verify/other-key", fixture, "", set_up, test_other_key, tear_down);
	return g_test_run();
}
