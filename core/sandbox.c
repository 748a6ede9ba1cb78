/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/sandbox.h"
#include "core/log.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

gboolean sandbox_level_parse(const char *name, sandbox_level *level)
{
	static const char *const names[] = { [SANDBOX_FULL] = "full", [SANDBOX_SECCOMP] = "seccomp", [SANDBOX_OFF] = "off" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_strcmp0(name, names[i]) != 0)
			continue;
		*level = (sandbox_level)i;
		return TRUE;
	}
	return FALSE;
}

/* --- files --- */

enum {
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
		LANDLOCK_ACCESS_FS_MAKE_DIR,
	OTHER = LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM,
	OF_A_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE,
};

static gboolean allow_path(int rules, const sandbox_path *path)
{
	struct stat status;
	int fd = open(path->path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	guint64 access = READ | (path->is_writable ? WRITE : 0) | (path->is_executable ? LANDLOCK_ACCESS_FS_EXECUTE : 0);
	gboolean is_known = fstat(fd, &status) == 0;
	struct landlock_path_beneath_attr below = { .parent_fd = fd,
		.allowed_access = is_known && S_ISDIR(status.st_mode) ? access : access & OF_A_FILE };
	gboolean is_allowed = is_known && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
	close(fd);
	return is_allowed;
}

static gboolean enter_landlock(const sandbox_path *paths)
{
	struct landlock_ruleset_attr handled = { .handled_access_fs = READ | WRITE | OTHER | LANDLOCK_ACCESS_FS_EXECUTE };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (rules < 0)
		return FALSE;
	gboolean is_good = TRUE;
#ifdef __SANITIZE_ADDRESS__
	is_good = allow_path(rules, &(sandbox_path){ .path = "/proc" }); /* the leak checker looks at the threads */
#endif
	for (; is_good && paths->path != NULL; paths++)
		is_good = allow_path(rules, paths);
	is_good = is_good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return is_good;
}

/* --- system calls --- */

/* What loops, threads, malloc, GLib, OpenSSL and the codecs call; nothing that reaches out of the process. */
static const int common_calls[] = {
	/* files, and descriptors that are there */
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(close),
	SCMP_SYS(stat),
	SCMP_SYS(fstat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(getdents64),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(ftruncate),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(fchmod),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(fcntl),
	SCMP_SYS(dup),
	SCMP_SYS(getcwd),
	/* waiting and time */
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(eventfd2),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(timerfd_gettime),
	SCMP_SYS(pipe2),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(alarm),
	SCMP_SYS(setitimer),
	/* memory */
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(mprotect),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(membarrier),
	/* threads, signals to itself, the end */
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_getparam),
	SCMP_SYS(sched_getscheduler),
	SCMP_SYS(sched_setscheduler),
	SCMP_SYS(sched_getattr),
	SCMP_SYS(sched_setattr),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	/* about itself */
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(getcpu),
	SCMP_SYS(prctl),
#ifdef __SANITIZE_ADDRESS__
	SCMP_SYS(ptrace),
	SCMP_SYS(getdents),
	SCMP_SYS(wait4),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(kill),
	SCMP_SYS(clone),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(prlimit64),
	SCMP_SYS(getppid),
	SCMP_SYS(tgkill),
	SCMP_SYS(personality),
#endif
};

static const int network_calls[] = {
	SCMP_SYS(socket),
	SCMP_SYS(bind),
	SCMP_SYS(connect),
	SCMP_SYS(listen),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(ioctl), /* FIONREAD, SIOCGIF… */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
};

/* To start a program, for its loader, and for what it does before it locks itself in further. */
static const int program_calls[] = {
	SCMP_SYS(clone),
	SCMP_SYS(vfork),
	SCMP_SYS(execve),
	SCMP_SYS(wait4),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(prlimit64),
	SCMP_SYS(fadvise64),
	SCMP_SYS(statfs),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(flock),
	SCMP_SYS(seccomp),
	SCMP_SYS(landlock_create_ruleset),
	SCMP_SYS(landlock_add_rule),
	SCMP_SYS(landlock_restrict_self),
};

static gboolean allow(scmp_filter_ctx filter, const int *calls, guint count)
{
	gboolean is_good = TRUE;
	for (guint i = 0; is_good && i < count; i++)
		is_good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	return is_good;
}

/* Calls whose arguments matter. */
static gboolean allow_some(scmp_filter_ctx filter)
{
	/* clone makes threads only; of clone3 the flags cannot be seen, so the C library shall use clone. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
	       /* how GStreamer wakes its bus, and links to recorders: both ends are made here */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1, SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0)) == 0 &&
	       /* g_abort() and assertions end this process, not others */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) ==
		       0 &&
	       /* isatty() */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0 &&
	       /* getrlimit(), not setrlimit() */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0;
}

static gboolean enter_seccomp(guint permissions)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	gboolean is_good = filter != NULL && allow_some(filter) && allow(filter, common_calls, G_N_ELEMENTS(common_calls));
	if (permissions & SANDBOX_NETWORK)
		is_good = is_good && allow(filter, network_calls, G_N_ELEMENTS(network_calls));
	if (permissions & SANDBOX_PROGRAMS)
		is_good = is_good && allow(filter, program_calls, G_N_ELEMENTS(program_calls));
	is_good = is_good && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return is_good;
}

gboolean sandbox_enter(sandbox_level level, const sandbox_path *paths, guint permissions, GError **error)
{
	const char *missing = level == SANDBOX_FULL && !enter_landlock(paths)       ? "Landlock"
			      : level != SANDBOX_OFF && !enter_seccomp(permissions) ? "seccomp"
										    : NULL;
	if (level != SANDBOX_FULL)
		log_warning("sandbox is weaker than it should be", LOG_TEXT("level", level == SANDBOX_OFF ? "off" : "seccomp"));
	if (missing != NULL)
		g_set_error(error, CORE_ERROR, CORE_ERROR_SANDBOX,
			"This process cannot be locked in: %s failed (%s). --sandbox=seccomp does without Landlock, on your own "
			"risk.",
			missing, g_strerror(errno));
	return missing == NULL;
}
