/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	char *folder, *inside;
} fixture;

static void set_up(fixture *self, gconstpointer data)
{
	(void)data;
	self->folder = g_dir_make_tmp("jawort-sandbox-XXXXXX", NULL);
	self->inside = g_build_filename(self->folder, "file", NULL);
}

static void tear_down(fixture *self, gconstpointer data)
{
	(void)data;
	g_unlink(self->inside);
	g_rmdir(self->folder);
	g_free(self->inside);
	g_free(self->folder);
}

/* What `work` returns, in a process of its own: there is no way back out of a sandbox. */
static int in_child(int (*work)(const fixture *self), const fixture *self)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(work(self));
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static gboolean enter(const fixture *self, sandbox_level level, guint permissions)
{
	const sandbox_path paths[] = { { .path = self->folder, .is_writable = TRUE }, { .path = "/does/not/exist" }, { 0 } };
	g_autoptr(GError) error = NULL;
	return sandbox_enter(level, paths, permissions, &error);
}

static gboolean can_open(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600) >= 0;
}

static int work_locked_in(const fixture *self)
{
	if (!enter(self, SANDBOX_FULL, 0))
		return 1;
	if (!can_open(self->inside, O_CREAT | O_WRONLY))
		return 2;
	if (can_open("/etc/passwd", O_RDONLY) || errno != EACCES)
		return 3;
	if (socket(AF_INET, SOCK_DGRAM, 0) >= 0 || errno != EPERM)
		return 4;
	if (execl("/bin/true", "true", NULL) != -1 || errno != EPERM)
		return 5;
#ifndef __SANITIZE_ADDRESS__ /* whose leak checker forks */
	if (fork() >= 0)
		return 6;
#endif
	return 0;
}

static int work_with_network(const fixture *self)
{
	return enter(self, SANDBOX_FULL, SANDBOX_NETWORK) && socket(AF_INET, SOCK_DGRAM, 0) >= 0 ? 0 : 1;
}

/* As on a kernel without Landlock. */
static void forget_landlock(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
	seccomp_load(filter);
	seccomp_release(filter);
}

static int work_without_landlock(const fixture *self)
{
	forget_landlock();
	if (enter(self, SANDBOX_FULL, 0))
		return 1;
	return enter(self, SANDBOX_SECCOMP, 0) && socket(AF_INET, SOCK_DGRAM, 0) < 0 ? 0 : 2;
}

static void test_child(fixture *self, gconstpointer work)
{
	g_assert_cmpint(in_child((int (*)(const fixture *))work, self), ==, 0);
}

static void test_levels(void)
{
	sandbox_level level;
	g_assert_true(sandbox_level_parse("seccomp", &level));
	g_assert_cmpint(level, ==, SANDBOX_SECCOMP);
	g_assert_false(sandbox_level_parse("some", &level));
	g_assert_false(sandbox_level_parse(NULL, &level));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sandbox/levels", test_levels);
	g_test_add("/sandbox/locked_in", fixture, (gconstpointer)work_locked_in, set_up, test_child, tear_down);
	g_test_add("/sandbox/with_network", fixture, (gconstpointer)work_with_network, set_up, test_child, tear_down);
	g_test_add("/sandbox/without_landlock", fixture, (gconstpointer)work_without_landlock, set_up, test_child, tear_down);
	return g_test_run();
}
